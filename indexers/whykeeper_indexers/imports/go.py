"""What imports of Go mean: packages of the repository's own modules, by ``go.mod``."""

from __future__ import annotations

import posixpath
import re
from functools import cached_property

from whykeeper_indexers.code.imports import Import
from whykeeper_indexers.imports.types import Repository, Resolved

__all__ = ["GoPackages"]

_MODULE = re.compile(r"^module[ \t]+\"?([^\s\"]+)", re.MULTILINE)


class GoPackages:
    """Packages of Go by their paths.

    Args:
        repository: Where they are looked for.
    """

    def __init__(self, repository: Repository) -> None:
        self._repository = repository

    def resolve(self, path: str, imported: Import) -> Resolved:
        """Say what an import means: every file of the package but its tests."""
        target = imported.target
        if target.startswith("."):
            return self._package(posixpath.normpath(posixpath.join(posixpath.dirname(path), target)), target)
        for module, folder in self._modules:
            if target == module or target.startswith(f"{module}/"):
                rest = target[len(module) + 1 :]
                return self._package("/".join(part for part in (folder, rest) if part), target)
        return Resolved((), target, standard="." not in target.partition("/")[0])

    def _package(self, folder: str, target: str) -> Resolved:
        files = self._repository.inside("" if folder == "." else folder, ".go")
        return Resolved(tuple(each for each in files if not each.endswith("_test.go")), target)

    @cached_property
    def _modules(self) -> list[tuple[str, str]]:
        """Module paths with their folders, the longest first."""
        found = []
        for manifest in self._repository.named("go.mod"):
            if declared := _MODULE.search(self._repository.read(manifest) or ""):
                found.append((declared[1], posixpath.dirname(manifest)))
        return sorted(found, key=lambda each: -len(each[0]))

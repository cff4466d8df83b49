"""What ``use`` and ``require`` of PHP mean: classes by composer's PSR-4 table, and files."""

from __future__ import annotations

import json
import posixpath
from functools import cached_property

from whykeeper_indexers.code.imports import Import
from whykeeper_indexers.imports.types import Repository, Resolved, joined

__all__ = ["PhpNamespaces"]


class PhpNamespaces:
    """Classes of PHP by their names.

    Args:
        repository: Where they are looked for.
    """

    def __init__(self, repository: Repository) -> None:
        self._repository = repository

    def resolve(self, path: str, imported: Import) -> Resolved:
        """Say what an import means: a class's file, every file of a namespace, or an included file."""
        target = imported.target
        if target.endswith((".php", ".inc")) or "/" in target:
            place = joined(posixpath.dirname(path), target) or target
            return Resolved((place,) if place in self._repository.paths.files else (), place)
        for prefix, folder in self._prefixes:
            if target.startswith(prefix):
                rest = target[len(prefix) :].replace("\\", "/")
                place = "/".join(part for part in (folder, rest) if part)
                found = self._repository.first((f"{place}.php",))
                if files := (found,) if found else self._repository.inside(place, ".php"):
                    return Resolved(files, target)
        return Resolved((), target, standard="\\" not in target)

    @cached_property
    def _prefixes(self) -> list[tuple[str, str]]:
        """Prefixes of namespaces with their folders, the longest first."""
        found = []
        for manifest in self._repository.named("composer.json"):
            for prefix, folders in _psr4(self._repository.read(manifest) or ""):
                for folder in folders:
                    place = joined(posixpath.dirname(manifest), folder)
                    if place is not None:
                        found.append((prefix, place))
        return sorted(found, key=lambda each: -len(each[0]))


def _psr4(text: str) -> list[tuple[str, list[str]]]:
    try:
        manifest = json.loads(text)
    except ValueError:
        return []
    found = []
    for section in ("autoload", "autoload-dev"):
        loaded = manifest.get(section) if isinstance(manifest, dict) else None
        table = loaded.get("psr-4") if isinstance(loaded, dict) else None
        for prefix, folders in table.items() if isinstance(table, dict) else ():
            listed = folders if isinstance(folders, list) else [folders]
            found.append((prefix, [each for each in listed if isinstance(each, str)]))
    return found

"""What ``using`` of C# means: folders that are named as namespaces are, seen from their projects."""

from __future__ import annotations

import posixpath
from functools import cached_property

from whykeeper_indexers.code.imports import Import
from whykeeper_indexers.imports.types import Repository, Resolved

__all__ = ["CSharpNamespaces"]

_PROJECT = ".csproj"


class CSharpNamespaces:
    """Namespaces of C# by their names. Nothing but custom ties them to folders, which this goes by.

    Args:
        repository: Where they are looked for.
    """

    def __init__(self, repository: Repository) -> None:
        self._repository = repository

    def resolve(self, path: str, imported: Import) -> Resolved:  # noqa: ARG002 - all languages alike
        """Say what an import means: the files of the namespace's folder, or the type's file."""
        target = imported.target
        for place in self._places(target):
            if f"{place}.cs" in self._repository.paths.files:
                return Resolved((f"{place}.cs",), target)
            if files := self._repository.inside(place, ".cs"):
                return Resolved(files, target)
        return Resolved((), target, standard=target == "System" or target.startswith("System."))

    def _places(self, target: str) -> list[str]:
        of_projects = [
            "/".join(part for part in (folder, target[len(name) + 1 :].replace(".", "/")) if part)
            for name, folder in self._projects
            if target == name or target.startswith(f"{name}.")
        ]
        return [*of_projects, *sorted(self._repository.paths.ending(target.replace(".", "/")))]

    @cached_property
    def _projects(self) -> list[tuple[str, str]]:
        """Projects by name, the longest first: a project's name is its namespace's by default."""
        found = [
            (posixpath.basename(path).removesuffix(_PROJECT), posixpath.dirname(path))
            for path in sorted(self._repository.paths.files)
            if path.endswith(_PROJECT)
        ]
        return sorted(found, key=lambda each: -len(each[0]))

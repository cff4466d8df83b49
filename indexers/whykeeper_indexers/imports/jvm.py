"""What imports of Java and Kotlin mean: files in folders that are named as packages are."""

from __future__ import annotations

import posixpath

from whykeeper_indexers.code.imports import Import
from whykeeper_indexers.imports.types import Repository, Resolved, nearest

__all__ = ["JvmPackages"]

_ENDINGS = (".java", ".kt", ".kts")
_STANDARD = ("java.", "javax.", "jdk.", "kotlin.")


class JvmPackages:
    """Types of Java and Kotlin by their qualified names.

    Args:
        repository: Where they are looked for.
    """

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._found: dict[tuple[str, bool, str], tuple[str, ...]] = {}

    def resolve(self, path: str, imported: Import) -> Resolved:
        """Say what an import means: a type's file, or every file of a package."""
        key = (imported.target, "*" in imported.names, posixpath.dirname(path))
        if key not in self._found:
            self._found[key] = self._files(path, imported)
        files = self._found[key]
        return Resolved(files, imported.target, not files and f"{imported.target}.".startswith(_STANDARD))

    def _files(self, path: str, imported: Import) -> tuple[str, ...]:
        parts = imported.target.split(".")
        # A nested type is in the file of the one around it, a member in that of its type.
        for length in range(len(parts), 1, -1):
            if found := self._type("/".join(parts[:length]), path):
                return (found,)
        if "*" in imported.names:
            return self._package("/".join(parts))
        # Kotlin imports functions and properties by the package, whatever file they are in.
        return self._package("/".join(parts[:-1]), ".kt") if parts[-1][:1].islower() else ()

    def _type(self, name: str, path: str) -> str | None:
        found = (each for ending in _ENDINGS for each in self._repository.paths.ending(name + ending))
        return nearest(found, path)

    def _package(self, name: str, *endings: str) -> tuple[str, ...]:
        if "/" not in name:
            return ()
        folders = [
            each for each in self._repository.paths.ending(name) if each in self._repository.paths.folders
        ]
        return tuple(
            path
            for folder in sorted(folders)
            for path in self._repository.inside(folder, *(endings or _ENDINGS))
        )

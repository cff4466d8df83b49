"""What imports of Python mean: packages in the root, under ``src`` or anywhere, and relative ones."""

from __future__ import annotations

import posixpath
import sys
from collections.abc import Callable, Iterable

from whykeeper_indexers.code.imports import Import
from whykeeper_indexers.imports.types import Repository, Resolved, nearest

__all__ = ["PythonModules"]

_PACKAGES = ("/__init__.py", "/__init__.pyi")
_MODULES = (".py", ".pyi")
_ENDINGS = (*_PACKAGES, *_MODULES)


class PythonModules:
    """Modules of Python by their names.

    Args:
        repository: Where they are looked for.
    """

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._found: dict[tuple[str, str], str | None] = {}

    def resolve(self, path: str, imported: Import) -> Resolved:
        """Say what an import of a file means; names that are modules stand for themselves."""
        level = len(imported.target) - len(imported.target.lstrip("."))
        if level:
            return self._relative(path, imported, level)
        name = imported.target
        if "." not in name and name in sys.stdlib_module_names:
            return Resolved((), name, standard=True)
        files = self._taken(imported, lambda module: self._absolute(module.replace(".", "/"), path))
        return Resolved(files, name, not files and name.partition(".")[0] in sys.stdlib_module_names)

    def _relative(self, path: str, imported: Import, level: int) -> Resolved:
        folder = posixpath.dirname(path)
        for _ in range(level - 1):
            folder = posixpath.dirname(folder)
        rest = imported.target[level:].replace(".", "/")
        start = "/".join(part for part in (folder, rest) if part)
        plain = imported._replace(target=start.replace("/", "."))
        files = self._taken(
            plain, lambda module: self._at(start + module[len(plain.target) :].replace(".", "/"))
        )
        return Resolved(files, self._name(start))

    def _taken(self, imported: Import, find: Callable[[str], str | None]) -> tuple[str, ...]:
        """The modules that are taken: of ``from package import module``, the module."""
        whole = find(imported.target)
        if not imported.names:
            return (whole,) if whole else ()
        separator = "." if imported.target else ""
        taken = (find(f"{imported.target}{separator}{name}") or whole for name in imported.names)
        return tuple(dict.fromkeys(each for each in taken if each))

    def _absolute(self, module: str, path: str) -> str | None:
        key = (module, posixpath.dirname(path))
        if key not in self._found:
            self._found[key] = nearest(self._candidates(module), path)
        return self._found[key]

    def _candidates(self, module: str) -> Iterable[str]:
        paths = self._repository.paths
        for place in paths.ending(module):
            # A folder, or by chance a file without an ending: only its files are looked for.
            yield from self._unless_packaged(place, module, _PACKAGES)
        for ending in _MODULES:
            for found in paths.ending(module + ending):
                yield from self._unless_packaged(found.removesuffix(ending), module, (ending,))

    def _unless_packaged(self, place: str, module: str, endings: Iterable[str]) -> Iterable[str]:
        """The file of a module, unless it is in a package: nothing in one is imported by its name alone."""
        found = self._repository.first(place + ending for ending in endings)
        if found is not None and not self._is_package(place[: -len(module)].rstrip("/")):
            yield found

    def _at(self, place: str) -> str | None:
        return self._repository.first(place + ending for ending in _ENDINGS)

    def _is_package(self, folder: str) -> bool:
        return f"{folder}/__init__.py" in self._repository.paths.files

    def _name(self, place: str) -> str:
        """The dotted name of what lies at a place: from the outermost package that it is in."""
        parts = place.split("/")
        start = len(parts) - 1
        while start > 0 and self._is_package("/".join(parts[:start])):
            start -= 1
        return ".".join(parts[start:])

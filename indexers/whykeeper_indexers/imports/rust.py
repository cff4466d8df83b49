"""What ``use`` and ``mod`` of Rust mean: modules of this crate, and crates of the workspace."""

from __future__ import annotations

import posixpath
import tomllib
from collections.abc import Mapping, Sequence
from functools import cached_property

from whykeeper_indexers.code.imports import Import
from whykeeper_indexers.imports.types import Repository, Resolved, above

__all__ = ["RustModules"]

_STANDARD = frozenset({"std", "core", "alloc", "proc_macro", "test"})
_ROOTS = ("lib.rs", "main.rs")


class RustModules:
    """Modules of Rust by their paths.

    Args:
        repository: Where they are looked for.
    """

    def __init__(self, repository: Repository) -> None:
        self._repository = repository

    def resolve(self, path: str, imported: Import) -> Resolved:
        """Say what an import means: the file of the innermost module that its path names."""
        parts = [part for part in imported.target.removeprefix("::").split("::") if part]
        if not parts:
            return Resolved((), imported.target)
        if parts[0] in ("crate", "self", "super"):
            return self._local(path, parts)
        if parts[0] in self._crates:
            folder = self._crates[parts[0]]
            return Resolved(self._module(folder, (), parts[1:]), imported.target)
        if parts[0] in _STANDARD:
            return Resolved((), imported.target, standard=True)
        source, module = self._place(path)
        # A module below this one may be named without `self`.
        files = self._module(source, module, parts, root=False)
        return Resolved(files, imported.target)

    def _local(self, path: str, parts: Sequence[str]) -> Resolved:
        source, module = self._place(path)
        rest = list(parts)
        if rest[0] == "crate":
            module, rest = (), rest[1:]
        while rest and rest[0] in ("self", "super"):
            module = module[:-1] if rest[0] == "super" else module
            rest = rest[1:]
        name = "::".join(("crate", *module, *rest))
        return Resolved(self._module(source, module, rest), name)

    def _module(
        self, source: str, module: Sequence[str], rest: Sequence[str], *, root: bool = True
    ) -> tuple[str, ...]:
        """The innermost module with a file; what is left of the path is an item in it."""
        for length in range(len(rest), 0 if not root else -1, -1):
            inner = "/".join((*module, *rest[:length]))
            if inner:
                place = posixpath.join(source, inner)
                found = self._repository.first((f"{place}.rs", f"{place}/mod.rs"))
            else:
                found = self._repository.first(posixpath.join(source, name) for name in _ROOTS)
            if found:
                return (found,)
        return ()

    def _place(self, path: str) -> tuple[str, tuple[str, ...]]:
        """The folder of a file's crate root, and the module that the file is."""
        source = next((folder for folder in above(path) if self._is_root(folder)), posixpath.dirname(path))
        inner = path[len(source) :].strip("/").removesuffix(".rs").split("/")
        if inner[-1] in ("mod", "lib", "main"):
            inner = inner[:-1]
        return source, tuple(inner)

    def _is_root(self, folder: str) -> bool:
        return any(posixpath.join(folder, name) in self._repository.paths.files for name in _ROOTS)

    @cached_property
    def _crates(self) -> Mapping[str, str]:
        """Crates of the repository by the name that code has for them, with the folder of their root."""
        found = {}
        for manifest in self._repository.named("Cargo.toml"):
            name = _package(self._repository.read(manifest) or "")
            if name:
                found[name.replace("-", "_")] = posixpath.join(posixpath.dirname(manifest), "src")
        return found


def _package(text: str) -> str:
    try:
        package = tomllib.loads(text).get("package")
    except tomllib.TOMLDecodeError:
        return ""
    return str(package.get("name", "")) if isinstance(package, dict) else ""

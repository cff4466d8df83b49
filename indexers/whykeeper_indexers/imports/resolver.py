"""Resolving imports, whatever language they are written in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from whykeeper_indexers.code import language_of
from whykeeper_indexers.code.imports import Import
from whykeeper_indexers.imports.c_family import CIncludes
from whykeeper_indexers.imports.csharp import CSharpNamespaces
from whykeeper_indexers.imports.ecmascript import EcmaScriptModules
from whykeeper_indexers.imports.go import GoPackages
from whykeeper_indexers.imports.jvm import JvmPackages
from whykeeper_indexers.imports.php import PhpNamespaces
from whykeeper_indexers.imports.python import PythonModules
from whykeeper_indexers.imports.ruby import RubyFiles
from whykeeper_indexers.imports.rust import RustModules
from whykeeper_indexers.imports.types import LanguageResolver, Repository, Resolved

__all__ = ["ImportResolver", "configures_imports"]

_FAMILIES: Mapping[str, Callable[[Repository], LanguageResolver]] = {
    "python": PythonModules,
    "typescript": EcmaScriptModules,
    "tsx": EcmaScriptModules,
    "javascript": EcmaScriptModules,
    "go": GoPackages,
    "java": JvmPackages,
    "kotlin": JvmPackages,
    "rust": RustModules,
    "csharp": CSharpNamespaces,
    "ruby": RubyFiles,
    "php": PhpNamespaces,
    "c": CIncludes,
    "cpp": CIncludes,
}
"""By language; see ``code.imports.registry`` for what reads them."""


_CONFIGURATIONS = re.compile(
    r"(?:.*/)?(?:go\.mod|Cargo\.toml|composer\.json|package\.json|(?:ts|js)config[\w.-]{0,60}\.json)"
)


def configures_imports(path: str) -> bool:
    """Whether a file says what imports mean, so that a resolver asks for its text."""
    return _CONFIGURATIONS.fullmatch(path) is not None


class ImportResolver:
    """Says what imports mean in one state of a repository.

    Args:
        files: Every path, relative to the root.
        read: Gives the text of a file that configures a language (``go.mod``, ``tsconfig.json`` …); None
            where it cannot be read.
    """

    def __init__(self, files: Iterable[str], read: Callable[[str], str | None]) -> None:
        self._repository = Repository(files, read)
        self._made: dict[Callable[[Repository], LanguageResolver], LanguageResolver] = {}

    def resolve(self, path: str, imported: Import, language: str | None = None) -> Resolved:
        """Say what an import means.

        Args:
            path: The file that imports.
            imported: As it is written there.
            language: Of the file; by its name when it is left out.
        """
        make = _FAMILIES.get(language or language_of(path) or "")
        if make is None:
            return Resolved((), imported.target)
        if make not in self._made:
            self._made[make] = make(self._repository)
        return self._made[make].resolve(path, imported)

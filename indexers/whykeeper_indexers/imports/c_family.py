"""What ``#include`` means: a header beside the file, or below a folder of headers."""

from __future__ import annotations

import posixpath

from whykeeper_indexers.code.imports import Import
from whykeeper_indexers.imports.types import Repository, Resolved, joined, nearest

__all__ = ["CIncludes"]

_FOLDERS = frozenset({"", "include", "includes", "inc", "src", "source", "lib"})
_STANDARD_NAMES = (
    "assert complex ctype errno fenv float inttypes iso646 limits locale math setjmp signal stdalign "
    "stdarg stdatomic stdbool stddef stdint stdio stdlib stdnoreturn string tgmath threads time uchar "
    "wchar wctype"
)
_STANDARD = frozenset(_STANDARD_NAMES.split())


class CIncludes:
    """Headers by what includes them.

    Args:
        repository: Where they are looked for.
    """

    def __init__(self, repository: Repository) -> None:
        self._repository = repository

    def resolve(self, path: str, imported: Import) -> Resolved:
        """Say what an inclusion means: a header of the repository, or one from outside."""
        target = imported.target
        beside = joined(posixpath.dirname(path), target)
        found = beside if beside in self._repository.paths.files else nearest(self._below(target), path)
        return Resolved((found,) if found else (), target, not found and _is_standard(target))

    def _below(self, target: str) -> list[str]:
        candidates = (
            each for each in self._repository.paths.ending(target) if each in self._repository.paths.files
        )
        return [
            each
            for each in candidates
            if "/" in target or posixpath.basename(each[: -len(target)].rstrip("/")) in _FOLDERS
        ]


def _is_standard(target: str) -> bool:
    stem, dot, _ = target.partition(".")
    return "/" not in target and (not dot or stem in _STANDARD)

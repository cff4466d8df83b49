"""What an import comes to, and what a language's resolver is given."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import NamedTuple, Protocol

from whykeeper_indexers.code.imports import Import
from whykeeper_indexers.freshness.places import Paths

__all__ = ["NOTHING", "LanguageResolver", "Repository", "Resolved", "above", "joined", "nearest"]


class Resolved(NamedTuple):
    """What an import means.

    Attributes:
        files: Files of the repository, in order; empty for what comes from outside, or cannot be found.
        module: Its whole name as others would write it: ``package.module``, ``@scope/package/part``,
            ``github.com/org/project/part``, ``java.util.List``. Of a file named by a relative path, that path
            from the root, as far as the language has no other name for it.
        standard: Whether it belongs to the language's standard library.
    """

    files: tuple[str, ...]
    module: str
    standard: bool = False


NOTHING = Resolved((), "")


class Repository:
    """Files among which imports are looked for.

    Args:
        files: Every path, relative to the root.
        read: Gives a file's text; None where there is none.
    """

    def __init__(self, files: Iterable[str], read: Callable[[str], str | None]) -> None:
        self.paths = Paths(files)
        self.read = read

    def first(self, candidates: Iterable[str]) -> str | None:
        """The first of some paths that is a file."""
        return next((each for each in candidates if each in self.paths.files), None)

    def named(self, *names: str) -> list[str]:
        """Every file with one of some names, the outermost first."""
        found = {path for name in names for path in self.paths.ending(name) if path in self.paths.files}
        return sorted(found, key=lambda path: (path.count("/"), path))

    def inside(self, folder: str, *endings: str) -> tuple[str, ...]:
        """Files directly in a folder that have one of some endings."""
        return tuple(path for path in self._by_folder.get(folder, ()) if path.endswith(endings))

    @cached_property
    def _by_folder(self) -> dict[str, list[str]]:
        found: defaultdict[str, list[str]] = defaultdict(list)
        for path in sorted(self.paths.files):
            found[posixpath.dirname(path)].append(path)
        return found


class LanguageResolver(Protocol):
    """Resolves imports of one family of languages."""

    def resolve(self, path: str, imported: Import) -> Resolved:
        """Say what an import of a file means."""


def joined(folder: str, target: str) -> str | None:
    """A path relative to a folder, from the root; None when it leaves the root."""
    path = posixpath.normpath(posixpath.join(folder, target))
    return (
        None if path.startswith(("../", "/")) or path == ".." else path.removeprefix("./").removeprefix(".")
    )


def above(path: str) -> list[str]:
    """Every folder that a file is in, the innermost first; the root is empty."""
    folder = posixpath.dirname(path)
    found = [folder]
    while folder:
        folder = posixpath.dirname(folder)
        found.append(folder)
    return found


def nearest(candidates: Iterable[str], path: str) -> str | None:
    """The one that shares most folders with a path, then the outermost."""
    parts = path.split("/")

    def distance(candidate: str) -> tuple[int, int, str]:
        others = candidate.split("/")
        shared = next(
            (at for at, (one, other) in enumerate(zip(parts, others, strict=False)) if one != other),
            len(others),
        )
        return (-shared, len(others), candidate)

    return min(candidates, key=distance, default=None)

"""Narrowing a search to paths: files, folders and globs."""

from __future__ import annotations

from collections.abc import Collection
from fnmatch import fnmatchcase

__all__ = ["PathFilter"]

_GLOB_CHARACTERS = frozenset("*?[")


class PathFilter:
    """Tells whether a path is one of those asked for.

    A pattern without glob characters is a file or a folder. In a glob ``*`` stays within a
    folder and ``**`` does not; a glob without a slash is meant for names at any depth.

    Args:
        patterns: Relative to the checkout's root; none match every path.
    """

    def __init__(self, patterns: Collection[str]) -> None:
        normal = [pattern.replace("\\", "/").removeprefix("./").strip("/") for pattern in patterns]
        self._globs = [_segments(pattern) for pattern in normal if _GLOB_CHARACTERS.intersection(pattern)]
        self._plain = {pattern for pattern in normal if not _GLOB_CHARACTERS.intersection(pattern)}
        self._folders = tuple(f"{pattern}/" for pattern in self._plain)
        self.everything = not patterns or bool(self._plain.intersection(("", ".")))

    def __call__(self, path: str) -> bool:
        """Whether the path matches any of the patterns."""
        if self.everything or path in self._plain or path.startswith(self._folders):
            return True
        segments = tuple(path.split("/"))
        return any(_matches(glob, segments) for glob in self._globs)


def _segments(glob: str) -> tuple[str, ...]:
    return tuple(glob.split("/")) if "/" in glob else ("**", glob)


def _matches(glob: tuple[str, ...], path: tuple[str, ...]) -> bool:
    """Segment by segment, keeping every place reached, so that no pattern takes more than their product."""
    if glob[0] == "**" and len(glob) == 2 and glob[1] != "**":
        return fnmatchcase(path[-1], glob[1])
    reached = {0}
    for pattern in glob:
        if pattern == "**":
            reached = set(range(min(reached), len(path) + 1))
        else:
            reached = {at + 1 for at in reached if at < len(path) and fnmatchcase(path[at], pattern)}
        if not reached:
            return False
    return len(path) in reached

"""What differs between two trees."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from whykeeper_indexers.types import LineRange

if TYPE_CHECKING:
    from whykeeper_indexers.change.tree import Tree

__all__ = ["Change", "ChangedFile", "FileStatus", "Occurrence"]


class FileStatus(StrEnum):
    """What became of a file."""

    ADDED = "added"
    MODIFIED = "modified"
    DELETED = "deleted"
    RENAMED = "renamed"
    COPIED = "copied"


class Occurrence(NamedTuple):
    """A line of a tree that has a word in it."""

    path: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class ChangedFile:
    """One file that differs.

    Attributes:
        path: Its name after the change; before it, for one that is deleted.
        before: Its name before the change; None for a new one.
        status: What became of it.
        added: Lines of the text after the change that are new, in order.
        removed: Lines of the text before the change that are gone, in order.
        binary: Whether git takes it for no text.
        missing: Whether its contents are not there, as in a partial clone: nothing is known of its lines.
    """

    path: str
    before: str | None
    status: FileStatus
    added: tuple[LineRange, ...] = ()
    removed: tuple[LineRange, ...] = ()
    binary: bool = False
    missing: bool = False

    @property
    def deleted(self) -> bool:
        """Whether it is gone."""
        return self.status is FileStatus.DELETED

    def adds(self, lines: LineRange) -> bool:
        """Whether any of some lines of the text after the change is new."""
        return any(each.start <= lines.end and lines.start <= each.end for each in self.added)

    def removes(self, lines: LineRange) -> bool:
        """Whether any of some lines of the text before the change is gone."""
        return any(each.start <= lines.end and lines.start <= each.end for each in self.removed)


@dataclass(frozen=True, slots=True)
class Change:
    """Two trees and what differs.

    Attributes:
        what: What was compared, for a person: ``the working tree against HEAD``.
        base: Before.
        head: After.
        files: What differs, in git's order.
        commits: Hashes of the commits that are compared, newest first; empty for uncommitted work.
        left_out: New files that git does not know and that are too large to be looked at.
    """

    what: str
    base: Tree
    head: Tree
    files: tuple[ChangedFile, ...]
    commits: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()

    @property
    def paths(self) -> tuple[str, ...]:
        """Every path that is touched, under the names before and after the change."""
        names = (name for each in self.files for name in (each.path, each.before) if name)
        return tuple(dict.fromkeys(names))

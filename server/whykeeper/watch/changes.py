"""From single events to one change set, and when it is due. Nothing here touches a file."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Literal, NamedTuple

from whykeeper_indexers.scan.sweeping import RULE_FILES

__all__ = ["ChangeSet", "Event", "Mode", "Pending", "Settling", "Where"]

Mode = Literal["inotify", "native", "polling", "off"]

MOST_PATHS = 5_000
"""With more than this a whole scan is cheaper than looking at each path."""

_HEAD_FILES = frozenset({"HEAD", "packed-refs", "reftable"})
_RULE_FILES_OF_GIT = frozenset(
    {"info/exclude", "info/attributes", "config", "config.worktree", "info/sparse-checkout"}
)


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """What changed since the last one.

    Attributes:
        paths: Files and folders relative to the root that changed, came or went; a folder stands for
            everything below it.
        rescan: The paths do not tell it all: scan the whole checkout.
        head_moved: Another commit is checked out, or another branch.
        reason: Why ``rescan``, for a log; empty otherwise.
    """

    paths: frozenset[str]
    rescan: bool = False
    head_moved: bool = False
    reason: str = ""


class Where(Enum):
    """What an event is about."""

    TREE = auto()
    GIT = auto()
    LOST = auto()
    MARK = auto()


class Event(NamedTuple):
    """One thing a source saw.

    Attributes:
        where: TREE: ``path`` is relative to the root. GIT: relative to git's folder. LOST: events
            are missing, ``path`` says why. MARK: everything before it has been told; ``path``
            names the waiter.
        path: See above.
    """

    where: Where
    path: str


@dataclass(frozen=True, slots=True)
class Settling:
    """How long to wait for more, in seconds.

    Attributes:
        settle_s: Quiet time after the last event.
        longest_s: Bound on the wait under continuous writes.
        git_settle_s: Quiet time when git is at work: a rebase pauses between its steps.
        git_longest_s: Bound on that wait, also while ``index.lock`` exists.
    """

    settle_s: float = 0.02
    longest_s: float = 0.25
    git_settle_s: float = 0.1
    git_longest_s: float = 2.0

    def due(self, first: float, last: float, *, git: bool) -> float:
        """When events that began at ``first`` and paused at ``last`` are to be told."""
        if git:
            return min(last + self.git_settle_s, first + self.git_longest_s)
        return min(last + self.settle_s, first + self.longest_s)


@dataclass(slots=True)
class Pending:
    """Events not told yet.

    Attributes:
        first: When the first came; 0 while there is none.
        last: When the last came.
        marks: Waiters to answer once everything is told.
        git: Git is at work.
        head: Another commit or branch may be checked out.
        index: Other files may be tracked.
        lost: Events are missing.
        rules: What is ignored may have changed.
    """

    first: float = 0.0
    last: float = 0.0
    marks: list[str] = field(default_factory=list)
    git: bool = False
    head: bool = False
    index: bool = False
    lost: bool = False
    rules: bool = False
    _paths: set[str] = field(default_factory=set)
    _reason: str = ""

    def __bool__(self) -> bool:
        return bool(self.first)

    def add(self, event: Event, now: float) -> None:
        """Take in one event."""
        if event.where is Where.MARK:
            self.marks.append(event.path)
        elif self._take(event):
            self.first = self.first or now
            self.last = now

    def _take(self, event: Event) -> bool:
        if event.where is Where.GIT:
            return self._take_git(event.path)
        if event.where is Where.LOST:
            self.lost = True
            self._reason = event.path
        else:
            self._take_path(event.path)
        return True

    def _take_path(self, path: str) -> None:
        if path == ".git" or path.rpartition("/")[2] in RULE_FILES:
            self.rules = True
            self._reason = f"{path} changed"
        self._paths.add(path)
        if len(self._paths) > MOST_PATHS:
            self._paths.clear()
            self._reason = self._reason or f"more than {MOST_PATHS:,} paths changed"

    def _take_git(self, path: str) -> bool:
        if path in _RULE_FILES_OF_GIT:
            self.rules = True
            self._reason = f"git's {path} changed"
        elif path in {"index", "index.lock"}:
            self.git = True
            self.index = self.index or path == "index"
        elif path in _HEAD_FILES or path.startswith(("refs/heads/", "reftable/")):
            self.head = self.git = True
        else:
            return False
        return True

    def change_set(self, *, head_moved: bool = False, retracked: bool = False) -> ChangeSet | None:
        """Sum up; None when nothing is worth telling.

        Args:
            head_moved: Another commit or branch is checked out, as git says.
            retracked: Another set of files is tracked, as git says.
        """
        reason = "HEAD moved" if head_moved else self._reason
        if retracked and not reason:
            reason = "other files are tracked"
        if not (self._paths or reason):
            return None
        return ChangeSet(frozenset(self._paths), rescan=bool(reason), head_moved=head_moved, reason=reason)

"""A checkout, watched: events settle here, in one place, and go out as change sets."""

from __future__ import annotations

import errno
import itertools
import logging
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from whykeeper.watch.changes import ChangeSet, Event, Mode, Pending, Settling, Where
from whykeeper.watch.mounts import network_mount
from whykeeper_indexers.errors import RepositoryError
from whykeeper_indexers.git import GitError, run_git
from whykeeper_indexers.scan import Repository, ScanOptions
from whykeeper_indexers.scan.listing import ignoring_rules

__all__ = ["CheckoutWatcher", "WatchState"]

logger = logging.getLogger(__name__)

_REARM_S = 1.0
_HOT = 3
"""A path told this often is worth asking git about: an ignored log file is dropped from then on."""

_MOST_COUNTED = 10_000
_REMOTE = "the checkout is on a network file system ({kind}), so changes are polled for"
_LIMITS = {
    errno.ENOSPC: (
        "no inotify watches are left, so changes are polled for; "
        "raise the limit: sudo sysctl fs.inotify.max_user_watches=524288"
    ),
    errno.EMFILE: (
        "no inotify instances are left, so changes are polled for; "
        "raise the limit: sudo sysctl fs.inotify.max_user_instances=512"
    ),
}


@dataclass(frozen=True, slots=True)
class WatchState:
    """How a checkout is being watched.

    Attributes:
        mode: ``inotify``, ``native`` (another system's events), ``polling`` or ``off``.
        note: Why it is no better, and what would help; empty when all is well.
        folders: How many folders are watched.
    """

    mode: Mode
    note: str = ""
    folders: int = 0


class Source(Protocol):
    """Where events come from."""

    mode: Mode

    @property
    def folders(self) -> int:
        """How many folders are watched."""

    def start(self) -> None:
        """Watch; what changes after this returns is told."""

    def stop(self) -> None:
        """Stop; nothing is told after this returns."""

    def mark(self, name: str) -> bool:
        """Have ``MARK`` told once everything before now is; False when that cannot be promised."""

    def settle(self) -> None:
        """Tidy up after events have settled."""

    def resync(self) -> None:
        """Set up anew after events were lost."""


class CheckoutWatcher:
    """Tells what changes in a checkout, once it has settled.

    Start it before the first scan, so that nothing falls between the two.

    Args:
        repository: What to watch.
        on_changes: Is called from the watcher's thread, one call at a time. What it raises is logged.
        options: What belongs in the index.
        settling: How long to wait for more.
        polling: Poll, whatever the system offers.
        native: Take the system's events where they are to be had, on a network file system too.
        poll_s: Seconds between rounds of polling.
        scratch: Where a private folder for cookies may be made; None for the system's temporary folder.
    """

    def __init__(
        self,
        repository: Repository,
        on_changes: Callable[[ChangeSet], None],
        *,
        options: ScanOptions | None = None,
        settling: Settling | None = None,
        polling: bool = False,
        native: bool = False,
        poll_s: float = 2.0,
        scratch: Path | None = None,
    ) -> None:
        self._repository = repository
        self._on_changes = on_changes
        self._options = options or ScanOptions()
        self._settling = settling or Settling()
        self._polling = polling
        self._native_anywhere = native
        self._poll_s = poll_s
        self._scratch = scratch
        self._state = WatchState("off", "not started")
        self._source: Source | None = None
        self._condition = threading.Condition()
        self._pending = Pending()
        self._stopping = False
        self._waiters: dict[str, threading.Event] = {}
        self._marks = itertools.count(1)
        self._head = ""
        self._tracked = 0
        self._watched_root: tuple[int, int] | None = None
        self._told: Counter[str] = Counter()
        self._ignored_files: set[str] = set()
        self._thread = threading.Thread(target=self._run, name="whykeeper-watch", daemon=True)

    @property
    def state(self) -> WatchState:
        """How the checkout is being watched right now."""
        source = self._source
        return replace(self._state, folders=source.folders if source is not None else 0)

    def start(self) -> None:
        """Watch. What changes after this returns is told."""
        self._head, self._tracked = self._ask_head(), self._ask_tracked()
        self._arm()
        self._thread.start()

    def stop(self) -> None:
        """Stop. ``on_changes`` is not called after this returns, unless this is called from it."""
        with self._condition:
            self._stopping = True
            self._condition.notify_all()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join()
        self._disarm("stopped")
        self._release(tuple(self._waiters))

    def barrier(self, timeout_s: float) -> bool:
        """Wait until every write finished before this call has been handed to ``on_changes``.

        Returns:
            True when it has. False when that cannot be promised in time: compare by ``sweep``.
        """
        source = self._source
        if source is None or self._stopping or threading.current_thread() is self._thread:
            return False
        if self._root_now() != self._watched_root:
            # No event tells of a folder above the root being renamed.
            self._take(Event(Where.LOST, "the checkout was moved or replaced"))
            return False
        name = str(next(self._marks))
        answered = self._waiters.setdefault(name, threading.Event())
        try:
            return source.mark(name) and answered.wait(timeout_s) and self._source is source
        finally:
            self._waiters.pop(name, None)

    # Sources.

    def _root_now(self) -> tuple[int, int] | None:
        try:
            facts = self._repository.root.stat()
        except OSError:
            return None
        return facts.st_dev, facts.st_ino

    def _arm(self) -> None:
        """Watch by the best means there is."""
        self._watched_root = self._root_now()
        remote = "" if self._native_anywhere else network_mount(self._repository.root)
        if self._polling or remote:
            self._poll(_REMOTE.format(kind=remote) if remote else "polling was asked for")
            return
        source = self._native()
        try:
            source.start()
        except OSError as error:
            self._poll(_LIMITS.get(error.errno or 0, f"file events are not to be had: {error}"))
        else:
            self._source, self._state = source, WatchState(source.mode)

    def _native(self) -> Source:
        # Imported here: each is there on its own systems only.
        if sys.platform == "linux":
            from whykeeper.watch.inotify import InotifySource

            return InotifySource(self._repository, self._options, self._take, self._scratch)
        from whykeeper.watch.native import NativeSource

        return NativeSource(self._repository, self._options, self._take)

    def _poll(self, note: str) -> None:
        from whykeeper.watch.polling import PollingSource

        try:
            source = PollingSource(self._repository, self._options, self._take, self._poll_s)
        except RepositoryError as error:
            self._state = WatchState("off", str(error))
            return
        source.start()
        self._source, self._state = source, WatchState(source.mode, note)

    def _disarm(self, note: str) -> None:
        source, self._source = self._source, None
        self._state = WatchState("off", note)
        if source is not None:
            source.stop()

    # Events.

    def _take(self, event: Event) -> None:
        """Take in what a source saw; called from its thread."""
        with self._condition:
            if event.where is Where.TREE and event.path in self._ignored_files:
                return
            self._pending.add(event, time.monotonic())
            if event.where is Where.LOST:
                # Their cookies may be lost too. What they wait for was written before this, and the
                # whole scan that follows sees it.
                self._pending.marks.extend(tuple(self._waiters))
            self._condition.notify()

    def _run(self) -> None:
        while (pending := self._settled()) is not None:
            if self._source is None:
                self._rearm()
            try:
                self._tell(pending)
            except Exception:
                logger.exception("what changed in %s was not taken in", self._repository.root)
            self._release(pending.marks)

    def _settled(self) -> Pending | None:
        """Wait for events, then for quiet; None at the end. Empty now and then while nothing is watched."""
        with self._condition:
            while not self._stopping:
                if (wait_s := self._wait_s()) is not None and wait_s <= 0:
                    pending, self._pending = self._pending, Pending()
                    return pending
                if not self._condition.wait(wait_s) and self._source is None:
                    return Pending()
        return None

    def _wait_s(self) -> float | None:
        """Seconds until what is pending is due; None for as long as nothing comes."""
        pending = self._pending
        if pending.marks:
            return 0.0
        if not pending:
            return _REARM_S if self._source is None else None
        now = time.monotonic()
        due = self._settling.due(pending.first, pending.last, git=pending.git)
        if due <= now < pending.first + self._settling.git_longest_s and pending.git and self._git_is_busy():
            return self._settling.settle_s
        return due - now

    def _git_is_busy(self) -> bool:
        git_dir = self._repository.git_dir
        return git_dir is not None and (git_dir / "index.lock").exists()

    def _tell(self, pending: Pending) -> None:
        if pending.lost:
            self._recover()
        changes = pending.change_set(
            head_moved=pending.head and self._head_moved(), retracked=pending.index and self._retracked()
        )
        if changes is not None:
            if changes.rescan:
                self._told.clear()
                self._ignored_files.clear()
            self._on_changes(changes)
            self._learn_ignored(changes.paths)
        if pending.rules and not pending.lost and self._source is not None:
            self._recover()
        elif self._source is not None:
            self._source.settle()

    def _release(self, names: Iterable[str]) -> None:
        for name in names:
            if (waiter := self._waiters.get(name)) is not None:
                waiter.set()

    # Trouble.

    def _recover(self) -> None:
        """Set the source up anew, or do without it."""
        if not self._repository.root.is_dir():
            self._disarm("the checkout was moved or deleted")
            return
        self._watched_root = self._root_now()
        try:
            if self._source is not None:
                self._source.resync()
        except OSError as error:
            self._disarm("starting to poll")
            self._poll(_LIMITS.get(error.errno or 0, f"file events are not to be had: {error}"))

    def _rearm(self) -> None:
        if self._repository.root.is_dir():
            self._arm()
            if self._source is not None:
                self._take(Event(Where.LOST, "the checkout is back"))

    # What git says.

    def _head_moved(self) -> bool:
        before, self._head = self._head, self._ask_head()
        return before != self._head

    def _ask_head(self) -> str:
        if self._repository.git_dir is None:
            return ""
        try:
            branch = (self._repository.git_dir / "HEAD").read_bytes()
            commit = run_git(self._repository.root, ["rev-parse", "-q", "--verify", "HEAD"], ok=(0, 1, 128))
        except (OSError, GitError):
            return ""
        return f"{branch!r} {commit!r}"

    def _retracked(self) -> bool:
        """Whether another set of files is tracked; ``git status`` too rewrites the index."""
        before, self._tracked = self._tracked, self._ask_tracked()
        return before != self._tracked

    def _ask_tracked(self) -> int:
        if not self._repository.is_git:
            return 0
        try:
            return hash(run_git(self._repository.root, ["ls-files", "-c", "-z"]))
        except GitError:
            return 0

    def _learn_ignored(self, paths: frozenset[str]) -> None:
        """Find out which of the paths told again and again git ignores, so as not to tell them."""
        self._told.update(paths)
        hot = [path for path in paths if self._told[path] == _HOT]
        if len(self._told) > _MOST_COUNTED:
            self._told.clear()
        if not hot or not self._repository.is_git:
            return
        try:
            ruled = ignoring_rules(self._repository, hot)
        except GitError:
            return
        self._ignored_files.update(path for path in ruled if not self._options.included_by(path))

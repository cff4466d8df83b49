"""Linux: folder watches on watchdog's inotify descriptor, ignored folders left out.

watchdog's own recursive watch takes every folder, ``node_modules`` too, holds a lone move back
for half a second and swallows overflows. Its ``InotifyFD`` underneath does none of that.
"""

from __future__ import annotations

import errno
import itertools
import logging
import os
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from watchdog.observers.inotify_c import (
    CallbackId,
    InotifyConstants,
    InotifyEvent,
    InotifyFD,
    Mask,
    WatchDescriptor,
)

from whykeeper.watch.changes import Event, Mode, Where
from whykeeper.watch.scratch import make_scratch
from whykeeper_indexers.git import GitError
from whykeeper_indexers.scan import Repository, ScanOptions, ignored_folders
from whykeeper_indexers.scan.listing import ignoring_rules
from whykeeper_indexers.scan.walking import UNREAD_FOLDERS

__all__ = ["InotifySource"]

logger = logging.getLogger(__name__)

_C = InotifyConstants
_FOLDER = Mask(
    _C.IN_MODIFY
    | _C.IN_CLOSE_WRITE
    | _C.IN_ATTRIB
    | _C.IN_CREATE
    | _C.IN_DELETE
    | _C.IN_MOVE
    | _C.IN_DELETE_SELF
    | _C.IN_MOVE_SELF
    | _C.IN_ONLYDIR
    | _C.IN_DONT_FOLLOW
    | _C.IN_EXCL_UNLINK
)
"""Opening and reading are left out: our own reading would wake us for ever."""

_COOKIES = Mask(_C.IN_CREATE | _C.IN_ONLYDIR)
_ROOT_GONE = "the checkout was moved or deleted"
_SKIPPED = (errno.ENOENT, errno.ENOTDIR, errno.EACCES, errno.ELOOP)
_ASK_GIT_FIRST = UNREAD_FOLDERS - {"__pycache__"}
"""New folders of these names are often huge: ask git before watching them, not after."""

_BRANCHES = "refs/heads"
_COMMON = "common/"
_SHARED = frozenset({"packed-refs", "config"})

_ids = itertools.count(1)


class InotifySource:
    """Watches every folder of a checkout that git does not ignore, and the few of git's own that matter.

    Events reach ``sink`` from watchdog's reading thread, which serves all checkouts of the process: it
    must return at once.

    Args:
        repository: What to watch.
        options: Which ignored folders are wanted all the same.
        sink: Is told every event.
        scratch: Where the private folder for cookies is made; None for the system's temporary folder.
    """

    mode: Mode = "inotify"

    def __init__(
        self,
        repository: Repository,
        options: ScanOptions,
        sink: Callable[[Event], None],
        scratch: Path | None = None,
    ) -> None:
        self._repository = repository
        self._options = options
        self._sink = sink
        self._root = str(repository.root)
        self._lock = threading.RLock()
        self._active = False
        self._ignored: frozenset[str] = frozenset()
        self._by_wd: dict[WatchDescriptor, tuple[CallbackId, Where, str]] = {}
        self._by_path: dict[tuple[Where, str], WatchDescriptor] = {}
        self._git_folders = dict(_git_folders(repository))
        self._undecided: set[str] = set()
        self._scratch = scratch
        self._cookies: str | None = None
        self._fd: InotifyFD | None = None

    @property
    def folders(self) -> int:
        """How many folders are watched."""
        return len(self._by_wd)

    def start(self) -> None:
        """Watch. What changes after this returns is told.

        Raises:
            OSError: No watches or instances are left (``ENOSPC``, ``EMFILE``), or the root is gone.
        """
        self._fd = InotifyFD.get_instance()
        self._cookies = make_scratch(self._scratch)
        try:
            with self._lock:
                self._active = True
                self._ignored = self._ask_ignored()
                self._add(Where.MARK, "", self._cookies, _COOKIES)
                self._watch_all()
        except OSError:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop. Nothing is told after this returns."""
        with self._lock:
            self._active = False
            self._remove(list(self._by_wd))
        if self._cookies is not None:
            shutil.rmtree(self._cookies, ignore_errors=True)
            self._cookies = None

    def mark(self, name: str) -> bool:
        """Leave a cookie: once everything before it is told, ``MARK`` with this name is.

        The cookie is a file in a private temporary folder on the same inotify queue, so that nothing
        is written into the checkout.
        """
        cookies = self._cookies
        if cookies is None:
            return False
        cookie = f"{cookies}/{name}"
        try:
            os.close(os.open(cookie, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            os.unlink(cookie)  # noqa: PTH108 - a Path costs more than the call
        except OSError:
            return False
        return True

    def settle(self) -> None:
        """Stop watching new folders that git turns out to ignore. Called when events have settled."""
        with self._lock:
            asked = sorted(self._undecided)
            self._undecided.clear()
        if asked:
            self._unwatch(self._ignored_among(asked))

    def resync(self) -> None:
        """Watch what events would have told of, after some were lost or ignore rules changed.

        Raises:
            OSError: No watches are left.
        """
        ignored = self._ask_ignored()
        with self._lock:
            if not self._active:
                return
            self._ignored = ignored
            self._undecided.clear()
            # From nothing: after lost events nobody knows which folder an old watch is on.
            self._remove([wd for wd, (_, where, _) in self._by_wd.items() if where is not Where.MARK])
            self._watch_all()

    # What watchdog's reader calls, from its thread.

    def on_event(self, event: InotifyEvent) -> None:
        """Take one event."""
        with self._lock:
            known = self._by_wd.get(event.wd)
            if known is None or not self._active:
                return
            _, where, folder = known
            name = os.fsdecode(event.name)
            if where is Where.MARK:
                self._sink(Event(Where.MARK, name))
            elif not name:
                self._on_self(event, where, folder)
            else:
                self._on_entry(event, where, f"{folder}/{name}" if folder else name)

    def on_watch_deleted(self, wd: WatchDescriptor) -> None:
        """Forget a folder that is gone."""
        with self._lock:
            self._forget(wd)

    def on_queue_overflow(self) -> None:
        """Say that events were dropped; cookies may be among them."""
        self._sink(Event(Where.LOST, "the queue of file events overflowed"))

    # Events.

    def _on_self(self, event: InotifyEvent, where: Where, folder: str) -> None:
        if where is Where.TREE and not folder and (event.is_delete_self or event.is_move_self):
            self._sink(Event(Where.LOST, _ROOT_GONE))

    def _on_entry(self, event: InotifyEvent, where: Where, path: str) -> None:
        is_folder = bool(event.mask & _C.IN_ISDIR)
        if where is Where.GIT:
            self._on_git(path, new_folder=is_folder and (event.is_create or event.is_moved_to))
        elif path == ".git" and self._repository.is_git:
            return
        elif path.endswith("/.git"):
            # The folder has become a repository of its own.
            self._remove_below(Where.TREE, path[: -len("/.git")])
            self._sink(Event(Where.TREE, path[: -len("/.git")]))
        elif not self._is_ignored(path) and (not is_folder or self._on_folder(event, path)):
            self._sink(Event(Where.TREE, path))

    def _on_git(self, path: str, *, new_folder: bool) -> None:
        if new_folder:
            self._watch_git()
        name = path.removeprefix(_COMMON)
        # The main checkout's own HEAD and index are not this worktree's.
        if name == path or name in _SHARED:
            self._sink(Event(Where.GIT, name))

    def _on_folder(self, event: InotifyEvent, path: str) -> bool:
        """Follow a folder's coming and going; whether it is worth telling."""
        if event.is_moved_from or event.is_delete:
            self._remove_below(Where.TREE, path)
            return True
        if not (event.is_create or event.is_moved_to):
            return False
        if path.rpartition("/")[2] in _ASK_GIT_FIRST and self._ignored_among([path]):
            return False
        self._undecided.add(path)
        try:
            if self._add(Where.TREE, path, f"{self._root}/{path}", _FOLDER):
                self._fill(path)
        except OSError as error:
            self._sink(Event(Where.LOST, error.strerror or str(error)))
        return True

    # Folders.

    def _watch_all(self) -> None:
        self._add(Where.TREE, "", self._root, _FOLDER)
        self._fill("")
        self._watch_git()

    def _fill(self, folder: str) -> None:
        """Watch every wanted folder below one that is watched already."""
        waiting = [folder]
        while waiting:
            above = waiting.pop()
            for path in self._wanted_below(above):
                if self._add(Where.TREE, path, f"{self._root}/{path}", _FOLDER):
                    waiting.append(path)

    def _wanted_below(self, folder: str) -> Iterator[str]:
        try:
            with os.scandir(f"{self._root}/{folder}" if folder else self._root) as scanned:
                entries = [entry.name for entry in scanned if _is_folder(entry) or entry.name == ".git"]
        except OSError:
            return
        if folder and ".git" in entries:
            self._remove_below(Where.TREE, folder)
            return
        for name in entries:
            path = f"{folder}/{name}" if folder else name
            if name != ".git" and not self._is_ignored(path):
                yield path

    def _is_ignored(self, path: str) -> bool:
        if self._repository.is_git:
            return path in self._ignored
        return path.rpartition("/")[2] in UNREAD_FOLDERS and not self._options.readmits_below(path)

    def _ask_ignored(self) -> frozenset[str]:
        try:
            return ignored_folders(self._repository, self._options)
        except GitError:
            logger.warning("git does not say which folders it ignores; watching them all", exc_info=True)
            return frozenset()

    def _ignored_among(self, folders: Iterable[str]) -> frozenset[str]:
        """The folders of these that git ignores; remembered."""
        if not self._repository.is_git:
            return frozenset()
        try:
            ruled = ignoring_rules(self._repository, [f"{folder}/" for folder in folders])
        except GitError:
            return frozenset()
        ignored = frozenset(
            path.rstrip("/") for path in ruled if not self._options.readmits_below(path.rstrip("/"))
        )
        with self._lock:
            self._ignored |= ignored
        return ignored

    def _unwatch(self, ignored: Iterable[str]) -> None:
        with self._lock:
            for folder in ignored:
                self._remove_below(Where.TREE, folder)

    def _watch_git(self) -> None:
        for name, folder in self._git_folders.items():
            self._add(Where.GIT, name, folder, _FOLDER)
            if name == _BRANCHES:
                self._fill_git(name, folder)

    def _fill_git(self, name: str, folder: str) -> None:
        for above, below, _ in os.walk(folder):
            for child in below:
                full = f"{above}/{child}"
                self._add(Where.GIT, name + full.removeprefix(folder), full, _FOLDER)

    # Watches.

    def _add(self, where: Where, path: str, full: str, mask: Mask) -> bool:
        """Watch one folder; False when it is watched already, or gone."""
        assert self._fd is not None
        if (where, path) in self._by_path:
            return False
        identifier = CallbackId(next(_ids))
        try:
            wd = self._fd.add_callback(os.fsencode(full), mask, self, identifier)
        except OSError as error:
            if error.errno in _SKIPPED and path:
                return False
            raise
        if wd < 0:
            # Without permission watchdog reports no error, and keeps a watch that is none.
            self._fd.remove_callbacks([(wd, identifier)])
            return False
        # A folder that moved has its old watch until its move is read: the new path is the true one.
        self._remove([wd])
        self._by_wd[wd] = (identifier, where, path)
        self._by_path[where, path] = wd
        return True

    def _remove_below(self, where: Where, path: str) -> None:
        prefix = f"{path}/"
        gone = [
            wd
            for wd, (_, place, watched) in self._by_wd.items()
            if place is where and (watched == path or watched.startswith(prefix))
        ]
        self._remove(gone)
        self._undecided -= {
            folder for folder in self._undecided if folder == path or folder.startswith(prefix)
        }

    def _remove(self, wds: Iterable[WatchDescriptor]) -> None:
        pairs = [(wd, self._by_wd[wd][0]) for wd in wds if wd in self._by_wd]
        for wd, _ in pairs:
            self._forget(wd)
        if pairs and self._fd is not None:
            self._fd.remove_callbacks(pairs)

    def _forget(self, wd: WatchDescriptor) -> None:
        known = self._by_wd.pop(wd, None)
        if known is not None and self._by_path.get(known[1:]) == wd:
            del self._by_path[known[1:]]


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def _git_folders(repository: Repository) -> Iterator[tuple[str, str]]:
    """Git's folders that tell of a new HEAD, index or rule, by the name their events are given."""
    if repository.git_dir is None or repository.common_dir is None:
        return
    yield "", str(repository.git_dir)
    if repository.git_dir != repository.common_dir:
        yield _COMMON.rstrip("/"), str(repository.common_dir)
    for name in ("info", _BRANCHES, "reftable"):
        yield name, str(repository.common_dir / name)

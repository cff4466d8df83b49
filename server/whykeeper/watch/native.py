"""Other systems than Linux: whatever watchdog has for them, filtered by what git ignores."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path

from watchdog.events import (
    DirCreatedEvent,
    DirDeletedEvent,
    DirModifiedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver

from whykeeper.watch.changes import Event, Mode, Where
from whykeeper_indexers.git import GitError
from whykeeper_indexers.scan import Repository, ScanOptions, ignored_folders
from whykeeper_indexers.scan.paths import folders_above
from whykeeper_indexers.scan.walking import UNREAD_FOLDERS

__all__ = ["NativeSource"]

_COOKIE = "whykeeper-cookie-"
_WANTED: list[type[FileSystemEvent]] = [
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
]


class NativeSource(FileSystemEventHandler):
    """Watches the whole tree and forgets at once what happens in ignored folders.

    Args:
        repository: What to watch.
        options: Which ignored folders are wanted all the same.
        sink: Is told every event, from watchdog's thread.
    """

    mode: Mode = "native"

    def __init__(self, repository: Repository, options: ScanOptions, sink: Callable[[Event], None]) -> None:
        self._repository = repository
        self._options = options
        self._sink = sink
        self._roots = dict(_roots(repository))
        self._ignored: frozenset[str] = frozenset()
        self._observer: BaseObserver | None = None

    @property
    def folders(self) -> int:
        """How many trees are watched."""
        return len(self._roots)

    def start(self) -> None:
        """Watch.

        Raises:
            OSError: The system refuses.
        """
        self.resync()
        observer = Observer()
        try:
            for folder in _outermost(list(self._roots)):
                observer.schedule(self, folder, recursive=True, event_filter=_WANTED)
            observer.start()
        except OSError:
            self._observer = observer if observer.is_alive() else None
            self.stop()
            raise
        self._observer = observer

    def stop(self) -> None:
        """Stop."""
        observer, self._observer = self._observer, None
        if observer is not None:
            observer.stop()
            if observer is not threading.current_thread():
                observer.join(timeout=5)

    def mark(self, name: str) -> bool:
        """Leave a cookie in git's own folder; a plain folder has no place for one."""
        git_dir = self._repository.git_dir
        if git_dir is None or self._observer is None:
            return False
        cookie = git_dir / f"{_COOKIE}{os.getpid()}-{name}"
        try:
            cookie.touch(exist_ok=False)
            cookie.unlink()
        except OSError:
            return False
        return True

    def settle(self) -> None:
        """Nothing to tidy."""

    def resync(self) -> None:
        """Ask git again which folders it ignores."""
        try:
            self._ignored = ignored_folders(self._repository, self._options)
        except GitError:
            self._ignored = frozenset()

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Take one event; an atomic save is a move onto its destination."""
        if isinstance(event, DirModifiedEvent):
            return
        deleted = isinstance(event, (FileDeletedEvent, DirDeletedEvent, DirMovedEvent))
        for path in (event.src_path, event.dest_path):
            if path:
                self._take(os.fsdecode(path), deleted=deleted)

    def _take(self, path: str, *, deleted: bool) -> None:
        path = path.replace(os.sep, "/")
        if deleted and path == self._repository.root.as_posix():
            self._sink(Event(Where.LOST, "the checkout was moved or deleted"))
        for root, where in self._roots.items():
            if path.startswith(f"{root}/"):
                self._place(where, path[len(root) + 1 :])
                return

    def _place(self, where: Where, path: str) -> None:
        if where is Where.GIT:
            name = path.rpartition("/")[2]
            if name.startswith(_COOKIE):
                self._sink(Event(Where.MARK, name.rpartition("-")[2]))
            else:
                self._sink(Event(Where.GIT, path))
        elif not (self._is_unwanted(path) or any(map(self._is_unwanted, folders_above(path)))):
            self._sink(Event(Where.TREE, path))

    def _is_unwanted(self, path: str) -> bool:
        name = path.rpartition("/")[2]
        if name == ".git":
            return "/" in path or self._repository.is_git
        if self._repository.is_git:
            return path in self._ignored
        return name in UNREAD_FOLDERS and not self._options.readmits_below(path)


def _roots(repository: Repository) -> list[tuple[str, Where]]:
    """Watched trees, the innermost first."""
    git = {folder for folder in (repository.git_dir, repository.common_dir) if folder is not None}
    trees = [(folder, Where.GIT) for folder in git] + [(repository.root, Where.TREE)]
    named = [(Path(folder).as_posix(), where) for folder, where in trees]
    return sorted(named, key=lambda tree: -len(tree[0]))


def _outermost(folders: list[str]) -> list[str]:
    return [one for one in folders if not any(one.startswith(f"{other}/") for other in folders)]

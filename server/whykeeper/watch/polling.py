"""Where no events are to be had: look at every known file now and then."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

from whykeeper.watch.changes import Event, Mode, Where
from whykeeper_indexers.errors import RepositoryError
from whykeeper_indexers.scan import Repository, ScanOptions, scan, sweep

__all__ = ["PollingSource"]

logger = logging.getLogger(__name__)

_SHARE_OF_TIME = 20
"""A round may take a twentieth of the time: on a slow mount the interval stretches."""


class PollingSource:
    """Compares the file system with the last scan, one ``lstat`` a file.

    Args:
        repository: What to look at.
        options: What belongs.
        sink: Is told every event, from this source's thread.
        interval_s: Seconds between rounds.
    """

    mode: Mode = "polling"

    def __init__(
        self,
        repository: Repository,
        options: ScanOptions,
        sink: Callable[[Event], None],
        interval_s: float = 2.0,
    ) -> None:
        self._repository = repository
        self._options = options
        self._sink = sink
        self._interval_s = interval_s
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="whykeeper-polling", daemon=True)
        self._known = scan(repository, options)
        self._git = _git_times(repository)

    @property
    def folders(self) -> int:
        """How many folders are looked at."""
        return len(self._known.folders)

    def start(self) -> None:
        """Begin the rounds."""
        self._thread.start()

    def stop(self) -> None:
        """End them; waits for the one under way."""
        self._stopping.set()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(timeout=5)

    def mark(self, name: str) -> bool:  # noqa: ARG002 - no promise can be made here
        """Nothing tells that everything before a moment has been seen."""
        return False

    def settle(self) -> None:
        """Nothing to tidy."""

    def resync(self) -> None:
        """Nothing to set up anew: every round looks at everything."""

    def _run(self) -> None:
        wait_s = self._interval_s
        while not self._stopping.wait(wait_s):
            began = time.monotonic()
            try:
                self._round()
            except RepositoryError:
                logger.warning("a round of polling %s failed", self._repository.root, exc_info=True)
            wait_s = max(self._interval_s, (time.monotonic() - began) * _SHARE_OF_TIME)

    def _round(self) -> None:
        if not self._repository.root.is_dir():
            self._sink(Event(Where.LOST, "the checkout was moved or deleted"))
            return
        found = sweep(self._repository, self._known.files, self._known.folders)
        if found.paths:
            before, self._known = self._known, scan(self._repository, self._options)
            came = self._known.files.keys() - before.files.keys()
            # A folder whose time was too fresh to be trusted is looked at again, and mostly unchanged.
            for path in (found.paths & before.files.keys()) | came:
                self._sink(Event(Where.TREE, path))
        times = _git_times(self._repository)
        for name in times.keys() | self._git.keys():
            if times.get(name) != self._git.get(name):
                self._sink(Event(Where.GIT, name))
        self._git = times


def _git_times(repository: Repository) -> dict[str, int]:
    """When each file of git's that matters was last written."""
    if repository.git_dir is None or repository.common_dir is None:
        return {}
    times: dict[str, int] = {}
    own = [(name, repository.git_dir / name) for name in ("HEAD", "index")]
    shared = [
        (name, repository.common_dir / name)
        for name in ("packed-refs", "info/exclude", "config", *_branch(repository))
    ]
    for name, path in own + shared:
        try:
            times[name] = os.stat(path).st_mtime_ns  # noqa: PTH116
        except OSError:
            continue
    return times


def _branch(repository: Repository) -> tuple[str, ...]:
    try:
        head = Path(repository.git_dir or "", "HEAD").read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ()
    name = head.removeprefix("ref: ")
    return (name,) if name.startswith("refs/") and ".." not in name else ()

"""A watched checkout, and words for waiting on it with a bound."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from whykeeper.watch import ChangeSet, CheckoutWatcher
from whykeeper_indexers.scan import open_repository

PATIENCE_S = 8.0


class Watched:
    """A watcher, and what it has told."""

    def __init__(self, root: Path, **options: Any) -> None:
        self.told: list[ChangeSet] = []
        self._news = threading.Condition()
        self.watcher = CheckoutWatcher(open_repository(root), self._take, **options)

    def _take(self, changes: ChangeSet) -> None:
        with self._news:
            self.told.append(changes)
            self._news.notify_all()

    def until(self, wanted: Callable[[list[ChangeSet]], bool]) -> list[ChangeSet]:
        """Wait until what was told satisfies a condition; fail when it never does."""
        with self._news:
            assert self._news.wait_for(lambda: wanted(self.told), PATIENCE_S), self.told
            return list(self.told)

    def until_path(self, path: str) -> list[ChangeSet]:
        """Wait until a path is told of."""
        return self.until(lambda told: any(path in changes.paths for changes in told))

    def until_rescan(self, reason: str) -> list[ChangeSet]:
        """Wait until a whole scan is asked for."""
        return self.until(lambda told: any(changes.rescan and reason in changes.reason for changes in told))

    def until_state(self, mode: str) -> None:
        """Wait until it is watched that way."""
        end = time.monotonic() + PATIENCE_S
        while self.watcher.state.mode != mode:
            assert time.monotonic() < end, self.watcher.state
            threading.Event().wait(0.01)

    def after_barrier(self) -> list[ChangeSet]:
        """What has been told once the promise holds; then forgotten."""
        assert self.watcher.barrier(PATIENCE_S)
        with self._news:
            told, self.told = self.told, []
            return told

    def paths(self) -> set[str]:
        """Every path told of up to now, asked for through the barrier."""
        return {path for changes in self.after_barrier() for path in changes.paths}


@pytest.fixture
def watch() -> Iterator[Callable[..., Watched]]:
    started: list[Watched] = []

    def start(root: Path, **options: Any) -> Watched:
        watched = Watched(root, **options)
        started.append(watched)
        watched.watcher.start()
        return watched

    yield start
    for watched in started:
        watched.watcher.stop()

"""What waits to be indexed: changes merged as they come, with tickets to wait on."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

__all__ = ["Work", "WorkQueue"]


@dataclass(frozen=True, slots=True)
class Work:
    """Changes taken together.

    Attributes:
        paths: To look at again.
        rescan: Look at everything.
        history: Look for new commits.
    """

    paths: frozenset[str] = frozenset()
    rescan: bool = False
    history: bool = False


class WorkQueue:
    """Merges submissions, hands them out, and tells when each is done. Thread-safe."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._paths: set[str] = set()
        self._rescan = False
        self._history = False
        self._closed = False
        self._submitted = 0
        self._open: dict[int, bool] = {}
        self._waiting: list[int] = []

    def submit(self, paths: Iterable[str] = (), *, rescan: bool = False, history: bool = False) -> int:
        """Add changes.

        Returns:
            A ticket for `wait`.
        """
        with self._condition:
            self._paths.update(paths)
            self._rescan |= rescan
            self._history |= history
            self._submitted += 1
            self._open[self._submitted] = True
            self._waiting.append(self._submitted)
            self._condition.notify_all()
            return self._submitted

    def take(self, timeout_s: float | None = None) -> tuple[Work, tuple[int, ...]] | None:
        """Take what waits, with the tickets to hand to `done`.

        Args:
            timeout_s: How long to wait for something; None for ever.

        Returns:
            None when nothing came in time, or when the queue is closed.
        """
        with self._condition:
            self._condition.wait_for(lambda: self._waiting or self._closed, timeout_s)
            return self._taken() if self._waiting and not self._closed else None

    def take_small(self, until: Future[Any]) -> tuple[Work, tuple[int, ...]] | None:
        """Take what waits unless a full rescan or the history is among it: these are no small jobs.

        Args:
            until: Wait no longer than for this.

        Returns:
            None when that is done, or when the queue is closed.
        """
        until.add_done_callback(self._look_again)
        with self._condition:
            self._condition.wait_for(lambda: self._closed or until.done() or self._small_waits())
            return self._taken() if self._small_waits() and not self._closed and not until.done() else None

    def _small_waits(self) -> bool:
        return bool(self._waiting) and not self._rescan and not self._history

    def _taken(self) -> tuple[Work, tuple[int, ...]]:
        taken = Work(frozenset(self._paths), self._rescan, self._history), tuple(self._waiting)
        self._paths, self._rescan, self._history, self._waiting = set(), False, False, []
        return taken

    def _look_again(self, _done: Future[Any]) -> None:
        with self._condition:
            self._condition.notify_all()

    def done(self, tickets: Iterable[int]) -> None:
        """Say that submissions are indexed (or have failed, which is noted elsewhere)."""
        with self._condition:
            for ticket in tickets:
                self._open.pop(ticket, None)
            self._condition.notify_all()

    def wait(self, ticket: int, timeout_s: float) -> bool:
        """Wait until everything up to a ticket is done.

        Args:
            ticket: From `submit`, or `latest`.
            timeout_s: How long at most.

        Returns:
            False when the time ran out or the queue was closed.
        """
        deadline = time.monotonic() + timeout_s
        with self._condition:
            return self._condition.wait_for(
                lambda: self._closed or not any(number <= ticket for number in self._open),
                max(deadline - time.monotonic(), 0),
            )

    def done_up_to(self, ticket: int) -> bool:
        """Whether everything up to a ticket is done, without waiting."""
        with self._condition:
            return not any(number <= ticket for number in self._open)

    @property
    def latest(self) -> int:
        """The newest ticket."""
        with self._condition:
            return self._submitted

    @property
    def idle(self) -> bool:
        """Whether everything submitted is done."""
        with self._condition:
            return not self._open

    @property
    def closed(self) -> bool:
        """Whether the queue takes no more."""
        return self._closed

    def close(self) -> None:
        """Wake everyone up; nothing more is handed out."""
        with self._condition:
            self._closed = True
            self._condition.notify_all()

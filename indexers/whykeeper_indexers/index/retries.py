"""Work that failed, kept until it succeeds: a disk may have room again, a process may start again."""

from __future__ import annotations

import time

from whykeeper_indexers.index.work_queue import Work

__all__ = ["Retries"]

_FIRST_S = 2.0
_LONGEST_S = 60.0


class Retries:
    """What is still owed, and when to try it again. For one thread."""

    def __init__(self) -> None:
        self._owed: Work | None = None
        self._pause_s = _FIRST_S
        self._due_at = 0.0

    def __bool__(self) -> bool:
        return self._owed is not None

    def owe(self, work: Work) -> None:
        """Keep work that failed; the pause before the next attempt doubles up to a minute."""
        owed = self._owed or Work()
        self._pause_s = min(self._pause_s * 2, _LONGEST_S) if self._owed else _FIRST_S
        self._due_at = time.monotonic() + self._pause_s
        self._owed = Work(
            owed.paths | work.paths, rescan=owed.rescan or work.rescan, history=owed.history or work.history
        )

    def settle(self, work: Work) -> None:
        """Strike out what has succeeded since; a rescan covers every path."""
        owed = self._owed or Work()
        left = Work(
            frozenset() if work.rescan else owed.paths - work.paths,
            rescan=owed.rescan and not work.rescan,
            history=owed.history and not work.history,
        )
        self._owed = left if left != Work() else None

    @property
    def wait_s(self) -> float | None:
        """Seconds until something is to be tried again; None when nothing is owed."""
        return max(self._due_at - time.monotonic(), 0.0) if self._owed else None

    def due(self) -> Work | None:
        """What to try again now, if anything."""
        return self._owed if self._owed and time.monotonic() >= self._due_at else None

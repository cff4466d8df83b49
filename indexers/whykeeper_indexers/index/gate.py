"""A gate that some keep shut and others wait at."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["Gate"]


class Gate:
    """Open unless somebody holds it shut. Thread-safe."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._holders = 0
        self._removed = False

    @contextmanager
    def shut(self) -> Iterator[None]:
        """Hold it shut meanwhile."""
        with self._condition:
            self._holders += 1
        try:
            yield
        finally:
            with self._condition:
                self._holders -= 1
                self._condition.notify_all()

    def pass_through(self, limit_s: float | None = None) -> None:
        """Wait until nobody holds it shut, or no longer than some seconds."""
        with self._condition:
            self._condition.wait_for(lambda: not self._holders or self._removed, limit_s)

    def remove(self) -> None:
        """Let everybody through from now on."""
        with self._condition:
            self._removed = True
            self._condition.notify_all()

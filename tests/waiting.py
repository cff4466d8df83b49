"""Bounded waits for what another thread or process does."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

__all__ = ["eventually"]


def eventually(condition: Callable[[], bool], *, within_s: float) -> bool:
    """Wait for a condition; False when it does not come true in time."""
    deadline = time.monotonic() + within_s
    while not condition():
        if time.monotonic() > deadline:
            return False
        threading.Event().wait(0.01)
    return True

"""The command line's way to the daemon."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

__all__ = ["call", "daemon_running", "ensure_daemon"]


def call(
    checkout: Path | None,
    verb: str,
    params: dict[str, Any],
    on_progress: Callable[[dict[str, Any]], None] | None = None,
) -> dict[str, Any]:
    """Ask the daemon for one verb and return its result.

    Starts the daemon when there is none, except for ``daemon_status`` and ``daemon_stop``. A
    ``KeyboardInterrupt`` closes the connection, which cancels the work.

    Args:
        checkout: Root of the checkout the verb is about.
        verb: What to do; see the daemon's control verbs.
        params: Its parameters, as JSON values.
        on_progress: Called with each progress report.

    Raises:
        WhykeeperError: The subclass that the daemon raised, or DaemonError when it cannot be reached.
    """
    raise NotImplementedError


def daemon_running() -> bool:
    """Tell whether a daemon answers for this user's data folder."""
    raise NotImplementedError


def ensure_daemon() -> None:
    """Start the daemon unless one answers already.

    Raises:
        DaemonError: It could not be started; the hint names the log.
    """
    raise NotImplementedError

"""Verbs that take long, carried over from a daemon that is lost to the next one."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

from whykeeper.commands.runtime import Progress, Runtime
from whykeeper_indexers.errors import DaemonLostError, UserError

__all__ = ["call_across_daemons"]

_MOST_LOSSES = 3
_SHORT_S = 120.0
"""So many losses in so short a time are no accident: what kills the daemon would kill the next one too.
Loading the models before it dies of that takes a slow machine most of a minute."""


def call_across_daemons(
    runtime: Runtime, checkout: Path, verb: str, params: dict[str, Any], on_progress: Progress
) -> dict[str, Any]:
    """Ask the daemon for a verb, and the next daemon where that one dies or makes way for another.

    The verb begins anew each time, so it must be one that loses nothing by that. A daemon that
    somebody stops ends it: whoever stopped one does not want the next.

    Args:
        runtime: What the verb reaches the daemon through.
        checkout: Root of the checkout it is about.
        verb: What to do.
        params: Its parameters.
        on_progress: Called with each progress report.

    Raises:
        DaemonStoppedError: Somebody stopped the daemon.
        UserError: One daemon after another was lost.
    """
    losses: list[float] = []
    while True:
        try:
            return runtime.call(checkout, verb, params, on_progress)
        except DaemonLostError as error:
            now = time.monotonic()
            losses = [*(moment for moment in losses if now - moment < _SHORT_S), now]
            if len(losses) == _MOST_LOSSES:
                raise UserError(
                    f"the daemon went away {_MOST_LOSSES} times within {_SHORT_S:.0f} s",
                    "`whykeeper daemon logs` shows what it did last; is there memory and disk to spare?",
                ) from error
            # Not by click, which goes past what draws progress bars and has the line drawn over.
            sys.stderr.write(f"whykeeper: {error.message}; going on with the next one\n")

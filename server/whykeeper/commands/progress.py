"""How far a verb has come, on standard error."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from whykeeper.commands.runtime import Progress

__all__ = ["shown_progress"]

_PHASES = {
    "scan": "Listing files",
    "read": "Reading",
    "words": "Searchable by words",
    "meaning": "Searchable by meaning",
    "model": "Loading the model",
    "history": "Reading history",
    "facts": "Reading code",
    "commits": "Replaying commits",
    "judging": "Holding documents against the code",
}
_WAITING = "idle"
_LINE_EVERY = 0.1
"""Where there is no terminal, a phase prints a line each time a tenth of it is done."""


@contextmanager
def shown_progress() -> Iterator[Progress]:
    """Show the reports of a verb that takes long on standard error: as bars, or as lines for a log."""
    if not sys.stderr.isatty():
        yield _Lines()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, Any] = {}

        def report(event: dict[str, Any]) -> None:
            phase = str(event.get("phase", ""))
            if phase == _WAITING:
                return
            if phase not in tasks:
                tasks[phase] = bars.add_task(_PHASES.get(phase, phase), total=None)
            bars.update(tasks[phase], completed=event.get("done") or 0, total=event.get("total"))

        yield report


class _Lines:
    """Progress as plain lines, few enough for a log."""

    def __init__(self) -> None:
        self._phase = ""
        self._next = 0.0

    def __call__(self, event: dict[str, Any]) -> None:
        phase, done, total = str(event.get("phase", "")), event.get("done") or 0, event.get("total") or 0
        share = done / total if total else 0.0
        if phase == _WAITING or (phase == self._phase and share < self._next):
            return
        if phase != self._phase:
            self._next = 0.0
        self._phase = phase
        while self._next <= share:
            self._next += _LINE_EVERY
        of = f" {done:,} of {total:,}" if total else ""
        click.echo(f"{_PHASES.get(phase, phase)}{of}", err=True)

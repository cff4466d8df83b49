"""``whykeeper index``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from whykeeper.commands.options import json_option, repo_option
from whykeeper.commands.reattaching import call_across_daemons
from whykeeper.commands.runtime import Progress, Runtime

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["command"]

_PHASES = {
    "scan": "Listing files",
    "read": "Reading",
    "words": "Searchable by words",
    "meaning": "Searchable by meaning",
    "model": "Loading the model",
    "history": "Reading history",
}
_WAITING = "idle"
_LINE_EVERY = 0.1
"""Where there is no terminal, a phase prints a line each time a tenth of it is done."""


@click.command()
@click.option("--rebuild", is_flag=True, help="Forget this repository's index and build it anew.")
@repo_option
@json_option
@click.pass_obj
def command(runtime: Runtime, rebuild: bool, repo: str | None, as_json: bool) -> None:
    """Index the repository, and wait until all of it can be searched.

    Not needed while an agent works: what is served is kept up to date by itself. Progress goes to
    standard error.
    """
    checkout = runtime.checkout(repo)
    with _progress() as report:
        result = call_across_daemons(runtime, checkout, "index", {"wait": True, "rebuild": rebuild}, report)
    if as_json:
        runtime.output.json(result)
    else:
        _show(runtime, result)


def _show(runtime: Runtime, result: Mapping[str, Any]) -> None:
    from whykeeper.rendering import counted

    output = runtime.output
    nouns = {"files": "file", "chunks": "passage", "vectors": "vector"}
    counts = ", ".join(counted(result.get(name, 0), noun) for name, noun in nouns.items())
    output.line(f"{counts}, in {result.get('took_s', 0):.1f} s")
    kinds = ", ".join(f"{count:,} {kind}" for kind, count in (result.get("by_kind") or {}).items() if count)
    if kinds:
        output.line(f"  {kinds}")
    excluded = result.get("excluded") or {}
    if isinstance(excluded, dict) and excluded:
        shown = ", ".join(f"{count:,} {reason}" for reason, count in excluded.items())
        output.line(f"  left out: {shown} (`whykeeper status --files PATH` says why)")
    output.notes(result.get("notes") or [])


@contextmanager
def _progress() -> Iterator[Progress]:
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

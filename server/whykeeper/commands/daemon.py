"""``whykeeper daemon``."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any

import click

from whykeeper.commands.options import json_option, repo_option
from whykeeper.commands.runtime import Runtime

__all__ = ["command"]


@click.group(no_args_is_help=True)
def command() -> None:
    """Look after the background process that all sessions share.

    It starts by itself when it is needed and ends when it has been idle.
    """


@command.command()
@repo_option
@json_option
@click.pass_obj
def status(runtime: Runtime, repo: str | None, as_json: bool) -> None:  # noqa: ARG001
    """Show whether it runs, and for whom."""
    found = runtime.call(None, "daemon_status", {}) if runtime.daemon_running() else None
    alone = runtime.serving_alone() if found is None else None
    if as_json:
        owner = {"alone": {"pid": alone.pid, "checkout": alone.checkout}} if alone else {}
        runtime.output.json({"running": found is not None, **(found or {}), **owner})
    elif alone is not None:
        runtime.output.line(f"the daemon is not running: {alone.described}")
    elif found is None:
        runtime.output.line("the daemon is not running; it starts when it is needed")
    else:
        _show(runtime, found)


@command.command()
@repo_option
@json_option
@click.pass_obj
def stop(runtime: Runtime, repo: str | None, as_json: bool) -> None:  # noqa: ARG001
    """End it. Open sessions start the next one when they need it."""
    running = runtime.daemon_running()
    if running:
        runtime.call(None, "daemon_stop", {})
    if as_json:
        runtime.output.json({"stopped": running})
    elif running:
        runtime.output.line("the daemon was stopped")
    else:
        alone = runtime.serving_alone()
        runtime.output.line(f"the daemon is not running{f': {alone.described}' if alone else ''}")


@command.command()
@click.option("-f", "--follow", is_flag=True, help="Go on printing what is added, until interrupted.")
@click.option(
    "-n", "--lines", type=click.IntRange(0, 100_000), default=50, show_default=True, help="How many lines."
)
@repo_option
@json_option
@click.pass_obj
def logs(runtime: Runtime, follow: bool, lines: int, repo: str | None, as_json: bool) -> None:  # noqa: ARG001
    """Print the end of its log.

    With --json each line is an object on a line of its own.
    """
    from whykeeper.commands.log_tail import follow_lines, last_lines

    path = runtime.locations.log_dir / "daemon.log"
    output = runtime.output
    show = (lambda line: output.json({"line": line})) if as_json else output.raw
    if not path.exists() and not follow:
        if not as_json:
            output.line(f"no log yet: {path}")
        return
    tail, offset = last_lines(path, lines)
    for line in tail:
        show(line)
    if follow:
        for line in follow_lines(path, offset):
            show(line)


def _show(runtime: Runtime, found: Mapping[str, Any]) -> None:
    from whykeeper.rendering import human_seconds

    output = runtime.output
    output.line(f"daemon {found.get('version')}, process {found.get('pid')}")
    output.line(f"running for {human_seconds(found.get('uptime_s') or 0)}, {found.get('rss_mb') or 0:.0f} MB")
    output.labelled(_state(found))


def _state(found: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Say who is served: a session a line, its process numbered as other tools number it."""
    # But for the one that asks.
    sessions = [each for each in found.get("sessions") or [] if each.get("client_pid") != os.getpid()]
    for session in sessions:
        where = session.get("checkout") or "no checkout"
        under_way = f", {session['in_flight']} under way" if session.get("in_flight") else ""
        yield "sessions", f"{session.get('role')}, process {session.get('client_pid')}, {where}{under_way}"
    if not sessions:
        yield "sessions", "none"
    for checkout in found.get("checkouts") or []:
        yield "checkouts", str(checkout)
    if found.get("log"):
        yield "log", str(found["log"])

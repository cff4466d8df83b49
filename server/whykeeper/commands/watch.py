"""``whykeeper watch``."""

from __future__ import annotations

from typing import Any

import click

from whykeeper.commands.options import json_option, repo_option
from whykeeper.commands.reattaching import call_across_daemons
from whykeeper.commands.runtime import Runtime

__all__ = ["command"]


@click.command()
@repo_option
@json_option
@click.pass_obj
def command(runtime: Runtime, repo: str | None, as_json: bool) -> None:
    """Show live what gets indexed, until interrupted.

    With --json each event is an object on a line of its own.
    """
    output = runtime.output
    show = output.json if as_json else lambda event: output.line(_described(event))
    call_across_daemons(runtime, runtime.checkout(repo), "watch", {}, show)


def _described(event: dict[str, Any]) -> str:
    if event.get("event") == "watching":
        return f"watching: {event.get('state')}"
    if event.get("event") != "indexed":
        return ", ".join(f"{name}: {value}" for name, value in event.items())
    from whykeeper.rendering import counted

    removed = event.get("removed") or []
    what = [f"{path} (removed)" if path in removed else path for path in event.get("paths") or []]
    if event.get("commits"):
        what.append(counted(event["commits"], "commit"))
    if "chunks" in event:
        what.append(counted(event["chunks"], "passage"))
    return f"indexed {', '.join(what)} in {event.get('took_ms', 0):.0f} ms"

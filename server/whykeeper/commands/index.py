"""``whykeeper index``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from whykeeper.commands.options import json_option, repo_option
from whykeeper.commands.progress import shown_progress
from whykeeper.commands.reattaching import call_across_daemons
from whykeeper.commands.runtime import Runtime

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["command"]


@click.command()
@click.option("--rebuild", is_flag=True, help="Forget this repository's index and build it anew.")
@repo_option
@json_option
@click.pass_obj
def command(runtime: Runtime, rebuild: bool, repo: str | None, as_json: bool) -> None:
    """Index the repository, and wait until it can be searched.

    Not needed while an agent works: what is served is kept up to date by itself. Progress goes to
    standard error.
    """
    checkout = runtime.checkout(repo)
    with shown_progress() as report:
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

"""``whykeeper stale``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from whykeeper.commands.options import json_option, repo_option
from whykeeper.commands.progress import shown_progress
from whykeeper.commands.runtime import Runtime

__all__ = ["command"]

_SHA_SHOWN = 10
_STYLE = {"broken": "bold red", "drifted": "yellow", "ageing": "cyan", "fresh": "green"}


@click.command()
@click.option("--all", "everything", is_flag=True, help="Also documents that are ageing, fresh or unknown.")
@repo_option
@json_option
@click.pass_obj
def command(runtime: Runtime, everything: bool, repo: str | None, as_json: bool) -> None:
    """Show which documents no longer fit the code they describe.

    Broken ones name what is gone, drifted ones say what is otherwise by now: each with its line and the
    commit that did it, the worst first. The first time takes a while; progress goes to standard error.
    """
    checkout = runtime.checkout(repo)
    with shown_progress() as report:
        answer = runtime.call(checkout, "stale", {"all": everything}, report)
    if as_json:
        runtime.output.json(answer)
    else:
        _show(runtime, answer)


def _show(runtime: Runtime, answer: Mapping[str, Any]) -> None:
    output = runtime.output
    documents = answer.get("documents") or []
    for document in documents:
        state = str(document.get("state"))
        output.line(f"{state}  {document.get('path')}", _STYLE.get(state, ""))
        for finding in document.get("findings") or []:
            _show_finding(runtime, finding)
    if not documents:
        output.line("No document is known to be stale.")
    counts = ", ".join(f"{count:,} {state}" for state, count in (answer.get("counts") or {}).items())
    if counts:
        output.line()
        output.line(f"documents: {counts}", "dim")
    output.notes(answer.get("notes") or [])


def _show_finding(runtime: Runtime, finding: Mapping[str, Any]) -> None:
    commit = f" (commit {str(finding['commit'])[:_SHA_SHOWN]})" if finding.get("commit") else ""
    runtime.output.line(
        f"   line {finding.get('line')}: {finding.get('names')}: {finding.get('what')}{commit}"
    )
    if finding.get("hint"):
        runtime.output.line(f"      {finding['hint']}", "dim")

"""``whykeeper gaps``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from whykeeper.budgets import MOST_GAPS, MOST_RESULTS
from whykeeper.commands.options import json_option, repo_option, yes_option
from whykeeper.commands.runtime import Runtime

__all__ = ["command"]

_WORDINGS = 3
"""Of a gap, beside its title."""


@click.command()
@click.option(
    "-n",
    "--limit",
    type=click.IntRange(1, MOST_RESULTS),
    default=MOST_GAPS,
    help=f"How many, the most often asked first; default: {MOST_GAPS}.",
)
@click.option("--forget", is_flag=True, help="Delete the questions that were kept.")
@yes_option
@repo_option
@json_option
@click.pass_obj
def command(runtime: Runtime, limit: int, forget: bool, yes: bool, repo: str | None, as_json: bool) -> None:
    """Show which documents are worth writing.

    Questions that nothing recorded answers are kept on this machine. They are asked again, and those
    that are still without an answer are grouped by meaning.
    """
    checkout = runtime.checkout(repo)
    if forget:
        question = "Delete every question that was kept of this repository?"
        agreed = runtime.confirm(question, yes=yes)
        answer = runtime.call(checkout, "gaps", {"forget": True}) if agreed else {"forgotten": 0}
        _say_forgotten(runtime, answer, as_json=as_json)
        return
    answer = runtime.call(checkout, "gaps", {"limit": limit})
    if as_json:
        runtime.output.json(answer)
    else:
        _show(runtime, answer)


def _say_forgotten(runtime: Runtime, answer: Mapping[str, Any], *, as_json: bool) -> None:
    from whykeeper.rendering import counted

    if as_json:
        runtime.output.json(dict(answer))
    else:
        runtime.output.line(f"{counted(answer.get('forgotten') or 0, 'question')} deleted")


def _show(runtime: Runtime, answer: Mapping[str, Any]) -> None:
    from whykeeper.rendering import counted

    output = runtime.output
    found = answer.get("gaps") or []
    if not found:
        output.line("No question is waiting for an answer.")
    for place, gap in enumerate(found, start=1):
        if place > 1:
            output.line()
        _show_gap(runtime, place, gap)
    if more := answer.get("more"):
        output.line()
        output.line(f"and {more:,} more: --limit N shows them", "dim")
    notes = [*(answer.get("notes") or [])]
    if answered := answer.get("answered"):
        notes.append(f"{counted(answered, 'question')} asked before can be answered by now")
    output.notes(notes)


def _show_gap(runtime: Runtime, place: int, gap: Mapping[str, Any]) -> None:
    from whykeeper.rendering import counted

    output = runtime.output
    lead = f"{place}. "
    indent = " " * len(lead)
    output.line(f"{lead}{gap.get('title')}", "bold")
    times = counted(gap.get("times") or 0, "time")
    output.line(f"{indent}asked {times}, last on {str(gap.get('last_asked'))[:10]}")
    output.line(f"{indent}a {gap.get('form')}, for {gap.get('where')}, {gap.get('because')}")
    if paths := gap.get("paths"):
        output.line(f"{indent}about {', '.join(paths)}")
    others = [each["text"] for each in gap.get("questions") or []][1:]
    for wording in others[:_WORDINGS]:
        output.line(f"{indent}also: {wording}", "dim")
    if len(others) > _WORDINGS:
        output.line(f"{indent}and {counted(len(others) - _WORDINGS, 'more wording')}", "dim")

"""``whykeeper search``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from whykeeper.budgets import MOST_RESULTS
from whykeeper.commands.options import budget_option, json_option, repo_option
from whykeeper.commands.paths import repository_paths
from whykeeper.commands.runtime import Runtime
from whykeeper_indexers.errors import QueryError
from whykeeper_indexers.types import Kind

__all__ = ["command"]

_KINDS = [kind.value for kind in Kind]


@click.command()
@click.argument("query", nargs=-1, required=True)
@click.option(
    "-n",
    "--limit",
    type=click.IntRange(1, MOST_RESULTS),
    help="How many results; default: 10, or as configured.",
)
@budget_option
@click.option(
    "--kind", "kinds", type=click.Choice(_KINDS), multiple=True, help="Only this kind; may be repeated."
)
@click.option("--path", "paths", metavar="PATH", multiple=True, help="Only below this path; may be repeated.")
@click.option(
    "--near",
    metavar="PATH",
    multiple=True,
    help="A file you work on: what is near it wins close calls; may be repeated.",
)
@click.option("--explain", is_flag=True, help="Say how each result's score came about.")
@repo_option
@json_option
@click.pass_obj
def command(
    runtime: Runtime,
    query: tuple[str, ...],
    limit: int | None,
    budget: int | None,
    kinds: tuple[str, ...],
    paths: tuple[str, ...],
    near: tuple[str, ...],
    explain: bool,
    repo: str | None,
    as_json: bool,
) -> None:
    """Ask a question over everything remembered.

    QUERY may be a question, words, the name of a symbol, or a path.
    """
    question = " ".join(query)
    if not question.strip():
        raise QueryError("the question is empty", 'ask one, as in: whykeeper search "why a pipe?"')
    checkout = runtime.checkout(repo)
    params: dict[str, Any] = {
        "query": question,
        "limit": limit,
        "budget": budget,
        "kinds": list(kinds),
        "paths": repository_paths(paths, checkout, runtime.cwd),
        "near": repository_paths(near, checkout, runtime.cwd),
        "explain": explain,
    }
    params = {name: value for name, value in params.items() if value}
    answer = runtime.call(checkout, "search", params)
    if as_json:
        runtime.output.json(answer)
    else:
        _show(runtime, answer)


def _show(runtime: Runtime, answer: Mapping[str, Any]) -> None:
    output = runtime.output
    results = answer.get("results") or []
    if not results:
        yet = answer.get("complete", True)
        output.line("Nothing that is recorded answers this." if yet else "Nothing is found yet.")
    elif not answer.get("confident", True):
        output.line("Nothing that is recorded clearly answers this; the nearest are:", "yellow")
        output.line()
    output.results(results)
    for place, result in enumerate(results, start=1):
        if result.get("signals"):
            shown = ", ".join(f"{name} {value:.3f}" for name, value in result["signals"].items())
            output.line(f"score of {place}: {result.get('score', 0):.3f} ({shown})", "dim")
    notes = answer.get("notes") or []
    if answer.get("mode") == "lexical" and not any("by words" in note for note in notes):
        notes = ["found by words alone; the model is still loading", *notes]
    output.notes(notes)

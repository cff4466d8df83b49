"""``whykeeper context``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from whykeeper.commands.options import budget_option, json_option, repo_option
from whykeeper.commands.paths import repository_paths
from whykeeper.commands.runtime import Runtime
from whykeeper_indexers.errors import QueryError

__all__ = ["command"]


@click.command()
@click.argument("paths", nargs=-1)
@click.option("--task", metavar="TEXT", help="What is to be done; adds what is recorded about it.")
@click.option("--diff", is_flag=True, help="Also the files that differ from the last commit.")
@budget_option
@repo_option
@json_option
@click.pass_obj
def command(
    runtime: Runtime,
    paths: tuple[str, ...],
    task: str | None,
    diff: bool,
    budget: int | None,
    repo: str | None,
    as_json: bool,
) -> None:
    """Show what governs PATHS before they are edited.

    Conventions, decisions in force and the notes beside the code, what binds these paths most first.
    A path need not exist yet.
    """
    checkout = runtime.checkout(repo)
    wanted = repository_paths(paths, checkout, runtime.cwd)
    if diff:
        from whykeeper.commands.changes import changed_paths

        wanted = list(dict.fromkeys([*wanted, *changed_paths(checkout)]))
    if not wanted and not task:
        if diff:
            raise QueryError("nothing differs from the last commit", "name paths, or a task with --task")
        raise QueryError("no path and no task", "name what is to be edited, or give --task or --diff")
    params = {"paths": wanted, "task": task, "budget": budget}
    answer = runtime.call(
        checkout, "context", {name: value for name, value in params.items() if value is not None}
    )
    if as_json:
        runtime.output.json(answer)
    else:
        _show(runtime, answer)


def _show(runtime: Runtime, answer: Mapping[str, Any]) -> None:
    output = runtime.output
    governing = answer.get("governing") or []
    if not governing:
        output.line("Nothing that is recorded governs this.")
    output.results(governing)
    conventions = answer.get("conventions") or []
    if conventions:
        output.line()
        output.line(f"conventions, most specific first: {', '.join(conventions)}")
    related = answer.get("related") or []
    if related:
        output.line()
        output.line("About the task:", "bold")
        output.results(related)
    output.notes(answer.get("notes") or [])

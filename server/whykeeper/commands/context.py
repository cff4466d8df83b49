"""``whykeeper context``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

import click

from whykeeper.commands.options import budget_option, json_option, repo_option
from whykeeper.commands.paths import repository_paths
from whykeeper.commands.runtime import Runtime
from whykeeper_indexers.errors import QueryError

if TYPE_CHECKING:
    from whykeeper.rendering import Output

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

    The rules of all convention files that apply, each once and with its line; then decisions in force and the
    notes beside the code, what binds these paths most first. A path need not exist yet.
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
    rules = answer.get("rules") or []
    # What has no text and is not cut is told by its rules.
    governing = [each for each in answer.get("governing") or [] if each.get("text") or each.get("truncated")]
    if not governing and not rules:
        yet = answer.get("complete", True)
        output.line("Nothing that is recorded governs this." if yet else "Nothing is found yet.")
    _disagreeing(output, answer.get("conflicts") or [])
    if enforced := answer.get("enforced"):
        output.line(f"enforced by linters, so not repeated: {'; '.join(enforced)}")
        output.line()
    _rules(output, rules, {each.get("path"): each for each in answer.get("governing") or []})
    if rules and governing:
        output.line("Decisions and documents:", "bold")
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


def _disagreeing(output: Output, conflicts: Sequence[str]) -> None:
    if conflicts:
        output.line("Conflicts, which nobody has settled:", "bold")
        for said in conflicts:
            output.line(f"  {said}", "yellow")
        output.line()


def _rules(output: Output, rules: Sequence[Mapping[str, Any]], governing: Mapping[Any, Any]) -> None:
    """Write rules file by file, each with its place."""
    for path, group in groupby(rules, lambda rule: rule["path"]):
        of_file = list(group)
        file = governing.get(path) or {}
        stale = f" [{file['freshness']}]" if file.get("freshness") not in (None, "fresh") else ""
        why = f" ({file['because']})" if file.get("because") else ""
        bound = of_file[0].get("paths")
        output.line(f"{path}{stale}{why}{', for ' + ', '.join(bound) if bound else ''}", "bold")
        for under, below in groupby(of_file, lambda rule: rule.get("under")):
            if under:
                output.line(f"  {under}", "cyan")
            for rule in below:
                _rule(output, rule)
        output.line()


def _rule(output: Output, rule: Mapping[str, Any]) -> None:
    first, *rest = str(rule["text"]).split("\n")
    output.line(f"    {rule['path']}:{rule['line']}  {first}")
    for line in rest:
        output.line(f"      {line}")
    if rule.get("also"):
        output.line(f"      also {', '.join(rule['also'])}", "dim")

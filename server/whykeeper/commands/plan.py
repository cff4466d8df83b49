"""``whykeeper plan``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from whykeeper.commands.options import json_option, repo_option
from whykeeper.commands.runtime import Runtime

__all__ = ["command"]

_STYLE = {"open": "green", "done": "dim", "dropped": "dim"}


@click.group(no_args_is_help=True)
def command() -> None:
    """Look after plans of work.

    A plan is a Markdown file in .whykeeper/plans, kept with the branch: edit it as you like.
    """


@command.command("list")
@click.option("--all", "everything", is_flag=True, help="Also those that are closed.")
@repo_option
@json_option
@click.pass_obj
def list_plans(runtime: Runtime, everything: bool, repo: str | None, as_json: bool) -> None:
    """List the open plans, those of this branch first."""
    answer = runtime.call(runtime.checkout(repo), "plans", {"all": everything})
    if as_json:
        runtime.output.json(answer)
        return
    output, plans = runtime.output, answer.get("plans") or []
    for plan in plans:
        mark = "*" if plan.get("here") else " "
        ended = f" ({plan['over']})" if plan.get("over") else ""
        branch = f", branch {plan['branch']}{ended}" if plan.get("branch") else ""
        output.line(
            f"{mark} {plan.get('name')}  {plan.get('state')}{branch}, {_steps(plan)}",
            _STYLE.get(str(plan.get("state")), ""),
        )
        output.line(f"    {plan.get('title')}")
    if not plans:
        output.line("No plan is open.")
    if (closed := answer.get("closed")) and not everything:
        output.line(f"{closed} closed: --all lists them", "dim")
    output.notes(answer.get("notes") or [])


@command.command()
@click.argument("name", required=False)
@repo_option
@json_option
@click.pass_obj
def show(runtime: Runtime, name: str | None, repo: str | None, as_json: bool) -> None:
    """Print a plan; without NAME the open one of this branch."""
    answer = runtime.call(runtime.checkout(repo), "plan", {"plan": name})
    if as_json:
        runtime.output.json(answer)
        return
    runtime.output.line(f"{answer.get('path')}: {answer.get('state')}, {_steps(answer)}", "bold")
    runtime.output.line()
    runtime.output.raw(str(answer.get("text") or "").rstrip("\n"))
    runtime.output.notes(answer.get("notes") or [])


@command.command()
@click.argument("goal", nargs=-1, required=True)
@click.option("--name", metavar="NAME", help="Of the file; default: the first words of the goal.")
@repo_option
@json_option
@click.pass_obj
def new(runtime: Runtime, goal: tuple[str, ...], name: str | None, repo: str | None, as_json: bool) -> None:
    """Make a plan from the team's template, to be filled in; GOAL is what will be true when it is done."""
    _save(runtime, repo, {"plan": name, "goal": " ".join(goal)}, as_json=as_json)


@command.command()
@click.argument("name", required=False)
@click.option("--dropped", is_flag=True, help="It is given up, not done.")
@click.option("--note", metavar="TEXT", help="Kept in the plan: what came of it, or why it is given up.")
@repo_option
@json_option
@click.pass_obj
def close(
    runtime: Runtime, name: str | None, dropped: bool, note: str | None, repo: str | None, as_json: bool
) -> None:
    """Close a plan as done; without NAME the open one of this branch."""
    state = "dropped" if dropped else "done"
    _save(runtime, repo, {"plan": name, "state": state, "note": note}, as_json=as_json)


@command.command()
@click.argument("name")
@repo_option
@json_option
@click.pass_obj
def reopen(runtime: Runtime, name: str, repo: str | None, as_json: bool) -> None:
    """Open a closed plan again."""
    _save(runtime, repo, {"plan": name, "state": "open"}, as_json=as_json)


def _save(runtime: Runtime, repo: str | None, params: dict[str, Any], *, as_json: bool) -> None:
    answer = runtime.call(runtime.checkout(repo), "plan_save", params)
    if as_json:
        runtime.output.json(answer)
        return
    state = params.get("state")
    said = {None: "saved", "open": "opened again", "done": "closed", "dropped": "given up"}[state]
    runtime.output.line(f"{answer.get('plan')}: {said}, {_steps(answer)}")
    runtime.output.notes(answer.get("notes") or [])


def _steps(plan: Mapping[str, Any]) -> str:
    return f"{plan.get('done') or 0} of {plan.get('steps') or 0} steps done"

"""``whykeeper install``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from whykeeper.clients.registry import CLIENTS
from whykeeper.commands.options import dry_run_option, json_option, repo_option, yes_option
from whykeeper.commands.registering import Launch, Request, launch_command, make
from whykeeper.commands.runtime import Runtime

if TYPE_CHECKING:
    from whykeeper.clients.registration import Plan

__all__ = ["command"]

_QUESTION = "Add these hooks?"


@click.command()
@click.argument("client", type=click.Choice(list(CLIENTS)))
@click.option("--user", is_flag=True, help="For all of your projects, instead of this repository.")
@click.option(
    "--hooks", is_flag=True, help="Have it resume plans at the start and verify before the end, too."
)
@yes_option
@dry_run_option
@repo_option
@json_option
@click.pass_obj
def command(
    runtime: Runtime,
    client: str,
    user: bool,
    hooks: bool,
    yes: bool,
    dry_run: bool,
    repo: str | None,
    as_json: bool,
) -> None:
    """Register whykeeper with a coding agent.

    Shows the exact edit to the agent's configuration first, and asks. Everything else in that file
    stays as it is.
    """
    from whykeeper.clients.registration import plan_install

    request = Request(runtime, CLIENTS[client], user=user, repo=repo)
    launch = launch_command(runtime, request.scope)
    plan = plan_install(request.client, request.scope, request.surroundings, launch.command, request.receipts)
    # Worked out first: where there can be no hooks, nothing is registered either.
    hooked = _hooks(request, launch) if hooks else None
    done = make(request, plan, yes=yes, dry_run=dry_run, as_json=as_json, question="Make this edit?")
    notes = [*launch.notes, *([request.client.project_note] if not user and done.changed else [])]
    if as_json:
        added = hooked and make(request, hooked, yes=yes, dry_run=dry_run, as_json=True, question=_QUESTION)
        report = {**done.report, "command": launch.command, "notes": [*plan.notes, *notes]}
        runtime.output.json({**report, **({"hooks": added.report} if added else {})})
        return
    if not plan.changes:
        runtime.output.line(
            f"whykeeper is already registered with {request.client.title} in {plan.file.path}"
        )
    elif done.changed:
        runtime.output.line(f"registered whykeeper with {request.client.title} in {plan.file.path}")
        runtime.output.notes(notes)
    if hooked is not None:
        _add_hooks(request, hooked, yes=yes, dry_run=dry_run)


def _hooks(request: Request, launch: Launch) -> Plan:
    from whykeeper.clients.hooks import plan_hooks

    return plan_hooks(request.client, request.scope, request.surroundings, launch.command, request.receipts)


def _add_hooks(request: Request, plan: Plan, *, yes: bool, dry_run: bool) -> None:
    output, title = request.runtime.output, request.client.title
    if not plan.changes:
        output.line(f"{title} already runs whykeeper's hooks, by {plan.file.path}")
    elif make(request, plan, yes=yes, dry_run=dry_run, as_json=False, question=_QUESTION).changed:
        output.line(f"{title} runs whykeeper's hooks from its next session on, by {plan.file.path}")

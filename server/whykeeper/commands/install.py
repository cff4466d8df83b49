"""``whykeeper install``."""

from __future__ import annotations

import click

from whykeeper.clients.registry import CLIENTS
from whykeeper.commands.options import dry_run_option, json_option, repo_option, yes_option
from whykeeper.commands.registering import Request, launch_command, make
from whykeeper.commands.runtime import Runtime

__all__ = ["command"]


@click.command()
@click.argument("client", type=click.Choice(list(CLIENTS)))
@click.option("--user", is_flag=True, help="For all of your projects, instead of this repository.")
@yes_option
@dry_run_option
@repo_option
@json_option
@click.pass_obj
def command(
    runtime: Runtime, client: str, user: bool, yes: bool, dry_run: bool, repo: str | None, as_json: bool
) -> None:
    """Register whykeeper with a coding agent.

    Shows the exact edit to the agent's configuration first, and asks. Everything else in that file
    stays as it is.
    """
    from whykeeper.clients.registration import plan_install

    request = Request(runtime, CLIENTS[client], user=user, repo=repo)
    launch = launch_command(runtime, request.scope)
    plan = plan_install(request.client, request.scope, request.surroundings, launch.command, request.receipts)
    done = make(request, plan, yes=yes, dry_run=dry_run, as_json=as_json, question="Make this edit?")
    notes = [*launch.notes, *([request.client.project_note] if not user and done.changed else [])]
    if as_json:
        runtime.output.json({**done.report, "command": launch.command, "notes": [*plan.notes, *notes]})
    elif not plan.changes:
        runtime.output.line(
            f"whykeeper is already registered with {request.client.title} in {plan.file.path}"
        )
    elif done.changed:
        runtime.output.line(f"registered whykeeper with {request.client.title} in {plan.file.path}")
        runtime.output.notes(notes)

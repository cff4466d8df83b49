"""``whykeeper uninstall``."""

from __future__ import annotations

import click

from whykeeper.clients.registry import CLIENTS
from whykeeper.commands.options import dry_run_option, json_option, repo_option, yes_option
from whykeeper.commands.registering import Request, make
from whykeeper.commands.runtime import Runtime

__all__ = ["command"]


@click.command()
@click.argument("client", type=click.Choice(list(CLIENTS)))
@click.option("--user", is_flag=True, help="From your own configuration, instead of this repository's.")
@yes_option
@dry_run_option
@repo_option
@json_option
@click.pass_obj
def command(
    runtime: Runtime, client: str, user: bool, yes: bool, dry_run: bool, repo: str | None, as_json: bool
) -> None:
    """Take whykeeper out of a coding agent's configuration.

    Takes out exactly what install put in, and shows that first.
    """
    from whykeeper.clients.registration import plan_uninstall

    request = Request(runtime, CLIENTS[client], user=user, repo=repo)
    plan = plan_uninstall(request.client, request.scope, request.surroundings, request.receipts)
    done = make(request, plan, yes=yes, dry_run=dry_run, as_json=as_json, question="Make this edit?")
    if as_json:
        runtime.output.json(done.report)
    elif not plan.changes:
        runtime.output.line(f"whykeeper is not registered with {request.client.title} in {plan.file.path}")
    elif done.changed:
        runtime.output.line(f"took whykeeper out of {plan.file.path}")

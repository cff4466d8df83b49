"""``whykeeper uninstall``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from whykeeper.clients.client import Scope
from whykeeper.clients.registry import CLIENTS
from whykeeper.commands.options import dry_run_option, json_option, repo_option, yes_option
from whykeeper.commands.registering import Request, make
from whykeeper.commands.runtime import Runtime

if TYPE_CHECKING:
    from whykeeper.clients.registration import Plan

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

    Takes out exactly what install put in, hooks too, and shows that first. With the last client of a
    repository goes the section that init put into the agents' file.
    """
    from whykeeper.clients.registration import plan_uninstall

    request = Request(runtime, CLIENTS[client], user=user, repo=repo)
    # First: the registration made the folder that both may be in.
    hooks = _hooks_left(request)
    unhooked = hooks and make(
        request, hooks, yes=yes, dry_run=dry_run, as_json=as_json, question="Take out these hooks?"
    )
    plan = plan_uninstall(request.client, request.scope, request.surroundings, request.receipts)
    done = make(request, plan, yes=yes, dry_run=dry_run, as_json=as_json, question="Make this edit?")
    section = _section_left(request, going=dry_run)
    taken = section and make(
        request, section, yes=yes, dry_run=dry_run, as_json=as_json, question="Take out this section, too?"
    )
    if as_json:
        also = {"hooks": unhooked, "section": taken}
        runtime.output.json({**done.report, **{name: each.report for name, each in also.items() if each}})
    elif not plan.changes:
        runtime.output.line(f"whykeeper is not registered with {request.client.title} in {plan.file.path}")
    elif done.changed:
        runtime.output.line(f"took whykeeper out of {plan.file.path}")
    if hooks and unhooked and unhooked.changed and not as_json:
        runtime.output.line(f"took whykeeper's hooks out of {hooks.file.path}")
    if section and taken and taken.changed and not as_json:
        runtime.output.line(f"took the section on whykeeper out of {section.file.path}")


def _hooks_left(request: Request) -> Plan | None:
    from whykeeper.clients.hooks import plan_without_hooks

    return plan_without_hooks(request.client, request.scope, request.surroundings, request.receipts)


def _section_left(request: Request, *, going: bool) -> Plan | None:
    """The section of the agents' file, where no other client of the repository is registered any more.

    Args:
        request: Which client is taken out.
        going: It is not taken out yet, and only shown.
    """
    from whykeeper.clients.registration import registered_entry
    from whykeeper.scaffold.agents_section import plan_removal

    root = request.surroundings.root
    if request.scope is not Scope.PROJECT or root is None:
        return None
    others = [client for client in CLIENTS.values() if not (going and client is request.client)]
    if any(registered_entry(each, Scope.PROJECT, request.surroundings) is not None for each in others):
        return None
    return plan_removal(root, request.receipts)

"""``whykeeper init``."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from whykeeper.commands.options import dry_run_option, json_option, repo_option, yes_option
from whykeeper.commands.runtime import Runtime

if TYPE_CHECKING:
    from whykeeper.clients.receipts import Receipts
    from whykeeper.scaffold.facts import Fact
    from whykeeper.scaffold.offers import Offer, Offers
    from whykeeper.scaffold.survey import Survey

__all__ = ["command"]


@click.command()
@yes_option
@dry_run_option
@repo_option
@json_option
@click.pass_obj
def command(runtime: Runtime, yes: bool, dry_run: bool, repo: str | None, as_json: bool) -> None:
    """Set a repository up.

    Looks at what is there, and offers what is missing: documents filled with what could be read and with
    questions for the rest, a folder for decisions, a template for plans, registration with the clients in
    use, a section for agents. Each is shown first. What exists is left as it is.
    """
    from whykeeper.checkouts import rules_folder
    from whykeeper.clients.receipts import Receipts
    from whykeeper.scaffold.survey import survey
    from whykeeper_indexers.scan import open_repository
    from whykeeper_indexers.secrets import use_rule_cache

    # What the daemon compiled is read; a dry run compiles for itself and writes nothing.
    if (rules := rules_folder(runtime.locations.data_dir)).is_dir():
        use_rule_cache(rules)
    repository = open_repository(runtime.checkout(repo))
    found = survey(repository)
    receipts = Receipts(runtime.locations.data_dir)
    offered = _offers(runtime, repository, found, receipts)
    writes = yes and not dry_run
    if as_json:
        written = [offer.path for offer in offered.offers if writes and _made(offer, receipts)]
        runtime.output.json(_report(found, offered, written))
        return
    _show(runtime, found, offered)
    asks = runtime.can_ask and not dry_run
    written = [
        offer.path
        for offer in offered.offers
        if _agreed(runtime, offer, asks, writes) and _made(offer, receipts)
    ]
    _say_what_came_of_it(runtime, offered, written, asked=asks or writes)


def _offers(runtime: Runtime, repository: Any, found: Survey, receipts: Receipts) -> Offers:
    from whykeeper.clients.client import Scope
    from whykeeper.commands.registering import launch_command, surroundings
    from whykeeper.scaffold.clients_offered import clients_offered
    from whykeeper.scaffold.offers import Offers, documents_offered, without_ignored
    from whykeeper_indexers.errors import UserError

    documents = documents_offered(repository, found, datetime.now(UTC).astimezone().date(), receipts)
    try:
        launch = launch_command(runtime, Scope.PROJECT)
    except UserError as error:
        return documents + Offers(notes=(f"no client is registered: {error}",))
    clients = clients_offered(surroundings(runtime, repository.root), launch.command, receipts)
    clients = without_ignored(repository, clients)
    return documents + clients + Offers(notes=launch.notes if clients.offers else ())


def _agreed(runtime: Runtime, offer: Offer, asks: bool, yes: bool) -> bool:
    """Show one offer, and ask."""
    output = runtime.output
    output.line()
    output.line(f"{offer.what}: {offer.path}", "bold")
    output.diff(offer.plan.diff())
    output.notes(offer.plan.notes)
    return (asks or yes) and runtime.confirm("Write this?", yes=yes)


def _made(offer: Offer, receipts: Receipts) -> bool:
    offer.plan.apply(receipts)
    return True


def _show(runtime: Runtime, found: Survey, offered: Offers) -> None:
    output = runtime.output
    output.line(str(found.tree.root), "bold")
    output.labelled(
        [
            *([("languages", ", ".join(found.languages))] if found.languages else []),
            *[("there", each) for each in offered.there],
            *[("offered", f"{each.what}: {each.path}") for each in offered.offers],
        ]
    )
    output.notes(offered.notes)


def _say_what_came_of_it(runtime: Runtime, offered: Offers, written: list[str], *, asked: bool) -> None:
    from whykeeper.rendering import counted

    output = runtime.output
    output.line()
    if not offered.offers:
        output.line("Nothing is missing.")
    elif not asked:
        output.line(
            "Nothing was written. `whykeeper init` asks one by one in a terminal; --yes writes all of this."
        )
    else:
        output.line(f"{counted(len(written), 'file')} written")
    if written:
        output.line(
            "Answer the questions in them, and commit what you keep; `whykeeper index` makes it findable."
        )


def _report(found: Survey, offered: Offers, written: list[str]) -> dict[str, Any]:
    return {
        "root": str(found.tree.root),
        "languages": list(found.languages),
        "folders": [{"name": each.name, "holds": each.holds} for each in found.folders],
        "facts": [_fact(each) for each in (*found.facts, *found.linters)],
        "there": list(offered.there),
        "offers": [
            {
                "what": each.what,
                "path": each.path,
                "text": each.plan.after,
                "diff": each.plan.diff(),
                "written": each.path in written,
                "notes": list(each.plan.notes),
            }
            for each in offered.offers
        ],
        "notes": list(offered.notes),
    }


def _fact(fact: Fact) -> dict[str, Any]:
    return {"matter": fact.matter.value, "text": fact.text, "path": fact.path, "line": fact.line or None}

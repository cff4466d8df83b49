"""``whykeeper read``."""

from __future__ import annotations

import click

from whykeeper.commands.options import budget_option, json_option, repo_option
from whykeeper.commands.runtime import Runtime
from whykeeper_indexers.errors import QueryError

__all__ = ["command"]


@click.command()
@click.argument("item_id", metavar="ID")
@budget_option
@repo_option
@json_option
@click.pass_obj
def command(runtime: Runtime, item_id: str, budget: int | None, repo: str | None, as_json: bool) -> None:
    """Print one remembered item whole, by the ID a search showed."""
    if not item_id.strip():
        raise QueryError(
            "the ID is empty", "give one that `whykeeper search` showed, a path or a commit's hash"
        )
    params = {"id": item_id} if budget is None else {"id": item_id, "budget": budget}
    item = runtime.call(runtime.checkout(repo), "read", params)
    if as_json:
        runtime.output.json(item)
        return
    output = runtime.output
    output.item(item)
    output.notes(item.get("notes") or [])

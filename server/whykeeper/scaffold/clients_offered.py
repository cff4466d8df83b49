"""The coding agents that a repository shows signs of, and their registration."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from whykeeper.clients.client import Scope, Surroundings
from whykeeper.clients.receipts import Receipts
from whykeeper.clients.registration import plan_install
from whykeeper.clients.registry import CLIENTS
from whykeeper.scaffold.offers import Offer, Offers
from whykeeper_indexers.errors import UserError

__all__ = ["clients_offered"]

_SIGNS = {
    "claude": (".mcp.json", ".claude", "CLAUDE.md"),
    "cursor": (".cursor", ".cursorrules"),
    # An editor's own folder says nothing of agents.
    "vscode": (".vscode/mcp.json", ".github/copilot-instructions.md", ".github/instructions"),
    "codex": (".codex",),
}
"""By client, what a team that works with it has in its repository."""


def clients_offered(where: Surroundings, command: str, receipts: Receipts) -> Offers:
    """Offer to register with the clients that are in use here.

    Args:
        where: The configuration files are.
        command: What a client starts.
        receipts: Of what was registered before.
    """
    assert where.root is not None
    found = list(_in_use(where.root))
    offered = Offers()
    for name in found:
        client = CLIENTS[name]
        try:
            plan = plan_install(client, Scope.PROJECT, where, command, receipts)
        except UserError as error:
            offered += Offers(notes=(f"{client.title} is not registered: {error.message}",))
            continue
        if plan.changes:
            notes = (client.project_note,) if client.project_note else ()
            path = client.project_file
            offered += Offers((Offer(f"registration with {client.title}", path, plan),), notes=notes)
        else:
            offered += Offers(there=(f"registration with {client.title}: {client.project_file}",))
    if not found:
        known = "|".join(CLIENTS)
        offered += Offers(notes=(f"no client's files are here; `whykeeper install {known}` registers one",))
    return offered


def _in_use(root: Path) -> Iterator[str]:
    for name, signs in _SIGNS.items():
        if any((root / sign).exists() for sign in signs):
            yield name

"""Every client whykeeper can be registered with."""

from __future__ import annotations

from collections.abc import Mapping

from whykeeper.clients import claude, codex, cursor, vscode
from whykeeper.clients.client import Client

__all__ = ["CLIENTS"]

CLIENTS: Mapping[str, Client] = {
    client.name: client for client in (claude.CLIENT, cursor.CLIENT, vscode.CLIENT, codex.CLIENT)
}

"""Cursor: ``.cursor/mcp.json`` in a repository and in the user's home folder."""

from __future__ import annotations

from pathlib import Path

from whykeeper.clients.client import Client, Surroundings

__all__ = ["CLIENT"]


def _user_file(surroundings: Surroundings) -> Path:
    return surroundings.home / ".cursor" / "mcp.json"


CLIENT = Client(
    name="cursor",
    title="Cursor",
    file_format="jsonc",
    key="mcpServers",
    project_file=".cursor/mcp.json",
    user_file=_user_file,
    project_note="Cursor lists the server under Settings, MCP; switch it on there if it is off.",
)

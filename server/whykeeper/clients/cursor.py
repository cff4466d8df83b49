"""Cursor: ``.cursor/mcp.json`` in a repository and in the user's home folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from whykeeper.clients.client import Client, Hooks, Surroundings

__all__ = ["CLIENT"]


def _user_file(surroundings: Surroundings) -> Path:
    return surroundings.home / ".cursor" / "mcp.json"


def _user_hooks(surroundings: Surroundings) -> Path:
    return surroundings.home / ".cursor" / "hooks.json"


def _hook(command: str, timeout_s: int) -> Mapping[str, Any]:
    return {"command": command, "timeout": timeout_s}


CLIENT = Client(
    name="cursor",
    title="Cursor",
    file_format="jsonc",
    key="mcpServers",
    project_file=".cursor/mcp.json",
    user_file=_user_file,
    project_note="Cursor lists the server under Settings, MCP; switch it on there if it is off.",
    hooks=Hooks(
        project_file=".cursor/hooks.json",
        user_file=_user_hooks,
        events={"session-start": "sessionStart", "stop": "stop"},
        entry=_hook,
        opening={"version": 1},
    ),
)

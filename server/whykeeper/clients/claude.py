"""Claude Code: ``.mcp.json`` in a repository, ``~/.claude.json`` for the user."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from whykeeper.clients.client import Client, Hooks, Surroundings

__all__ = ["CLIENT"]


def _user_file(surroundings: Surroundings) -> Path:
    moved = surroundings.env.get("CLAUDE_CONFIG_DIR")
    return (Path(moved) if moved else surroundings.home) / ".claude.json"


def _user_settings(surroundings: Surroundings) -> Path:
    moved = surroundings.env.get("CLAUDE_CONFIG_DIR")
    return (Path(moved) if moved else surroundings.home / ".claude") / "settings.json"


def _hook(command: str, timeout_s: int) -> Mapping[str, Any]:
    return {"hooks": [{"type": "command", "command": command, "timeout": timeout_s}]}


CLIENT = Client(
    name="claude",
    title="Claude Code",
    file_format="jsonc",
    key="mcpServers",
    project_file=".mcp.json",
    user_file=_user_file,
    project_note="Claude Code asks once, at its next start in this repository, whether to trust the server.",
    hooks=Hooks(
        project_file=".claude/settings.json",
        user_file=_user_settings,
        events={"session-start": "SessionStart", "stop": "Stop"},
        entry=_hook,
        opening={},
    ),
)

"""Claude Code: ``.mcp.json`` in a repository, ``~/.claude.json`` for the user."""

from __future__ import annotations

from pathlib import Path

from whykeeper.clients.client import Client, Surroundings

__all__ = ["CLIENT"]


def _user_file(surroundings: Surroundings) -> Path:
    moved = surroundings.env.get("CLAUDE_CONFIG_DIR")
    return (Path(moved) if moved else surroundings.home) / ".claude.json"


CLIENT = Client(
    name="claude",
    title="Claude Code",
    file_format="jsonc",
    key="mcpServers",
    project_file=".mcp.json",
    user_file=_user_file,
    project_note="Claude Code asks once, at its next start in this repository, whether to trust the server.",
)

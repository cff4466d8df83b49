"""Codex: ``.codex/config.toml`` in a repository and in the user's home folder."""

from __future__ import annotations

from pathlib import Path

from whykeeper.clients.client import Client, Surroundings

__all__ = ["CLIENT"]


def _user_file(surroundings: Surroundings) -> Path:
    moved = surroundings.env.get("CODEX_HOME")
    return (Path(moved) if moved else surroundings.home / ".codex") / "config.toml"


CLIENT = Client(
    name="codex",
    title="Codex",
    file_format="toml",
    key="mcp_servers",
    project_file=".codex/config.toml",
    user_file=_user_file,
    project_note="Codex reads a repository's .codex/config.toml once it was told to trust the repository.",
)

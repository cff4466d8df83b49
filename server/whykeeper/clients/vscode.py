"""Visual Studio Code: ``.vscode/mcp.json`` in a repository, ``mcp.json`` in the user's profile."""

from __future__ import annotations

from pathlib import Path

from whykeeper.clients.client import Client, Surroundings

__all__ = ["CLIENT"]


def _user_file(surroundings: Surroundings) -> Path:
    return _application_folder(surroundings) / "Code" / "User" / "mcp.json"


def _application_folder(surroundings: Surroundings) -> Path:
    if surroundings.platform == "win32":
        moved = surroundings.env.get("APPDATA")
        return Path(moved) if moved else surroundings.home / "AppData" / "Roaming"
    if surroundings.platform == "darwin":
        return surroundings.home / "Library" / "Application Support"
    moved = surroundings.env.get("XDG_CONFIG_HOME")
    return Path(moved) if moved else surroundings.home / ".config"


CLIENT = Client(
    name="vscode",
    title="Visual Studio Code",
    file_format="jsonc",
    key="servers",
    project_file=".vscode/mcp.json",
    user_file=_user_file,
    project_note='VS Code asks whether to trust the server; "MCP: List Servers" starts it at once.',
)

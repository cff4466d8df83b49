"""Asking which documents no longer hold."""

from __future__ import annotations

from typing import Any

from tests.conftest import GitFolder
from tests.surface.conftest import Agent

GUIDE = "docs/guide.md"


def stale(agent: Agent, **params: Any) -> dict[str, dict[str, Any]]:
    """What ``whykeeper stale`` says, by document."""
    return {each["path"]: each for each in agent.desk.control("stale", **params)["documents"]}


def findings(agent: Agent, path: str = GUIDE) -> list[tuple[str, int, str, str]]:
    """The state, line, name and outcome of each thing that does not hold in a document."""
    found = stale(agent, all=True)[path]["findings"]
    return [(each["state"], each["line"], each["names"], each["what"]) for each in found]


def head(project: GitFolder) -> str:
    return project.git("rev-parse", "HEAD").strip()

"""An agent at a checkout: the SDK's client on the server of a session, over real stores."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from mcp import Client
from mcp_types import CallToolResult, ListToolsResult, TextContent
from tests.conftest import GitFolder
from tests.memory.conftest import Desk, Machine, compiled_rules, machine

__all__ = ["Agent", "compiled_rules", "machine"]


class Agent:
    """Calls tools as a client does; an error is a result, never an exception."""

    def __init__(self, machine: Machine, desk: Desk) -> None:
        self.machine = machine
        self.desk = desk
        self._server = machine.on_loop(lambda: machine.host.mcp_server(desk.session))

    def call(self, tool: str, **arguments: Any) -> CallToolResult:
        async def ask() -> CallToolResult:
            async with Client(self._server) as client:
                return await client.call_tool(tool, arguments)

        return self.machine.run(ask())

    def answer(self, tool: str, **arguments: Any) -> dict[str, Any]:
        result = self.call(tool, **arguments)
        assert not result.is_error, result.content
        assert result.structured_content is not None
        return result.structured_content

    def refusal(self, tool: str, **arguments: Any) -> str:
        result = self.call(tool, **arguments)
        assert result.is_error, result.structured_content
        (content,) = result.content
        assert isinstance(content, TextContent)
        return content.text

    def tools(self) -> ListToolsResult:
        async def ask() -> ListToolsResult:
            async with Client(self._server) as client:
                return await client.list_tools()

        return self.machine.run(ask())

    def instructions(self) -> str:
        async def ask() -> str:
            async with Client(self._server) as client:
                return client.instructions or ""

        return self.machine.run(ask())

    def governing(self, *paths: str, **arguments: Any) -> dict[str, str]:
        """What binds some paths: to each document its reason, most binding first."""
        found = self.answer("get_context", paths=list(paths), **arguments)
        return {item["path"]: item["because"] for item in found["governing"]}

    def verdict(self, path: str | Path) -> dict[str, Any]:
        """What ``status --files`` says of a path."""
        (verdict,) = self.desk.control("status_files", paths=[str(path)])["files"]
        assert isinstance(verdict, dict)
        return verdict


AgentAt = Callable[..., Agent]


@pytest.fixture
def agent_at(request: pytest.FixtureRequest) -> AgentAt:
    """Seats an agent at a folder, once that is indexed.

    A machine takes seconds to start: the tests of a module share one, save those that ask for their own.
    """
    own = "machine" in request.fixturenames
    machine: Machine = request.getfixturevalue("machine" if own else "shared_machine")
    return lambda root, **env: seated(machine, root, **env)


def seated(machine: Machine, root: Path, **env: str) -> Agent:
    """Seat an agent at a folder, and wait until that is indexed."""
    # As users have it: what answers show of secrets and of history is part of the surface.
    machine.settings.clear()
    return Agent(machine, machine.sit(root, **env).settled())


@pytest.fixture(scope="module")
def shared_machine(tmp_path_factory: pytest.TempPathFactory, compiled_rules: Path) -> Iterator[Machine]:
    """A user's machine for a module whose tests leave what they find as it is."""
    machine = Machine(tmp_path_factory.mktemp("home"))
    machine.data_dir.mkdir()
    shutil.copytree(compiled_rules, machine.data_dir / "rules")
    yield machine
    machine.close()


@pytest.fixture(scope="module")
def shared_project(tmp_path_factory: pytest.TempPathFactory) -> GitFolder:
    """As `project`, for a module."""
    folder = GitFolder(tmp_path_factory.mktemp("project"))
    folder.git("init", "-q", "-b", "main")
    return filled(folder)


@pytest.fixture
def project(git_folder: GitFolder) -> GitFolder:
    """A small project with a decision, conventions, a document, code and a history."""
    return filled(git_folder)


def filled(git_folder: GitFolder) -> GitFolder:
    git_folder.write(
        "docs/decisions/0001-use-squid.md",
        "# 1. Use squid\n\nDate: 2024-01-02\n\n## Status\n\nAccepted\n\n## Context\n\nThe kraken leaked.\n\n"
        "## Decision\n\nWe use squid for the proxy, because `src/proxy.py` must not leak ink.\n",
    )
    git_folder.write("AGENTS.md", "# Rules\n\nWrite tests first. Never log ink.\n")
    git_folder.write("src/api/AGENTS.md", "# Rules of the interface\n\nEvery handler checks its caller.\n")
    git_folder.write("docs/guide.md", "# Guide\n\nThe lantern explains the harbour.\n")
    git_folder.write("src/proxy.py", "class SquidProxy:\n    def forward(self):\n        return 'ink'\n")
    git_folder.write("src/api/handlers.py", "def handle_order(order):\n    return order\n")
    git_folder.git("config", "user.name", "Ada")
    git_folder.git("config", "user.email", "ada@example.org")
    git_folder.commit("Add the proxy\n\nThe kraken leaked under load, because its buffers were never freed.")
    return git_folder

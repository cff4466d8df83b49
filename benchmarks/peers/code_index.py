"""code-index-mcp, asked for the question's words through its own tool."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.peers import environment, ripgrep
from benchmarks.peers.engine import Indexed
from benchmarks.peers.matches import Match, files, words
from benchmarks.retrieval.units import Reply
from benchmarks.stdio import StdioClient

__all__ = ["CodeIndex"]

PACKAGES = ("code-index-mcp==2.17.1",)
INDEX_LIMIT_S = 600.0
MOST_MATCHES = 20_000


class CodeIndex:
    """Its MCP server. ``search_code_advanced`` takes a pattern and gives lines: it has no search by question.

    Args:
        environments: Holds the virtual environments.
        scratch: Its home.
    """

    def __init__(self, environments: Path, scratch: Path) -> None:
        programs = environment.make(environments, "code-index", PACKAGES)
        # It takes the quickest searching program that it finds.
        searching = environment.make(environments, "ripgrep", ripgrep.PACKAGES)
        home = scratch / "code-index"
        home.mkdir(parents=True, exist_ok=True)
        env = {"PATH": f"{searching}:{os.environ['PATH']}", "HOME": str(home), "TMPDIR": str(home)}
        self._client = StdioClient([str(programs / "code-index-mcp")], env, home)
        self._client.handshake("legacy")
        self._folder = Path()
        self._root: str | None = None

    @property
    def name(self) -> str:
        """With its version, and what it was given."""
        return "code-index-mcp 2.17.1, files by distinct words"

    def index(self, checkout: Path, root: str | None, *, prose: bool) -> Indexed:  # noqa: ARG002 - it reads every text
        """Have it index a folder."""
        self._folder, self._root = checkout / (root or ""), root
        started = time.perf_counter()
        self._client.tool("set_project_path", {"path": str(self._folder)}, INDEX_LIMIT_S)
        return Indexed(time.perf_counter() - started)

    def ask(self, question: str, limit: int) -> Reply:
        """Ask for a question's words."""
        asked = words(question)
        arguments = {
            "pattern": "|".join(map(re.escape, asked)),
            "regex": True,
            "case_sensitive": False,
            "max_results": MOST_MATCHES,
        }
        started = time.perf_counter()
        found = self._client.tool("search_code_advanced", arguments)
        units = files(_matches(found, asked), self._folder, self._root, limit)
        return Reply(units, (time.perf_counter() - started) * 1000)

    def close(self) -> None:
        """End it."""
        self._client.close()


def _matches(found: dict[str, Any], asked: list[str]) -> Iterator[Match]:
    for each in found.get("result", found).get("results", ()):
        text = str(each.get("text", "")).lower()
        yield Match(str(each["file"]), frozenset(word for word in asked if word in text))

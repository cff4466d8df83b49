"""Asks whykeeper, through the SDK's own client and ``whykeeper serve``."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mcp import Client, StdioServerParameters

from benchmarks.retrieval.rows import Score, score_code, score_hand, score_scope, units_of
from benchmarks.retrieval.units import Reply
from benchmarks.sandbox import BenchmarkError

__all__ = ["Asked", "Subject", "links_of"]

BUDGET = 20_000
"""Rank metrics need ten whole results: the budget must not cut the list. It is the most."""
DEEP = 50
"""Results for the recall that tokens buy: the most, and as many as semble's benchmark takes."""
READY_LIMIT_S = 90.0
Rows = Sequence[tuple[str, dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the questions about one repository gave.

    Attributes:
        scores: One a row.
        deep: For rows of the code set, by id: up to `DEEP` results, with the times that the first ten took.
    """

    scores: list[Score]
    deep: dict[str, Reply]


@dataclass(frozen=True, slots=True)
class Subject:
    """The program that is measured.

    Attributes:
        program: The ``whykeeper`` command.
        env: Its environment, which names the data folder.
    """

    program: str
    env: Mapping[str, str]

    def index(self, checkout: Path) -> float:
        """Index a checkout to the end; seconds it took."""
        started = time.monotonic()
        command = [self.program, "index", "--repo", str(checkout)]
        subprocess.run(
            command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=self.env
        )
        took = time.monotonic() - started
        print(f"{checkout.name}: indexed in {took:.1f} s", file=sys.stderr)
        return took

    def stop_daemon(self) -> None:
        """End the daemon, so that this process may open its stores."""
        subprocess.run([self.program, "daemon", "stop"], check=True, stdout=subprocess.DEVNULL, env=self.env)

    def ask(self, checkout: Path, rows: Rows, links: Mapping[str, str]) -> Asked:
        """Ask every question about one repository."""
        return asyncio.run(self._ask(checkout, rows, links))

    async def _ask(self, checkout: Path, rows: Rows, links: Mapping[str, str]) -> Asked:
        server = StdioServerParameters(
            command=self.program, args=["serve", "--repo", str(checkout)], env=dict(self.env)
        )
        scores: list[Score] = []
        deep: dict[str, Reply] = {}
        async with Client(server) as client:
            await _hybrid(client, "search_memory", {"query": "is the model ready"})
            for name, row in rows:
                tool, arguments = _call_for(name, row)
                answer, took_ms = await _hybrid(client, tool, arguments)
                if name == "hand":
                    scores.append(score_hand(row, answer, links, took_ms))
                elif name == "scope":
                    scores.append(score_scope(row, answer, links, took_ms))
                else:
                    scores.append(score_code(row, Reply(units_of(answer), took_ms)))
                    inside_ms = answer["took_ms"]
                    answer, _ = await _hybrid(client, tool, {**arguments, "limit": DEEP})
                    deep[row["id"]] = Reply(units_of(answer), took_ms, inside_ms)
        return Asked(scores, deep)


def _call_for(name: str, row: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    if name == "scope":
        return "get_context", {"paths": [row["path"]], "budget_tokens": BUDGET}
    arguments = {"query": row["query"], "limit": 10 if name == "code" else 20, "budget_tokens": BUDGET}
    if name == "code":
        arguments |= {"kinds": ["code"], **({"paths": [row["root"]]} if row["root"] else {})}
    return "search_memory", arguments


async def _timed(client: Client, tool: str, arguments: dict[str, Any]) -> tuple[dict[str, Any], float]:
    started = time.perf_counter()
    result = await client.call_tool(tool, arguments)
    took_ms = (time.perf_counter() - started) * 1000
    if result.is_error or result.structured_content is None:
        raise BenchmarkError(f"{tool} {arguments}: {result.content}")
    return dict(result.structured_content), took_ms


async def _hybrid(client: Client, tool: str, arguments: dict[str, Any]) -> tuple[dict[str, Any], float]:
    """Ask, and again until meaning takes part in the answer: the models load one after the other."""
    deadline = time.monotonic() + READY_LIMIT_S
    while True:
        answer, took_ms = await _timed(client, tool, arguments)
        if answer.get("mode", "hybrid") == "hybrid":
            return answer, took_ms
        if time.monotonic() > deadline:
            raise BenchmarkError(f"the model did not get ready within {READY_LIMIT_S:.0f} s")
        await asyncio.sleep(0.2)


def links_of(checkout: Path) -> dict[str, str]:
    """Symbolic links that git tracks, to the files they lead to: a hit on one is a hit on the other."""
    git = ["git", "-C", str(checkout), "ls-files", "-s"]
    listed = subprocess.run(git, capture_output=True, text=True, check=True).stdout
    links = {}
    for line in listed.splitlines():
        if line.startswith("120000"):
            path = line.split("\t", 1)[1]
            target = (checkout / path).resolve()
            if target.is_file() and target.is_relative_to(checkout.resolve()):
                links[path] = target.relative_to(checkout.resolve()).as_posix()
    return links

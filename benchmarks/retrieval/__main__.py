"""Measure retrieval through the MCP tools.

    python -m benchmarks.retrieval --sets ../shared/eval --repos DIR [--only hand scope code]

``DIR`` holds a checkout of each repository at its pinned commit, named ``OWNER+NAME``. The
repositories are indexed by ``whykeeper index``; every question then goes through the SDK's own
client to ``whykeeper serve``.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mcp import Client, StdioServerParameters

from benchmarks.reporting import environment, write_results
from benchmarks.retrieval.rows import HAND_WRITTEN, Score, load, score_code, score_hand, score_scope
from benchmarks.retrieval.tables import print_tables

BUDGET = 20_000
"""Rank metrics need ten whole results: the budget must not cut the list."""


def main() -> None:
    options = _options()
    scores = asyncio.run(_measure(options))
    print_tables(scores)
    if options.out:
        rows = [
            {"row": s.row, "repo": s.repo, "group": s.group, "took_ms": s.took_ms, **s.values} for s in scores
        ]
        write_results(options.out, "retrieval", {"environment": environment(), "scores": rows})


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sets", type=Path, required=True, help="folder with the evaluation sets")
    parser.add_argument("--repos", type=Path, required=True, help="folder with the checkouts")
    parser.add_argument("--only", nargs="+", choices=["hand", "scope", "code"], default=["hand", "scope"])
    parser.add_argument("--repo", action="append", help="only these (owner/name)")
    parser.add_argument("--whykeeper", default=str(Path(sys.executable).parent / "whykeeper"))
    parser.add_argument("--out", type=Path, help="folder for a dated result file")
    return parser.parse_args()


async def _measure(options: argparse.Namespace) -> list[Score]:
    rows: defaultdict[str, list[tuple[str, dict[str, Any]]]] = defaultdict(list)
    sets = {"hand": HAND_WRITTEN, "scope": ("scope",), "code": ("code-search",)}
    for name in options.only:
        for row in load(options.sets, sets[name]):
            if not options.repo or row["repo"] in options.repo:
                rows[row["repo"]].append((name, row))
    scores: list[Score] = []
    for repo, wanted in rows.items():
        checkout = options.repos / repo.replace("/", "+")
        if not checkout.is_dir():
            print(f"{repo}: no checkout in {options.repos}, left out", file=sys.stderr)
            continue
        _index(options.whykeeper, checkout, str(wanted[0][1]["commit"]))
        scores += await _ask(options.whykeeper, checkout, wanted)
    return scores


def _index(program: str, checkout: Path, pin: str) -> None:
    head = subprocess.run(
        ["git", "-C", str(checkout), "rev-parse", "HEAD"], capture_output=True, text=True, check=True
    )
    if head.stdout.strip() != pin:
        raise SystemExit(f"{checkout} stands at {head.stdout.strip()}, not at its pin {pin}")
    started = time.monotonic()
    subprocess.run([program, "index", "--repo", str(checkout)], check=True, stdout=subprocess.DEVNULL)
    print(f"{checkout.name}: indexed in {time.monotonic() - started:.1f} s", file=sys.stderr)


async def _ask(program: str, checkout: Path, rows: Sequence[tuple[str, dict[str, Any]]]) -> list[Score]:
    links = _links(checkout)
    server = StdioServerParameters(
        command=program, args=["serve", "--repo", str(checkout)], env=dict(os.environ)
    )
    scores = []
    async with Client(server) as client:
        await _until_hybrid(client)
        for name, row in rows:
            started = time.perf_counter()
            answer = await _call(client, name, row)
            took_ms = (time.perf_counter() - started) * 1000
            if name == "hand":
                scores.append(score_hand(row, answer, links, took_ms))
            elif name == "scope":
                scores.append(score_scope(row, answer, links, took_ms))
            else:
                scores.append(score_code(row, answer, took_ms))
    return scores


async def _call(client: Client, name: str, row: dict[str, Any]) -> dict[str, Any]:
    if name == "scope":
        arguments: dict[str, Any] = {"paths": [row["path"]], "budget_tokens": BUDGET}
        tool = "get_context"
    else:
        tool = "search_memory"
        arguments = {"query": row["query"], "limit": 10 if name == "code" else 20, "budget_tokens": BUDGET}
        if name == "code":
            arguments |= {"kinds": ["code"], **({"paths": [row["root"]]} if row["root"] else {})}
    result = await client.call_tool(tool, arguments)
    if result.is_error or result.structured_content is None:
        raise SystemExit(f"{row['id']}: {result.content}")
    return dict(result.structured_content)


async def _until_hybrid(client: Client) -> None:
    for _ in range(300):
        result = await client.call_tool("search_memory", {"query": "is the model ready"})
        if result.structured_content and result.structured_content["mode"] == "hybrid":
            return
        await asyncio.sleep(0.2)
    raise SystemExit("the model did not get ready within a minute")


def _links(checkout: Path) -> dict[str, str]:
    listed = subprocess.run(
        ["git", "-C", str(checkout), "ls-files", "-s"], capture_output=True, text=True, check=True
    ).stdout
    links = {}
    for line in listed.splitlines():
        if line.startswith("120000"):
            path = line.split("\t", 1)[1]
            target = (checkout / path).resolve()
            if target.is_file() and target.is_relative_to(checkout.resolve()):
                links[path] = target.relative_to(checkout.resolve()).as_posix()
    return links


if __name__ == "__main__":
    main()

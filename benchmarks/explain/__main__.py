"""Explain lines of real repositories anew, and compare the commits with those judged by hand.

    python -m benchmarks.explain --repos DIR [DIR …] [--only OWNER/NAME]
    python -m benchmarks.explain --repos DIR --draw 3 --seed 20261122

``judged.jsonl`` holds the lines, drawn by lot from checkouts at the commits it names, with the commit that
made each what it is, as ``git log -L`` and ``git show`` tell it to a person, and what they found of the
answer. The lines are asked for through ``whykeeper explain`` in a throw-away home. ``--draw`` prints
other lines to judge.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.explain.drawing import draw
from benchmarks.reporting import markdown_table, quantile
from benchmarks.sandbox import BenchmarkError, Sandbox, at_pin, default_program, sandbox

JUDGED = Path(__file__).with_name("judged.jsonl")
BUDGET = 20_000
"""So that no reason is left out for its length."""
INDEXED_LIMIT_S = 300.0


def main() -> int:
    options = _options()
    try:
        if options.draw:
            _print_drawn(options)
            return 0
        with sandbox(options.whykeeper) as home:
            rows = list(_explained(home, options))
    except BenchmarkError as error:
        print(error, file=sys.stderr)
        return 1
    print(table(rows))
    return 1 if any(row["commit"] != row["found"] for row in rows) else 0


def table(rows: Sequence[dict[str, Any]]) -> str:
    """Lay the answers out beside the judgements.

    Args:
        rows: Judged lines, each with what was ``found`` and how long it took.
    """
    head = (
        "repository",
        "line",
        "made so by",
        "judged",
        "first reason",
        "right",
        "says why",
        "claims to",
        "false",
    )
    lines = [
        (
            row["repo"],
            f"`{row['target']}`",
            row["found"] or "–",
            "same" if row["found"] == row["commit"] else row["commit"],
            row["first"],
            "yes" if row["right"] else "no",
            row["says_why"],
            "yes" if row["confident"] else "no",
            row["false"] or "nothing",
        )
        for row in rows
    ]
    count = len(rows)
    same = sum(row["found"] == row["commit"] for row in rows)
    right = sum(bool(row["right"]) for row in rows)
    wrong = sum(bool(row["false"]) for row in rows)
    said = Counter(row["says_why"] for row in rows)
    claimed = [row["says_why"] for row in rows if row["confident"]]
    took = [row["took_ms"] for row in rows]
    return "\n".join(
        [
            markdown_table(head, lines),
            "",
            f"- the commit that made the line so: {same} of {count}",
            f"- first reason judged right: {right} of {count}; something false said: {wrong}",
            f"- the first reason says why: {said['yes']} yes, {said['partly']} partly, {said['no']} no",
            f"- confident: {len(claimed)}, of which {claimed.count('no')} do not say why",
            f"- an answer took {quantile(took, 0.5)} ms (median), {quantile(took, 0.95)} ms (95 %)",
        ]
    )


def judged() -> list[dict[str, Any]]:
    """Read the judged lines."""
    return [json.loads(line) for line in JUDGED.read_text(encoding="utf-8").splitlines()]


def _explained(home: Sandbox, options: argparse.Namespace) -> Iterable[dict[str, Any]]:
    by_repo = defaultdict(list)
    for row in judged():
        if not options.only or row["repo"] in options.only:
            by_repo[row["repo"]].append(row)
    for repo, rows in by_repo.items():
        checkout = next((each for each in _checkouts(options.repos) if _name(each) == repo), None)
        if checkout is None:
            print(f"{repo}: no checkout, left out", file=sys.stderr)
            continue
        at_pin(checkout, rows[0]["at"])
        _await_index(home, checkout, rows[0]["target"])
        for row in rows:
            answer = _ask(home, checkout, row["target"])
            first = answer["reasons"][0] if answer["reasons"] else None
            said = f"{first['kind']} {first['id']}" if first and first["kind"] == "commit" else "none"
            if first and first["kind"] != "commit":
                said = f"{first['kind']} {first['path']}"
            found = (answer.get("last_commit") or "")[:12]
            told = {key: answer[key] for key in ("took_ms", "confident")}
            yield {**row, "found": found, "first": said, **told}
        home.stop_daemon()


def _await_index(home: Sandbox, checkout: Path, target: str) -> None:
    """Wait until documents are found by words; nothing more is asked of the index."""
    deadline = time.monotonic() + INDEXED_LIMIT_S
    while not _ask(home, checkout, target)["complete"]:
        if time.monotonic() > deadline:
            raise BenchmarkError(f"{checkout.name} was not indexed within {INDEXED_LIMIT_S:.0f} s")
        time.sleep(0.5)


def _ask(home: Sandbox, checkout: Path, target: str) -> dict[str, Any]:
    return home.json("explain", target, "--repo", str(checkout), "--budget", str(BUDGET))


def _print_drawn(options: argparse.Namespace) -> None:
    for checkout in _checkouts(options.repos):
        if not options.only or _name(checkout) in options.only:
            for path, number, text in draw(checkout, options.draw, options.seed):
                print(f"{_name(checkout)}\t{path}:{number}\t{text}")


def _checkouts(folders: Sequence[Path]) -> list[Path]:
    return [each for folder in folders for each in sorted(folder.iterdir()) if (each / ".git").exists()]


def _name(checkout: Path) -> str:
    return checkout.name.replace("+", "/", 1)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repos", type=Path, required=True, nargs="+", help="folders with the checkouts")
    parser.add_argument("--only", action="append", help="only these repositories (owner/name)")
    parser.add_argument("--draw", type=int, default=0, help="print so many lines of each checkout instead")
    parser.add_argument("--seed", type=int, default=20261122, help="of the lot")
    parser.add_argument("--whykeeper", default=default_program(), help="the program to measure")
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())

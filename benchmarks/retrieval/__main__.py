"""Measure retrieval: whykeeper through its MCP tools, its parts one by one, and peers beside it.

    python -m benchmarks.retrieval --sets ../shared/eval --repos DIR [DIR …] [--only hand scope code]
        [--peers] [--ablate] [--fresh] [--write]

A folder of ``--repos`` holds checkouts at their pinned commits, named ``OWNER+NAME``; they are only read.
The repositories are indexed by ``whykeeper index``, in the data folder of the environment (``--fresh``: in
a throw-away home); every question then goes through the SDK's own client to ``whykeeper serve``.
``--write`` measures everything, writes a dated result file and the README's tables.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from benchmarks.figures import README, RESULTS, dated, newest, write_results, write_sections
from benchmarks.peers.environment import default_folder
from benchmarks.reach import reach_table
from benchmarks.retrieval import ablation, tables
from benchmarks.retrieval.asking import Subject, links_of
from benchmarks.retrieval.comparison import Comparison
from benchmarks.retrieval.rows import HAND_WRITTEN, Score, load
from benchmarks.sandbox import BenchmarkError, at_pin, default_program, sandbox
from whykeeper.locations import locations

SETS = {"hand": HAND_WRITTEN, "scope": ("scope",), "code": ("code-search",)}
Rows = dict[str, list[tuple[str, dict[str, Any]]]]


def main() -> int:
    options = _options()
    try:
        with _subject(options) as subject:
            parts = _measure(options, subject)
    except BenchmarkError as error:
        print(error, file=sys.stderr)
        return 1
    for part in parts.values():
        print(f"\n{part['table']}")
    if options.out or options.write:
        folder = options.out or RESULTS
        print(f"\n{write_results(folder, 'retrieval', parts)}", file=sys.stderr)
        if options.write:
            found = newest(folder, "retrieval")
            tables_now = {name: dated(part["table"], [part]) for name, part in found.items()}
            reach = reach_table(found, newest(folder, "speed"), newest(folder, "verify"))
            write_sections(README, {**tables_now, "reach": reach})
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sets", type=Path, required=True, help="folder with the evaluation sets")
    parser.add_argument("--repos", type=Path, required=True, nargs="+", help="folders with the checkouts")
    parser.add_argument("--only", nargs="+", choices=list(SETS), help="only these sets")
    parser.add_argument("--repo", action="append", help="only these repositories (owner/name)")
    parser.add_argument("--peers", action="store_true", help="measure peers, and tokens, in the same run")
    parser.add_argument("--ablate", action="store_true", help="switch off each part of the ranking")
    parser.add_argument("--fresh", action="store_true", help="index anew, in a throw-away home")
    parser.add_argument("--whykeeper", default=default_program(), help="the program to measure")
    parser.add_argument("--environments", type=Path, default=default_folder(), help="folder for peers")
    parser.add_argument("--out", type=Path, help=f"folder for a dated result file (--write: {RESULTS.name}/)")
    parser.add_argument("--write", action="store_true", help="all of it, and the README's tables")
    options = parser.parse_args()
    if options.write:
        if options.only or options.repo:
            parser.error("the README's tables are of all sets and repositories: --write goes without --only")
        options.peers = options.ablate = True
    options.only = options.only or (list(SETS) if options.write else ["hand", "scope"])
    return options


@contextmanager
def _subject(options: argparse.Namespace) -> Iterator[Subject]:
    if options.fresh:
        with sandbox(options.whykeeper) as home:
            yield Subject(options.whykeeper, home.env)
    else:
        # Named, wherever it is by default: the peers are given the model that is kept there.
        data = str(locations(os.environ).data_dir)
        yield Subject(options.whykeeper, {**os.environ, "WHYKEEPER_DATA_DIR": data})


def _measure(options: argparse.Namespace, subject: Subject) -> dict[str, Any]:
    rows = _rows(options)
    scores: list[Score] = []
    ablated: list[ablation.Variants] = []
    with ExitStack() as stack:
        comparison = None
        if options.peers:
            scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="wk-peers-")))
            comparison = stack.enter_context(Comparison(options.environments, scratch, subject.env))
        for repo, wanted in rows.items():
            checkout = _checkout(options.repos, repo)
            if checkout is None:
                print(f"{repo}: no checkout, left out", file=sys.stderr)
                continue
            at_pin(checkout, str(wanted[0][1]["commit"]))
            subject.index(checkout)
            links = links_of(checkout)
            asked = subject.ask(checkout, wanted, links)
            scores += asked.scores
            if comparison:
                comparison.ask(checkout, wanted, links, asked)
            if options.ablate:
                subject.stop_daemon()
                ablated.append(ablation.ablate(checkout, wanted, subject.env, links))
        subject.stop_daemon()
        return _parts(scores, comparison, ablated)


def _parts(
    scores: Sequence[Score], comparison: Comparison | None, ablated: Sequence[ablation.Variants]
) -> dict[str, Any]:
    parts: dict[str, Any] = {
        "retrieval": {
            "table": tables.retrieval(scores),
            "summary": tables.summary(scores),
            "rows": [[s.row, s.group, round(s.took_ms, 1), _rounded(s.values)] for s in scores],
        }
    }
    if comparison:
        parts["peers"] = comparison.part()
    if ablated:
        parts["ablation"] = {"table": ablation.table(ablated)}
    return parts


def _rounded(values: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, 4) for name, value in values.items()}


def _rows(options: argparse.Namespace) -> Rows:
    rows: defaultdict[str, list[tuple[str, dict[str, Any]]]] = defaultdict(list)
    for name in options.only:
        for row in load(options.sets, SETS[name]):
            if not options.repo or row["repo"] in options.repo:
                rows[row["repo"]].append((name, row))
    return rows


def _checkout(folders: Sequence[Path], repo: str) -> Path | None:
    found = (folder / repo.replace("/", "+") for folder in folders)
    return next((checkout for checkout in found if checkout.is_dir()), None)


if __name__ == "__main__":
    sys.exit(main())

"""Flag the documents of real repositories that are stale, and compare with judgements made by hand.

    python -m benchmarks.freshness --repos DIR [DIR …] [--write]

A DIR holds checkouts named OWNER+NAME with their whole history, each at the commit of ``judged.jsonl``. Every
statement there was judged by opening the document, the code and the history: it is right when what the line
says of the repository holds no more. A statement that is flagged now and was not judged is counted apart, and
shown. What is not at such a commit is left out, and said.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.figures import README, RESULTS, dated, newest, write_results, write_sections
from benchmarks.reporting import markdown_table
from benchmarks.sandbox import BenchmarkError
from whykeeper_indexers.catalog import Catalog
from whykeeper_indexers.index.freshening import Freshener
from whykeeper_indexers.index.gate import Gate
from whykeeper_indexers.index.indexer import Indexer
from whykeeper_indexers.index.parse_pool import ParsePool
from whykeeper_indexers.link_types import Freshness, FreshnessReport
from whykeeper_indexers.scan import ScanOptions, open_repository

JUDGED = Path(__file__).parent / "judged.jsonl"
HEADINGS = (
    *("repository", "commits", "documents", "broken: right", "wrong", "drifted: right", "wrong"),
    *("not judged", "no longer flagged", "seconds"),
)
STATES = (Freshness.BROKEN, Freshness.DRIFTED)
INDEX_LIMIT_S = 900.0
ROUND_LIMIT_S = 600.0
_Key = tuple[str, int, str, str]


def main() -> int:
    """Run as a program."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.freshness",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--repos", type=Path, nargs="+", required=True, help="folders with checkouts")
    parser.add_argument("--write", action="store_true", help="keep the result, and write the README's table")
    parser.add_argument("--only", nargs="+", metavar="OWNER/NAME", help="these repositories alone")
    given = parser.parse_args()
    judged: defaultdict[tuple[str, str], dict[_Key, bool]] = defaultdict(dict)
    for line in JUDGED.read_text(encoding="utf-8").splitlines():
        each = json.loads(line)
        if given.only and each["repository"] not in given.only:
            continue
        key = (each["path"], each["line"], each["names"], each["state"])
        judged[each["repository"], each["commit"]][key] = each["right"]
    try:
        rows = [_row(*at, known, given.repos) for at, known in judged.items() if _checkout(*at, given.repos)]
    except BenchmarkError as error:
        print(error, file=sys.stderr)
        return 1
    if not rows:
        print("none of the repositories is there", file=sys.stderr)
        return 1
    table = markdown_table(HEADINGS, [*rows, _total(rows)])
    print(table)
    print(_precision(rows))
    if given.write:
        write_results(RESULTS, "freshness", {"precision": {"table": f"{table}\n\n{_precision(rows)}"}})
        part = newest(RESULTS, "freshness")["precision"]
        write_sections(README, {"freshness": dated(part["table"], [part])})
    return 0


def _row(repository: str, commit: str, known: Mapping[_Key, bool], folders: Sequence[Path]) -> list[Any]:
    root = _checkout(repository, commit, folders)
    assert root is not None
    reports, seconds = flagged(root)
    print(f"{repository}: {len(reports)} documents judged in {seconds:.0f} s", file=sys.stderr)
    found: set[_Key] = {
        (each.path, finding.line, finding.target, finding.state.value)
        for each in reports.values()
        for finding in each.findings
        if finding.state in STATES
    }
    for key in sorted(found - known.keys()):
        print(f"not judged: {repository} {key[3]} {key[0]}:{key[1]} {key[2]}")
    for key in sorted(known.keys() - found):
        verdict = "right" if known[key] else "wrong"
        print(f"no longer flagged ({verdict}): {repository} {key[0]}:{key[1]} {key[2]}")
    counts = Counter((key[3], known[key]) for key in found & known.keys())
    commits = subprocess.run(
        ["git", "-C", str(root), "rev-list", "--count", "HEAD"], capture_output=True, text=True, check=True
    ).stdout
    verdicts = [counts[state.value, right] for state in STATES for right in (True, False)]
    lost = len(known.keys() - found)
    return [
        f"{repository} at {commit[:12]}",
        int(commits),
        len(reports),
        *verdicts,
        len(found - known.keys()),
        lost,
        round(seconds, 1),
    ]


def flagged(root: Path) -> tuple[Mapping[str, FreshnessReport], float]:
    """Index a checkout by words and judge its documents.

    Returns:
        The reports by path, and the seconds of the judging alone.
    """
    with tempfile.TemporaryDirectory() as folder:
        pool = ParsePool(2, Path(folder) / "rules")
        catalog = Catalog.open(Path(folder) / "catalog", vector_key=lambda chunk: chunk.text)
        repository = open_repository(root)
        indexer = Indexer(
            repository,
            ScanOptions(cut_secrets=False),
            catalog,
            pool,
            Gate(),
            history_limit=100_000,
            on_indexed=lambda _indexed: None,
            on_damage=lambda _error: None,
        )
        freshener = Freshener(repository, catalog, indexer.checkout, pool, lambda: indexer.busy)
        try:
            indexer.start()
            until = time.monotonic() + INDEX_LIMIT_S
            while (indexer.busy or not indexer.complete) and time.monotonic() < until:
                time.sleep(0.1)
            if indexer.failure is not None:
                raise BenchmarkError(f"{root} cannot be indexed: {indexer.failure}")
            freshener.start()
            started = time.monotonic()
            if not freshener.judge(ROUND_LIMIT_S):
                raise BenchmarkError(f"{root} was not judged to the end: {freshener.failure or 'too slow'}")
            return catalog.freshness(indexer.checkout), time.monotonic() - started
        finally:
            freshener.close()
            indexer.close()
            pool.close()
            catalog.close()


def _checkout(repository: str, commit: str, folders: Sequence[Path]) -> Path | None:
    name = repository.replace("/", "+")
    for root in (folder / name for folder in folders):
        git = ["git", "-C", str(root), "rev-parse", "HEAD"]
        if root.is_dir() and subprocess.run(git, capture_output=True, text=True).stdout.strip() == commit:
            return root
    print(f"left out: no checkout {name} at {commit[:12]}", file=sys.stderr)
    return None


def _total(rows: Sequence[Sequence[Any]]) -> list[Any]:
    return ["all", *(round(sum(row[at] for row in rows), 1) for at in range(1, len(HEADINGS)))]


def _precision(rows: Sequence[Sequence[Any]]) -> str:
    total = _total(rows)
    said = []
    for state, at in zip(STATES, (3, 5), strict=True):
        right, wrong = total[at], total[at + 1]
        share = f"{right / (right + wrong):.3f}" if right + wrong else "–"
        said.append(f"{state.value}: {share} ({right} of {right + wrong})")
    return f"Precision of what is flagged and was judged: {', '.join(said)}."


if __name__ == "__main__":
    sys.exit(main())

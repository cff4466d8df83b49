"""Read the decision records of real repositories, and compare with what was counted by hand.

    python -m benchmarks.decisions --repos DIR [DIR …] [--write]

A DIR holds checkouts named OWNER+NAME (a second one of a repository OWNER+NAME-2), each at a commit of
``counted.jsonl``. Its numbers of files in the records' folders, of records among them and of those that
another one replaces were counted by reading. What is not at such a commit is left out, and said.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.figures import README, RESULTS, dated, newest, write_results, write_sections
from benchmarks.reporting import markdown_table
from benchmarks.sandbox import BenchmarkError
from whykeeper_indexers.decisions import DecisionLayout, decision_layout, parse_decision
from whykeeper_indexers.types import DecisionRecord, ParsedFile, SourceText

COUNTED = Path(__file__).parent / "counted.jsonl"
HEADINGS = (
    *("repository", "forms", "files there", "records by hand", "records read", "replaced by hand"),
    *("replaced as read", "status", "date", "context", "decision", "something refused", "consequences"),
)


def main() -> int:
    """Run as a program."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.decisions",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--repos", type=Path, nargs="+", required=True, help="folders with checkouts")
    parser.add_argument("--write", action="store_true", help="keep the result, and write the README's table")
    given = parser.parse_args()
    try:
        rows = list(measured(given.repos))
    except BenchmarkError as error:
        print(error, file=sys.stderr)
        return 1
    table = markdown_table(HEADINGS, [*rows, total(rows)])
    print(table)
    if given.write:
        write_results(RESULTS, "decisions", {"forms": {"table": table}})
        part = newest(RESULTS, "decisions")["forms"]
        write_sections(README, {"decisions": dated(part["table"], [part])})
    return 0


def measured(folders: Sequence[Path]) -> Iterator[list[Any]]:
    """Read every repository that was counted, and give its row.

    Raises:
        BenchmarkError: None of them is there at the commit it was counted at.
    """
    checkouts = [path for folder in folders for path in sorted(folder.iterdir()) if (path / ".git").exists()]
    found = False
    for line in COUNTED.read_text(encoding="utf-8").splitlines():
        counted = json.loads(line)
        checkout = next((each for each in checkouts if is_at(each, counted)), None)
        if checkout is None:
            print(f"{counted['repository']} at {counted['commit']} is not there", file=sys.stderr)
            continue
        found = True
        yield row(checkout, counted)
    if not found:
        raise BenchmarkError("no repository is there at the commit at which it was counted")


def is_at(checkout: Path, counted: Mapping[str, Any]) -> bool:
    """Whether a checkout is the one that was counted."""
    if not checkout.name.removeprefix("A-").startswith(counted["repository"].replace("/", "+")):
        return False
    wanted = subprocess.run(
        ["git", "-C", str(checkout), "rev-parse", "--verify", "--quiet", f"{counted['commit']}^{{commit}}"],
        capture_output=True,
        text=True,
    )
    head = subprocess.run(
        ["git", "-C", str(checkout), "rev-parse", "HEAD"], capture_output=True, text=True, check=True
    )
    return wanted.stdout == head.stdout


def row(checkout: Path, counted: Mapping[str, Any]) -> list[Any]:
    """Read one repository's records."""
    listed = subprocess.run(
        ["git", "-C", str(checkout), "ls-files", "-z"], capture_output=True, text=True, check=True
    )
    layout = decision_layout(checkout, listed.stdout.split("\0")[:-1])
    parsed = {path: found for path in sorted(layout.candidates) if (found := read(checkout, path, layout))}
    records = {path: found.decision for path, found in parsed.items() if found.decision}
    forms = Counter(record.form for record in records.values())
    contents = [found.content for found in parsed.values() if found.content]
    return [
        f"{counted['repository']} at {counted['commit']}",
        ", ".join(f"{form} {count}" for form, count in forms.most_common()),
        counted["files"],
        counted["records"],
        len(records),
        counted["superseded"],
        len(overtaken(records)),
        sum(record.status is not None for record in records.values()),
        sum(record.date is not None for record in records.values()),
        sum(bool(content.context) for content in contents),
        sum(bool(content.decision) for content in contents),
        sum(bool(content.alternatives) for content in contents),
        sum(bool(content.consequences) for content in contents),
    ]


def read(checkout: Path, path: str, layout: DecisionLayout) -> ParsedFile | None:
    """Parse a file as the index does."""
    file = checkout / path
    if file.is_symlink() or not file.is_file():
        return None
    text = file.read_bytes().decode("utf-8", "replace").replace("\r\n", "\n")
    return parse_decision(SourceText(path, text, ""), layout)


def overtaken(records: Mapping[str, DecisionRecord]) -> set[str]:
    """Records that another one replaces, whichever of the two says so."""
    by_others = {each for record in records.values() for each in record.supersedes}
    own = {path for path, record in records.items() if records.keys() & set(record.superseded_by)}
    return own | (by_others & records.keys())


def total(rows: Sequence[Sequence[Any]]) -> list[Any]:
    """Add up the columns of numbers."""
    sums = [sum(column) for column in zip(*(each[2:] for each in rows), strict=True)]
    return ["all", "", *sums]


if __name__ == "__main__":
    sys.exit(main())

"""Measure what nearness to the caller's open files is worth, on what people changed together.

    python -m benchmarks.retrieval.near --repos DIR [DIR …] [--sets SETS] [--commits N] [--strengths 1 …]

No public set tells which files were open. So a commit stands for a task: its subject is the question, one of
the files that it changed is open, and the others are sought, among code and documents; commits are left
out, for they would tell. The repositories are indexed already (``whykeeper index``), in the data folder
of the environment, and every question is asked in this process, without and with the open file. They are
split into two halves by turns: a strength that is chosen on one half is checked on the other.

Whoever has a file open may ask about something else. With ``--sets`` the hand-written questions are asked
too, each with some file of code open: what that costs is the strength's other side.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

from benchmarks.reporting import bootstrap_interval, markdown_table
from benchmarks.retrieval.ablation import opened_stores
from benchmarks.retrieval.asking import links_of
from benchmarks.retrieval.metrics import ndcg
from benchmarks.retrieval.rows import HAND_WRITTEN, load, score_hand
from benchmarks.sandbox import BenchmarkError
from whykeeper.results import result_item
from whykeeper_indexers.search import open_paths
from whykeeper_indexers.search.engine import search
from whykeeper_indexers.search.open_paths import SAME_FOLDER, open_file
from whykeeper_indexers.search.recall import Recall, SearchRequest
from whykeeper_indexers.types import Kind

KINDS = (Kind.DECISION, Kind.CONVENTION, Kind.DOCUMENT, Kind.CODE)
BUDGET = 20_000
LIMIT = 20
LOOKED_AT = 4_000
"""Commits from the newest on: older ones changed files that look different now."""
MOST_FILES = 8
"""Of a commit; one of more is a sweep over the repository."""
FEWEST_WORDS = 4
"""Of a subject: a shorter one asks nothing."""
_PULL_REQUEST = re.compile(r"\s*\(#\d+\)\s*$")
_ROUTINE = re.compile(
    r"^(?:bump|release|merge|revert|chore\(deps|build\(deps|update dependenc)", re.IGNORECASE
)

WITHOUT = "without an open file"
WITH = "with it"
ITSELF = "with it, sought itself too"
Scores = dict[str, dict[str, list[float]]]
"""By variant and repository."""


@dataclass(frozen=True, slots=True)
class Change:
    """A commit as a task.

    Attributes:
        question: Its subject.
        opened: One of the files that it changed.
        sought: The others.
    """

    question: str
    opened: str
    sought: frozenset[str]


def main() -> int:
    options = _options()
    scores: Scores = defaultdict(dict)
    asked = variants(options.strengths)
    cost: defaultdict[float, list[float]] = defaultdict(list)
    questions = list(load(options.sets, HAND_WRITTEN)) if options.sets else []
    try:
        for checkout in _checkouts(options.repos):
            with opened_stores(checkout, os.environ) as recall:
                changes = changes_of(checkout, _indexed(recall), options.commits)
                for name, variant in asked.items():
                    scores[name][checkout.name] = _scores(changes, recall, variant)
                for strength, values in _cost(checkout, recall, questions, options.strengths).items():
                    cost[strength] += values
            print(f"{checkout.name}: {len(changes)} commits", file=sys.stderr)
    except BenchmarkError as error:
        print(error, file=sys.stderr)
        return 1
    print(table(scores, {name: variant.beside for name, variant in asked.items()}))
    if cost:
        rows = [
            (f"{strength:g}" if strength else WITHOUT, _cell(found, cost[0.0]))
            for strength, found in cost.items()
        ]
        print(f"\n{markdown_table(('strength', 'hand-written questions, any file open: nDCG@10'), rows)}")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repos", type=Path, required=True, nargs="+", help="folders with the checkouts")
    parser.add_argument("--commits", type=int, default=40, help="of a repository, at most")
    parser.add_argument("--strengths", type=float, nargs="*", default=[], help="other strengths to compare")
    parser.add_argument("--sets", type=Path, help="folder with the evaluation sets, for what it costs")
    return parser.parse_args()


def _checkouts(folders: Sequence[Path]) -> list[Path]:
    return sorted(each for folder in folders for each in folder.iterdir() if (each / ".git").exists())


def _indexed(recall: Recall) -> frozenset[str]:
    entries = recall.catalog.file_entries(recall.checkout)
    return frozenset(entry.path for entry in entries if entry.kind in KINDS)


def changes_of(checkout: Path, indexed: frozenset[str], most: int) -> list[Change]:
    """Choose commits of a checkout's history, evenly from the newest on.

    Args:
        checkout: Only read.
        indexed: Files that can be found.
        most: How many to choose.
    """
    git = ["git", "-C", str(checkout), "-c", "core.quotePath=false"]
    command = [
        *git,
        "log",
        "--no-merges",
        "--no-renames",
        "--name-only",
        f"-{LOOKED_AT}",
        "--format=%x00%H%x01%s",
    ]
    log = subprocess.run(command, capture_output=True, text=True, errors="replace", check=True).stdout
    found = [change for entry in log.split("\0")[1:] if (change := _change(entry, indexed))]
    step = max(1, len(found) // most)
    return found[::step][:most]


def _change(entry: str, indexed: frozenset[str]) -> Change | None:
    head, _, names = entry.partition("\n")
    sha, _, subject = head.partition("\x01")
    files = sorted(name for name in names.split("\n") if name)
    question = _PULL_REQUEST.sub("", subject)
    there = [name for name in files if name in indexed]
    if len(there) < 2 or len(files) > MOST_FILES or _ROUTINE.match(question):
        return None
    if len(question.split()) < FEWEST_WORDS:
        return None
    chosen = there[_number(sha) % len(there)]
    return Change(question, chosen, frozenset(there) - {chosen})


@dataclass(frozen=True, slots=True)
class Variant:
    """A way of asking.

    Attributes:
        opened: Gives the open file, of all tasks of a repository and the place of the one asked about.
        constants: What is set otherwise than in the product, by name.
        beside: The variant that the difference is to.
        itself: Whether the open file counts as an answer like the others.
    """

    opened: Callable[[Sequence[Change], int], str] | None
    constants: Mapping[str, float]
    beside: str = WITHOUT
    itself: bool = False


def _own(changes: Sequence[Change], place: int) -> str:
    return changes[place].opened


def _of_another(changes: Sequence[Change], place: int) -> str:
    """The open file of the first task after this one that changed other files."""
    change = changes[place]
    others = (changes[(place + step) % len(changes)].opened for step in range(1, len(changes)))
    return next(
        (each for each in others if each != change.opened and each not in change.sought), change.opened
    )


def variants(strengths: Sequence[float]) -> dict[str, Variant]:
    """Name every way of asking.

    Args:
        strengths: To compare with the product's.
    """
    found = {
        WITHOUT: Variant(None, {}),
        WITH: Variant(_own, {}),
        "… not for shared folders": Variant(_own, {"SAME_FOLDER": 0.0}, WITH),
        "… not for what names it or it names": Variant(_own, {"LINKED": 0.0}, WITH),
        "… no more for itself than for its neighbours": Variant(_own, {"SAME_FILE": SAME_FOLDER}, WITH),
        ITSELF: Variant(_own, {}, ITSELF, itself=True),
        "… no more for it than for its neighbours": Variant(
            _own, {"SAME_FILE": SAME_FOLDER}, ITSELF, itself=True
        ),
        "with a file of another task": Variant(_of_another, {}),
    }
    for strength in strengths:
        found[f"with it, at {strength:g}"] = Variant(_own, {"NEAR": strength})
        found[f"with a file of another task, at {strength:g}"] = Variant(_of_another, {"NEAR": strength})
    return found


def _scores(changes: Sequence[Change], recall: Recall, variant: Variant) -> list[float]:
    with ExitStack() as stack:
        for name, value in variant.constants.items():
            if not hasattr(open_paths, name):
                raise BenchmarkError(
                    f"{open_paths.__name__} has no {name} any more: name what took its place"
                )
            stack.enter_context(patch.object(open_paths, name, value))
        opened = variant.opened
        return [
            _score(change, recall, opened(changes, place) if opened else None, itself=variant.itself)
            for place, change in enumerate(changes)
        ]


def _score(change: Change, recall: Recall, opened: str | None, *, itself: bool) -> float:
    request = SearchRequest(change.question, LIMIT, BUDGET, KINDS)
    if opened:
        text = recall.catalog.file_text(recall.checkout, opened)
        request = replace(request, near=(open_file(opened, text),))
    answer = search(request, recall)
    if answer.mode != "hybrid":
        raise BenchmarkError(f"an answer was {answer.mode}: {answer.notes}")
    ranked = dict.fromkeys(each.path for each in answer.results if each.path)
    if itself:
        return ndcg(list(ranked), dict.fromkeys(change.sought | {change.opened}, 1))
    # The caller has the file that is open: it is no answer, whether search was told of it or not.
    return ndcg([path for path in ranked if path != change.opened], dict.fromkeys(change.sought, 1))


def _cost(
    checkout: Path, recall: Recall, questions: Sequence[dict[str, Any]], strengths: Sequence[float]
) -> dict[float, list[float]]:
    """Score questions with a file of code open that was chosen blindly; 0 stands for none."""
    rows = [row for row in questions if row["repo"].replace("/", "+") == checkout.name]
    rows = [row for row in rows if row["type"] not in {"history", "absent"}]
    entries = recall.catalog.file_entries(recall.checkout) if rows else []
    code = sorted(entry.path for entry in entries if entry.kind is Kind.CODE)
    links = links_of(checkout) if rows else {}
    found: dict[float, list[float]] = {}
    for strength in (0.0, *sorted({open_paths.NEAR, *strengths})) if rows else ():
        with patch.object(open_paths, "NEAR", strength):
            found[strength] = [_cost_of(row, code, recall, links) for row in rows]
    return found


def _cost_of(row: dict[str, Any], code: Sequence[str], recall: Recall, links: Mapping[str, str]) -> float:
    path = code[_number(row["id"]) % len(code)]
    near = (open_file(path, recall.catalog.file_text(recall.checkout, path)),)
    answer = search(SearchRequest(row["query"], LIMIT, BUDGET, near=near), recall)
    results = [result_item(each).model_dump(mode="json") for each in answer.results]
    told = {"confident": answer.confident, "results": results}
    return score_hand(row, told, links, 0.0).values["ndcg@10"]


def _number(name: str) -> int:
    return int(hashlib.sha256(name.encode()).hexdigest(), 16)


def table(scores: Mapping[str, Mapping[str, Sequence[float]]], beside: Mapping[str, str]) -> str:
    """Lay out each variant over all repositories and over both halves of them.

    Args:
        scores: By variant and repository.
        beside: To each variant the one that its difference is to.
    """
    repos = sorted(scores[WITHOUT])
    halves = (repos, repos[::2], repos[1::2])
    rows = []
    for variant, by_repo in scores.items():
        cells = []
        for half in halves:
            values = [value for repo in half for value in by_repo[repo]]
            before = [value for repo in half for value in scores[beside[variant]][repo]]
            cells.append(_cell(values, before))
        rows.append([variant, *cells])
    counts = [sum(len(scores[WITHOUT][repo]) for repo in half) for half in halves]
    heads = [
        f"{name} ({count} commits)"
        for name, count in zip(("all", "one half", "other half"), counts, strict=True)
    ]
    return markdown_table(["nDCG@10 of the other files", *heads], rows)


def _cell(values: Sequence[float], before: Sequence[float]) -> str:
    mean = sum(values) / max(1, len(values))
    differences = [now - then for now, then in zip(values, before, strict=True)]
    if not any(differences):
        return f"{mean:.3f}"
    low, high = bootstrap_interval(differences)
    return f"{mean:.3f} ({sum(differences) / len(differences):+.3f} [{low:+.3f}, {high:+.3f}])"


if __name__ == "__main__":
    sys.exit(main())

"""Measure how well whykeeper tells what is recorded from what is not, when it is asked whether it is.

    python -m benchmarks.retrieval.whether --repos DIR [DIR …] [--foreign 60]

Questions are made of real decision records: of what they are titled, and of what they refused. Asked of
their own repository they have an answer; asked of another one they have none, but for topics that both
share. The wordings are those of somebody who doubts ("was … considered?", "is there an ADR about …").
Repositories without an index in the data folder of the environment only lend their records.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.reporting import markdown_table
from benchmarks.retrieval.ablation import opened_stores
from benchmarks.sandbox import BenchmarkError
from whykeeper_indexers.decisions import decision_content, decision_layout, parse_decision
from whykeeper_indexers.search.engine import search
from whykeeper_indexers.search.recall import SearchRequest
from whykeeper_indexers.types import DecisionContent, DecisionRecord, SourceText

OF_REFUSED = (
    "was {} considered?", "did we consider {}", "was {} ever considered",
    "was {} considered as an alternative",
)  # fmt: skip
OF_DECIDED = (
    "is there a decision about {}", "is there an ADR about {}", "any decision about {}?",
    "do we have a decision record about {}", "did we decide anything about {}", "what does our ADR on {} say",
    "is there a policy for {}", "did the team decide to {}",
)  # fmt: skip
WORDINGS = 2
"""Of each topic that has an answer."""
REFUSED_WORDS, DECIDED_WORDS = range(1, 6), range(2, 9)
"""How many words a topic may have, as somebody would say it."""
SEED = 7
_VERB = re.compile(r"^(?:use|introduce|add|adopt|support|implement|the|an?)\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Topic:
    """Something that a record decided or refused."""

    words: str
    wordings: Sequence[str]


def main() -> int:
    """Run as a program."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.retrieval.whether",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--repos", type=Path, nargs="+", required=True, help="folders with checkouts")
    parser.add_argument("--foreign", type=int, default=60, help="questions on others' topics of each")
    given = parser.parse_args()
    try:
        print(measure(given.repos, given.foreign))
    except BenchmarkError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def measure(folders: Sequence[Path], foreign: int) -> str:
    """Ask every indexed checkout, and give the table."""
    checkouts = sorted(path for folder in folders for path in folder.iterdir() if (path / ".git").exists())
    topics = {checkout: list(topics_of(checkout)) for checkout in checkouts}
    rows, total = [], Counter[str]()
    for checkout in checkouts:
        others = [each for other in checkouts if other != checkout for each in topics[other]]
        counted = _asked(checkout, topics[checkout], others, foreign) if topics[checkout] else None
        if counted:
            rows.append(_row(checkout.name.replace("+", "/"), counted))
            total += counted
    if not rows:
        raise BenchmarkError("no checkout with decision records is indexed: run `whykeeper index` in one")
    columns = ("repository", "recorded, and withheld", "not recorded, and found out")
    return markdown_table(columns, [*rows, _row("all", total)])


def topics_of(checkout: Path) -> Iterator[Topic]:
    """What the decision records of a checkout decided and refused, where it is said in a few words."""
    listed = subprocess.run(["git", "-C", str(checkout), "ls-files", "-z"], capture_output=True, check=True)
    layout = decision_layout(checkout, os.fsdecode(listed.stdout).split("\0")[:-1])
    for path in sorted(layout.candidates):
        file = checkout / path
        if file.is_symlink() or not file.is_file():
            continue
        source = SourceText(path, file.read_text(encoding="utf-8", errors="replace"), "")
        parsed, content = parse_decision(source, layout), decision_content(source, layout)
        if parsed and parsed.decision and content:
            yield from _topics(parsed.decision, content)


def _topics(record: DecisionRecord, content: DecisionContent) -> Iterator[Topic]:
    if len(record.title.split()) in DECIDED_WORDS:
        yield Topic(_VERB.sub("", record.title), OF_DECIDED)
    for alternative in content.alternatives:
        if len(alternative.name.split()) in REFUSED_WORDS:
            yield Topic(alternative.name, OF_REFUSED)


def _asked(
    checkout: Path, own: Sequence[Topic], others: Sequence[Topic], foreign: int
) -> Counter[str] | None:
    """How many questions were asked, and how many of them were told that nothing is recorded."""
    chosen = random.Random(SEED)
    recorded = [
        wording.format(topic.words) for topic in own for wording in chosen.sample(topic.wordings, WORDINGS)
    ]
    absent = [
        chosen.choice(topic.wordings).format(topic.words)
        for topic in chosen.sample(list(others), min(foreign, len(others)))
    ]
    counted = Counter[str]()
    try:
        with opened_stores(checkout, os.environ) as recall:
            if not recall.catalog.statistics(recall.checkout).files:
                return None
            for name, questions in (("recorded", recorded), ("absent", absent)):
                for question in questions:
                    answer = search(SearchRequest(question), recall)
                    counted[name] += 1
                    counted[f"{name} withheld"] += not answer.confident
    except BenchmarkError as error:
        print(error, file=sys.stderr)
        return None
    return counted


def _row(name: str, counted: Counter[str]) -> tuple[str, ...]:
    shares = (
        f"{counted[f'{kind} withheld']} of {counted[kind]}"
        + (f", {counted[f'{kind} withheld'] / counted[kind]:.0%}" if counted[kind] else "")
        for kind in ("recorded", "absent")
    )
    return (name, *shares)


if __name__ == "__main__":
    sys.exit(main())

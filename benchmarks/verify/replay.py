"""Real history, commit by commit: what is said of changes that a maintainer took."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.reach import ERRORS, WARNINGS
from benchmarks.reporting import markdown_table
from benchmarks.verify.pinned import Pinned
from benchmarks.verify.workbench import Bench, Clone, Timed
from whykeeper.verification.answer import FindingItem

__all__ = ["LIMITS", "Replayed", "alarms", "replay", "replay_tables"]

LIMITS: Mapping[str, float] = {"error": ERRORS, "warning": WARNINGS}
"""Share of the commits that may have a finding of a severity."""
SEVERITIES = ("error", "warning", "note")
HEADINGS = ("repository", "commits", "error", "warning", "note", "a commit: median", "of 20, the slowest")
AROUND = 3
"""Lines shown before and after a place."""


@dataclass
class Replayed:
    """One repository's history.

    Attributes:
        pinned: The repository.
        commits: What was verified: the commit, the answer and its time.
    """

    pinned: Pinned
    commits: list[tuple[str, Timed]] = field(default_factory=list)

    def part(self) -> dict[str, Any]:
        """What a result file keeps."""
        answers = [timed.answer for _, timed in self.commits]
        rules: Counter[tuple[str, str]] = Counter()
        for answer in answers:
            rules.update({(each.severity.value, each.rule) for each in answer.findings})
        seconds = sorted(timed.seconds for _, timed in self.commits)
        return {
            "repository": self.pinned.name,
            "at": self.pinned.commit,
            "commits": len(answers),
            "with": {
                severity: sum(any(each.severity == severity for each in a.findings) for a in answers)
                for severity in SEVERITIES
            },
            "rules": [[severity, rule, count] for (severity, rule), count in sorted(rules.items())],
            "median_s": round(seconds[len(seconds) // 2], 3),
            "p95_s": round(seconds[int(len(seconds) * 0.95)], 3),
            "failed": sorted({note for answer in answers for note in answer.notes if "failed" in note}),
        }


def replay(bench: Bench, pinned: Pinned, checkout: Path, count: int, checks: Sequence[str] = ()) -> Replayed:
    """Verify the newest commits of a repository, each against its parent."""
    found = Replayed(pinned)
    clone = bench.clone(pinned, checkout)
    for number, commit in enumerate(clone.non_merges(pinned.commit, count), 1):
        found.commits.append((commit, bench.verify(clone.root, commit, checks)))
        if number % 50 == 0:
            print(f"{pinned.name}: {number} commits", file=sys.stderr)
    return found


def replay_tables(parts: Sequence[Mapping[str, Any]]) -> str:
    """Lay out on how many commits there were findings, by repository and by rule."""
    rows = [
        (
            f"{part['repository']} at {part['at'][:12]}",
            part["commits"],
            *(_share(part["with"][severity], part["commits"], severity) for severity in SEVERITIES),
            f"{part['median_s']:.2f} s",
            f"{part['p95_s']:.2f} s",
        )
        for part in parts
    ]
    commits = sum(part["commits"] for part in parts)
    sums = [sum(part["with"][severity] for part in parts) for severity in SEVERITIES]
    shares = [_share(count, commits, each) for count, each in zip(sums, SEVERITIES, strict=True)]
    overall = ("all", commits, *shares, "", "")
    return f"{markdown_table(HEADINGS, [*rows, overall])}\n\n{_by_rule(parts)}"


def _by_rule(parts: Sequence[Mapping[str, Any]]) -> str:
    counts = {
        part["repository"]: {(severity, rule): count for severity, rule, count in part["rules"]}
        for part in parts
    }
    keys = sorted({key for found in counts.values() for key in found}, key=_heaviest_first)
    head = ("commits with", "severity", *(name.split("/")[1] for name in counts))
    return markdown_table(
        head, [(f"`{r}`", s, *(c.get((s, r), 0) for c in counts.values())) for s, r in keys]
    )


def _heaviest_first(key: tuple[str, str]) -> tuple[int, str]:
    return SEVERITIES.index(key[0]), key[1]


def _share(count: int, of: int, severity: str) -> str:
    said = f"{count} ({count / of:.1%})"
    limit = LIMITS.get(severity)
    return said if limit is None else f"{said} {'✓' if count / of <= limit else '✗'}"


def alarms(found: Replayed, clone: Clone, severities: Sequence[str], most: int) -> Iterator[str]:
    """Give false alarms, each with what it takes to judge it: of every rule in turn, the newest commit first.

    Args:
        found: What was replayed.
        clone: Of the same repository.
        severities: Which findings are asked for.
        most: How many.
    """
    by_rule: dict[str, list[tuple[str, FindingItem]]] = {}
    for commit, timed in found.commits:
        for each in timed.answer.findings:
            if each.severity.value in severities:
                by_rule.setdefault(each.rule, []).append((commit, each))
    given = 0
    while by_rule and given < most:
        for rule in sorted(by_rule):
            if given == most:
                break
            yield _shown(clone, *by_rule[rule].pop(0))
            given += 1
        by_rule = {rule: left for rule, left in by_rule.items() if left}


def _shown(clone: Clone, commit: str, finding: FindingItem) -> str:
    subject = clone.git("log", "-1", "--format=%s", commit).strip()
    said = [
        f"{clone.root.name} {commit[:12]} {subject}",
        f"  {finding.severity} {finding.rule} {finding.path}:{finding.line or ''}  {finding.message}",
        f"  hint: {finding.hint}",
        *_lines(clone, commit, finding.path, finding.line, finding.end_line),
    ]
    for each in finding.evidence[:3]:
        start, end = each.lines or (None, None)
        said += [f"  evidence: {each.path}:{start or ''} {each.text[:200]}"]
        said += _lines(clone, commit, each.path, start, end, each.text)
    return "\n".join(said)


def _lines(
    clone: Clone, commit: str, path: str, start: int | None, end: int | None, said: str = ""
) -> list[str]:
    """The text at a place after the commit, or before it where that is what is meant."""
    if start is None:
        return []
    sides = [clone.tree(each).text(path) for each in (commit, f"{commit}^")]
    texts = [text.split("\n") for text in sides if text is not None]
    quoted = said.removeprefix("before: ").strip()[:40]
    meant = [lines for lines in texts if quoted in "\n".join(lines[start - 1 : end or start])]
    lines = next(iter(meant or texts), [])
    last = min(end or start, start + 2 * AROUND) + AROUND
    numbered = list(enumerate(lines, 1))[max(start - AROUND - 1, 0) : last]
    return [f"    {number:5} {line[:160]}" for number, line in numbered]

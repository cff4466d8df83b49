"""What a repository tolerates, by its own history: which rules fire on most of its commits."""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Final

from pydantic import BaseModel, ConfigDict

from whykeeper.verification.findings import Severity
from whykeeper.verification.request import VerifyRequest
from whykeeper.verification.weighing import OFF
from whykeeper_indexers.change import ChangeSource, SourceKind
from whykeeper_indexers.errors import QueryError, WhykeeperError
from whykeeper_indexers.git import run_git

if TYPE_CHECKING:
    from whykeeper.verification.answer import VerifyAnswer
    from whykeeper_indexers.scan import Repository

__all__ = ["MOST_COMMITS", "Calibration", "CheckTime", "History", "RuleRate", "calibrated", "proposed"]

_log = logging.getLogger(__name__)

MOST_COMMITS: Final = 200
LEAST_COMMITS: Final = 20
"""Fewer show no habit."""
LEAST_FIRED: Final = 3
"""A rule that fired on fewer is left as it is, however short the history."""
ERRORS_TOLERATED: Final = 0.02
"""Share of commits on which an error may fire: they were merged all the same."""
WARNINGS_TOLERATED: Final = 0.15
NOTES_TOLERATED: Final = 0.5
"""What fires on more than half of all commits tells one from another no more."""


@dataclass(frozen=True, slots=True)
class History:
    """What is replayed.

    Attributes:
        repository: Whose.
        verify: Verifies one commit, with what checks say of themselves.
    """

    repository: Repository
    verify: Callable[[VerifyRequest], VerifyAnswer]


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RuleRate(_Answer):
    """How often one rule fires.

    Attributes:
        rule: ``check/rule``.
        severity: What its findings weigh by their check; the heaviest.
        commits: On how many commits it fires.
        share: Of all that were replayed.
        proposed: What it should weigh here; None where it stays.
        because: Why.
        sample: A commit on which it fires.
    """

    rule: str
    severity: str
    commits: int
    share: float
    proposed: str | None = None
    because: str = ""
    sample: str = ""


class CheckTime(_Answer):
    """What one check costs, in milliseconds a commit."""

    check: str
    median_ms: float
    worst_ms: float


class Calibration(_Answer):
    """What a replay of history shows.

    Attributes:
        commits: How many were replayed.
        rules: Those that fired, the most often first.
        checks: The slowest first.
        severities: What is proposed to be set, by rule.
        notes: What could not be looked at.
    """

    commits: int
    rules: list[RuleRate]
    checks: list[CheckTime]
    severities: dict[str, str]
    notes: list[str] = []


def calibrated(
    history: History, progress: Callable[[int, int], None] | None = None, commits: int = MOST_COMMITS
) -> Calibration:
    """Replay the last commits that are no merges, each against its parent, with what checks say by default.

    Args:
        history: Of the checkout.
        progress: Told how many of how many commits have been replayed.
        commits: How many at most.

    Raises:
        QueryError: The history is too short to show anything.
    """
    hashes = _hashes(history.repository, commits)
    fired: defaultdict[str, list[str]] = defaultdict(list)
    weights: dict[str, Severity] = {}
    times: defaultdict[str, list[float]] = defaultdict(list)
    skipped: Counter[str] = Counter()
    for done, commit in enumerate(hashes, start=1):
        answer = _replayed(history, commit, skipped)
        if progress is not None:
            progress(done, len(hashes))
        if answer is None:
            continue
        for check, taken in answer.times.items():
            times[check].append(taken)
        for item in answer.findings:
            weights[item.rule] = min(weights.get(item.rule, item.severity), item.severity, key=_rank)
            if fired[item.rule][-1:] != [commit]:
                fired[item.rule].append(commit)
    replayed = len(hashes) - sum(skipped.values())
    rates = [_rate(rule, weights[rule], at, replayed) for rule, at in fired.items()]
    return Calibration(
        commits=replayed,
        rules=sorted(rates, key=lambda rate: (-rate.commits, rate.rule)),
        checks=sorted(_times(times), key=lambda each: -each.median_ms),
        severities={rate.rule: rate.proposed for rate in rates if rate.proposed},
        notes=[f"{count} commits were passed over: {why}" for why, count in skipped.items()],
    )


def proposed(severity: Severity, share: float) -> tuple[str, str]:
    """Say what a rule should weigh that fires on a share of all commits, and why; empty where it stays."""
    if share > NOTES_TOLERATED:
        return OFF, f"it fires on more than {NOTES_TOLERATED:.0%} of the commits, so it tells nothing here"
    if severity is not Severity.NOTE and share > WARNINGS_TOLERATED:
        return Severity.NOTE.value, f"more than {WARNINGS_TOLERATED:.0%} of the commits were made with it"
    if severity is Severity.ERROR and share > ERRORS_TOLERATED:
        return Severity.WARNING.value, f"more than {ERRORS_TOLERATED:.0%} of the commits were made with it"
    return "", ""


def _hashes(repository: Repository, commits: int) -> Sequence[str]:
    if not repository.is_git:
        raise QueryError("this folder is no git repository", "calibration replays commits")
    listed = run_git(
        repository.root, ["rev-list", "--no-merges", f"--max-count={commits}", "HEAD"], ok=(0, 128)
    )
    hashes = listed.decode("ascii").split()
    if len(hashes) < LEAST_COMMITS:
        raise QueryError(
            f"there are {len(hashes)} commits, and fewer than {LEAST_COMMITS} show no habit",
            "come back later; a shallow clone can be deepened with git fetch --unshallow",
        )
    return hashes


def _replayed(history: History, commit: str, skipped: Counter[str]) -> VerifyAnswer | None:
    try:
        return history.verify(VerifyRequest(ChangeSource(SourceKind.RANGE, base="", head=commit)))
    except WhykeeperError as error:
        _log.warning("commit %s was not replayed: %s", commit, error.message)
        skipped[error.message] += 1
        return None


def _rate(rule: str, severity: Severity, at: Sequence[str], commits: int) -> RuleRate:
    share = len(at) / commits
    wanted, because = proposed(severity, share) if len(at) >= LEAST_FIRED else ("", "")
    return RuleRate(
        rule=rule,
        severity=severity,
        commits=len(at),
        share=round(share, 4),
        proposed=wanted or None,
        because=because,
        sample=at[0],
    )


def _times(times: Mapping[str, Iterable[float]]) -> Iterator[CheckTime]:
    for check, taken in times.items():
        ordered = sorted(taken)
        yield CheckTime(check=check, median_ms=round(median(ordered), 2), worst_ms=ordered[-1])


def _rank(severity: Severity) -> int:
    return severity.rank

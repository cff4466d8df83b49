from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest
from tests.conftest import GitFolder

from whykeeper.verification.calibration import Calibration, History, calibrated, proposed
from whykeeper.verification.findings import Finding, Severity
from whykeeper.verification.subject import Subject
from whykeeper.verification.verify import Verifier
from whykeeper_indexers.errors import QueryError
from whykeeper_indexers.facts import FactStore
from whykeeper_indexers.index.parse_pool import ParsePool
from whykeeper_indexers.scan import ScanOptions, open_repository

COMMITS = 25


def counting(subject: Subject) -> Iterable[Finding]:
    """Finds numbers: each rule is one that divides them."""
    number = int(subject.head.text("number.txt") or 0)
    for divisor, severity in (
        (1, Severity.WARNING),
        (4, Severity.WARNING),
        (7, Severity.ERROR),
        (9, Severity.ERROR),
    ):
        if number % divisor == 0:
            for line in (1, 2):
                rule = f"counting/by-{divisor}"
                yield Finding(
                    "counting", rule, severity, "number.txt", line, "It divides.", subject=str(line)
                )


@pytest.fixture
def history(git_folder: GitFolder, pool: ParsePool) -> Iterator[History]:
    store = FactStore(None)
    repository = open_repository(git_folder.root)
    verifier = Verifier(repository, ScanOptions(), store, pool, {}, {"counting": counting})
    yield History(repository, verifier.verify)
    store.close()


def replayed(history: History, git_folder: GitFolder) -> tuple[Calibration, list[tuple[int, int]]]:
    told: list[tuple[int, int]] = []
    for number in range(1, COMMITS + 1):
        git_folder.write("number.txt", str(number))
        git_folder.commit(str(number))
    return calibrated(history, lambda done, total: told.append((done, total))), told


def test_history_shows_what_fires_too_often_and_what_it_should_weigh(
    history: History, git_folder: GitFolder
) -> None:
    found, told = replayed(history, git_folder)

    assert (found.commits, told) == (COMMITS, [(done, COMMITS) for done in range(1, COMMITS + 1)])
    assert [(rate.rule, rate.severity, rate.commits, rate.proposed) for rate in found.rules] == [
        ("counting/by-1", "warning", 25, "off"),
        ("counting/by-4", "warning", 6, "note"),
        ("counting/by-7", "error", 3, "warning"),
        ("counting/by-9", "error", 2, None),
    ]
    assert found.severities == {"counting/by-1": "off", "counting/by-4": "note", "counting/by-7": "warning"}
    assert found.rules[0].because.startswith("it fires on more than 50% of the commits")
    (check,) = found.checks
    assert (check.check, check.median_ms <= check.worst_ms) == ("counting", True)


@pytest.mark.parametrize(
    ("severity", "share", "wanted"),
    [
        (Severity.ERROR, 0.02, ""),
        (Severity.ERROR, 0.03, "warning"),
        (Severity.ERROR, 0.16, "note"),
        (Severity.WARNING, 0.15, ""),
        (Severity.WARNING, 0.51, "off"),
        (Severity.NOTE, 0.5, ""),
        (Severity.NOTE, 0.51, "off"),
    ],
)
def test_the_more_often_a_rule_fires_the_less_it_should_weigh(
    severity: Severity, share: float, wanted: str
) -> None:
    assert proposed(severity, share)[0] == wanted


def test_a_short_history_shows_no_habit(history: History, git_folder: GitFolder) -> None:
    git_folder.commit("one")
    with pytest.raises(QueryError, match="fewer than 20"):
        calibrated(history)

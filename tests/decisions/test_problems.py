"""What does not add up among decision records."""

from __future__ import annotations

from collections.abc import Collection

import pytest

from whykeeper_indexers.decisions import decision_problems
from whykeeper_indexers.types import DecisionRecord

A, B, C = (f"docs/adr/000{number}-{name}.md" for number, name in enumerate(("a", "b", "c"), start=1))


def record(
    number: int | None = None, *, of: Collection[str] = (), by: Collection[str] = ()
) -> DecisionRecord:
    return DecisionRecord("madr-4", "ADR", "title", number, supersedes=tuple(of), superseded_by=tuple(by))


def problems(records: dict[str, DecisionRecord], *others: str) -> list[str]:
    return list(decision_problems(records, {*records, *others}.__contains__))


def test_records_that_agree_have_no_problem() -> None:
    assert problems({A: record(1, by=[B]), B: record(2, of=[A], by=[C]), C: record(3, of=[B])}) == []


@pytest.mark.parametrize("missing", ["docs/adr/0009-gone.md", "gone.md", "7", "ADR-0007", "rfc 7"])
def test_a_successor_that_is_missing_is_named(missing: str) -> None:
    assert problems({A: record(1, by=[missing])}) == [f"{A} is superseded by {missing}, which is not there"]


@pytest.mark.parametrize("elsewhere", ["https://example.org/adr/0007", "docs/guide.md", "the new scheme"])
def test_what_is_elsewhere_or_in_words_is_no_missing_record(elsewhere: str) -> None:
    assert problems({A: record(1, of=[elsewhere])}, "docs/guide.md") == []


def test_circles_are_told_once_whichever_side_says_so() -> None:
    circle = {
        A: record(1, by=[B]),
        B: record(2, by=[C]),
        C: record(3),
        "docs/adr/0004-d.md": record(4, of=[A]),
    }
    circle[A] = record(1, by=[B], of=[C])

    assert problems(circle) == [f"{A} → {B} → {C} → {A} supersede one another in a circle"]


def test_two_circles_are_both_told() -> None:
    found = problems({A: record(1, by=[B]), B: record(2, by=[A, C]), C: record(3, by=[B])})

    assert len(found) == 2 and all("circle" in each for each in found)


def test_one_number_in_one_folder_is_one_record() -> None:
    same, aside = "docs/adr/0001-again.md", "web/adr/0001-a.md"

    assert problems({A: record(1), same: record(1), aside: record(1)}) == [
        "2 decision records in docs/adr have the number 1: 0001-a.md, 0001-again.md"
    ]

"""``whykeeper constraints``: what decisions ask for, and whether the repository keeps to it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict

from whykeeper.verification.answer import FindingItem, finding_item
from whykeeper.verification.checks.constraints import finding_of
from whykeeper.verification.constraints.reading import Bound, Constraint, constraints_of
from whykeeper.verification.constraints.testing import idle_globs, present
from whykeeper.verification.findings import Severity
from whykeeper.verification.side import Side

__all__ = ["ConstraintItem", "ConstraintsAnswer", "DecisionItem", "ProblemItem", "constraints_report"]

MOST_PLACES = 200
"""Shown of one constraint; all are counted."""
_LONGEST = 300


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ConstraintItem(_Answer):
    """One constraint.

    Attributes:
        says: What it says, on one line.
        idle: Globs that match no file.
        violations: How many places break it; None where it was not tested, or only a change can break it.
        places: The first of them.
    """

    kind: str
    lines: tuple[int, int]
    severity: Severity
    says: str
    message: str = ""
    idle: list[str] = []
    violations: int | None = None
    places: list[FindingItem] = []


class ProblemItem(_Answer):
    """Something written as a constraint that is none."""

    line: int
    message: str


class DecisionItem(_Answer):
    """A decision.

    Attributes:
        binds: Whether it is in force, so that its constraints bind.
    """

    path: str
    title: str
    status: str | None
    binds: bool
    constraints: list[ConstraintItem] = []
    problems: list[ProblemItem] = []


class ConstraintsAnswer(_Answer):
    """Every constraint.

    Attributes:
        decisions: Those that have some, in force or not.
        without: Those in force that have none.
        counts: Violations by severity; empty where nothing was tested.
        checked: Whether they were tested.
    """

    decisions: list[DecisionItem]
    without: list[DecisionItem]
    counts: dict[str, int] = {}
    checked: bool = False
    notes: list[str] = []


def constraints_report(side: Side, *, check: bool) -> ConstraintsAnswer:
    """List constraints by decision.

    Args:
        side: The repository.
        check: Also test those that bind against every file.
    """
    notes: list[str] = []
    records = constraints_of(side)
    said = [_item(side, each, notes, check=check) for each in records if each.constraints or each.problems]
    without = [each for each in records if each.binds and not each.constraints and not each.problems]
    return ConstraintsAnswer(
        decisions=said,
        without=[_decision(each) for each in without],
        counts=_counts(said),
        checked=check,
        notes=list(dict.fromkeys(notes)),
    )


def _decision(bound: Bound, constraints: Iterable[ConstraintItem] = ()) -> DecisionItem:
    return DecisionItem(
        path=bound.path,
        title=bound.record.title,
        status=bound.record.status,
        binds=bound.binds,
        constraints=list(constraints),
        problems=[ProblemItem(line=each.line, message=each.message) for each in bound.problems],
    )


def _item(side: Side, bound: Bound, notes: list[str], *, check: bool) -> DecisionItem:
    tested = check and bound.binds
    return _decision(bound, [_constraint(side, each, notes, check=tested) for each in bound.constraints])


def _constraint(side: Side, constraint: Constraint, notes: list[str], *, check: bool) -> ConstraintItem:
    tests = check and constraint.kind != "together"
    found = present(side, constraint, notes.append) if tests else []
    return ConstraintItem(
        kind=constraint.kind,
        lines=constraint.lines,
        severity=constraint.severity,
        says=_says(constraint),
        message=constraint.message,
        idle=idle_globs(side, constraint),
        violations=len(found) if tests else None,
        places=[finding_item(finding_of(constraint, each)) for each in found[:MOST_PLACES]],
    )


def _says(constraint: Constraint) -> str:
    rule = json.loads(constraint.written)[constraint.kind]
    parts = (f"{name} {_value(value)}" for name, value in rule.items())
    return "; ".join(parts)[:_LONGEST]


def _value(value: object) -> str:
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return ", ".join(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _counts(decisions: Iterable[DecisionItem]) -> dict[str, int]:
    counted = Counter[Severity]()
    for decision in decisions:
        for each in decision.constraints:
            counted[each.severity] += each.violations or 0
    return {severity.value: counted[severity] for severity in Severity if counted[severity]}

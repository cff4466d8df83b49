"""Rules that decisions carry: what a change does against them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from whykeeper.verification.constraints import Bound, Constraint, constraints_of
from whykeeper.verification.constraints.testing import brought, present
from whykeeper.verification.constraints.violation import Violation
from whykeeper.verification.findings import Evidence, Finding, Severity
from whykeeper.verification.subject import Subject

__all__ = ["NAME", "check", "finding_of"]

NAME = "constraints"
MOST_PRESENT = 20
"""Places shown of what breaks a rule that is new, and was there before it."""


def check(subject: Subject) -> Iterator[Finding]:
    """Give what a change does against constraints of decisions in force, and what it does to constraints."""
    records = constraints_of(subject.head)
    yield from _unreadable(subject, records)
    binding, before = _binding(records), _binding(constraints_of(subject.base))
    known = {each.written for each in before}
    for constraint in binding:
        new = list(brought(subject, constraint))
        yield from (finding_of(constraint, violation) for violation in new)
        if constraint.written not in known:
            yield from _there_already(subject, constraint, new)
    now = {each.written for each in binding}
    yield from (_taken_back(subject, each) for each in before if each.written not in now)


def _binding(records: Iterable[Bound]) -> list[Constraint]:
    return [each for bound in records if bound.binds for each in bound.constraints]


def finding_of(constraint: Constraint, violation: Violation, severity: Severity | None = None) -> Finding:
    """Tell a violation of a constraint as a finding.

    Args:
        constraint: What is broken.
        violation: What breaks it.
        severity: How much it weighs; as the constraint says by default.
    """
    told = f"{violation.path} {violation.what}"
    message = (
        f"{constraint.message} ({told})" if constraint.message else f"{told}, against “{constraint.title}”"
    )
    return Finding(
        check=NAME,
        rule=f"{NAME}/{constraint.kind}",
        severity=severity or constraint.severity,
        path=violation.path,
        line=violation.line,
        end_line=violation.end_line,
        message=message,
        hint=f"read {constraint.path} for the reason; keep to it, or change the decision first",
        evidence=(constraint.evidence,),
        subject=f"{constraint.path}: {violation.subject}",
    )


def _there_already(
    subject: Subject, constraint: Constraint, brought_now: Iterable[Violation]
) -> Iterator[Finding]:
    """What breaks a rule that is new and was there before: told apart, and no error."""
    new = set(brought_now)
    old = [each for each in present(subject.head, constraint, subject.note) if each not in new]
    if not old:
        return
    where = [f"{each.path}:{each.line}" if each.line else each.path for each in old[:3]]
    more = f" and {len(old) - len(where)} more" if len(old) > len(where) else ""
    places = tuple(
        Evidence(each.path, (each.line, each.end_line or each.line) if each.line else None, each.what)
        for each in old[:MOST_PRESENT]
    )
    yield Finding(
        check=NAME,
        rule=f"{NAME}/present",
        severity=Severity.WARNING,
        path=constraint.path,
        line=constraint.lines[0],
        end_line=constraint.lines[1],
        message=f"what the new constraint refuses is there already: {', '.join(where)}{more}",
        hint="mend it, waive it, or exempt it in the decision; `whykeeper constraints --check` lists all",
        evidence=(constraint.evidence, *places),
        subject=constraint.written[:200],
    )


def _unreadable(subject: Subject, records: list[Bound]) -> Iterator[Finding]:
    """Constraints that cannot be read: an error where the change wrote them, and never silent."""
    changed = {each.path for each in subject.change.files}
    for bound in records:
        for problem in bound.problems if bound.binds else ():
            if bound.path not in changed:
                subject.note(
                    f"{problem.path}:{problem.line} is no constraint that can be tested: {problem.message}"
                )
                continue
            yield Finding(
                check=NAME,
                rule=f"{NAME}/unreadable",
                severity=Severity.ERROR,
                path=problem.path,
                line=problem.line,
                message=f"this is no constraint that can be tested: {problem.message}",
                hint="see the kinds and their fields in docs/constraints.md",
                subject=problem.message,
            )


def _taken_back(subject: Subject, constraint: Constraint) -> Finding:
    """Tell of a constraint that bound before and does not any more, so that it is meant."""
    moved = next((each for each in subject.change.files if each.before == constraint.path), None)
    return Finding(
        check=NAME,
        rule=f"{NAME}/taken-back",
        severity=Severity.NOTE,
        path=moved.path if moved is not None else constraint.path,
        line=None,
        message=f"a constraint of “{constraint.title}” ({constraint.kind}) binds no longer",
        hint="make sure that this is meant, and that a decision says why",
        evidence=(constraint.evidence,),
        subject=constraint.written[:200],
    )

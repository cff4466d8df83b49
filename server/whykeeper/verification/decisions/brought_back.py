"""What decisions in force turned down, and that a change brings back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from whykeeper.verification.decisions.brought_in import BroughtIn, Held, brought_in, used_terms
from whykeeper.verification.decisions.record_lines import evidence_of
from whykeeper.verification.findings import Evidence, Finding, Severity
from whykeeper.verification.subject import Subject
from whykeeper_indexers.conventions import Rejection, refusals_of, rejections_of, rules_of
from whykeeper_indexers.conventions.binding import decision_home
from whykeeper_indexers.conventions.refusals import advised
from whykeeper_indexers.conventions.scope import is_within
from whykeeper_indexers.dependencies import is_of
from whykeeper_indexers.documents import is_document
from whykeeper_indexers.links import historical_document
from whykeeper_indexers.types import LineRange

__all__ = ["advised_again", "brought_back"]

_CHECK: Final = "decisions"


def brought_back(subject: Subject) -> Iterator[Finding]:
    """Find packages, imports, images and tools that a decision in force turned down.

    What was there before the change is not brought back by it, and what the change decides itself neither.
    """
    rejections = rejections_of(subject.head.decisions, subject.head.contents)
    if not rejections:
        return
    held = Held(subject.base)
    known: dict[tuple[str, str], bool] = {}
    told: set[tuple[str, str]] = set()
    terms = [name for rejection in rejections for name in rejection.names]
    for each in (*brought_in(subject), *used_terms(subject, terms)):
        for rejection in _turned_down(each, rejections):
            key = (rejection.path, rejection.name)
            if key in told:
                continue
            if key not in known:
                known[key] = _was_there(each, rejection, held)
            if not known[key]:
                told.add(key)
                yield _finding(each, rejection, subject)
                break


def _was_there(each: BroughtIn, rejection: Rejection, held: Held) -> bool:
    if each.term:
        # It was looked for where it was found to be new.
        return False
    # What is refused outright may still be in another part; an option that was not chosen is in use there.
    part = "" if rejection.how == "considered and not chosen" else held.part_of(each.path)
    return any(held.has(each.name, name, part) for name in rejection.names)


def _turned_down(each: BroughtIn, rejections: Sequence[Rejection]) -> Iterator[Rejection]:
    for rejection in rejections:
        means = (
            each.term in rejection.names if each.term else any(is_of(each.name, n) for n in rejection.names)
        )
        if means and is_within(decision_home(rejection.path), each.path):
            yield rejection


def _finding(each: BroughtIn, rejection: Rejection, subject: Subject) -> Finding:
    evidence = [evidence_of(subject.head, rejection.path, rejection.name, rejection.why)]
    if rejection.before:
        evidence.append(Evidence(rejection.before, None, "which it replaced"))
    how = {
        "refused": "refuses",
        "rejected": "was rejected, and with it",
        "considered and not chosen": "considered and did not choose",
        "replaced": "replaced",
    }[rejection.how]
    return Finding(
        check=_CHECK,
        rule=f"{_CHECK}/brought-back",
        severity=Severity.WARNING,
        path=each.path,
        line=each.line,
        message=f"{each.what}: “{rejection.title}” {how} {rejection.name}",
        hint=f"do without it, or record a decision that takes the place of {rejection.path}",
        evidence=tuple(evidence),
        subject=f"{rejection.name} {rejection.path}",
    )


def advised_again(subject: Subject) -> Iterator[Finding]:
    """Find lines that a change adds to documents and that advise what a decision in force refused."""
    refusals = refusals_of(subject.head.decisions, subject.head.contents)
    if not refusals:
        return
    for file in subject.change.files:
        text = (
            subject.head.text(file.path) if not file.deleted and file.path in subject.head.documents else None
        )
        if not text or file.path in subject.head.decisions or not is_document(file.path):
            continue
        if historical_document(file.path, text[:3_000]):
            continue
        for rule in rules_of(text, file.path):
            if not file.adds(LineRange(rule.line, rule.line + rule.text.count("\n"))):
                continue
            for refusal in refusals:
                if refusal.name in rule.text and advised(rule, refusal):
                    yield Finding(
                        check=_CHECK,
                        rule=f"{_CHECK}/advised",
                        severity=Severity.NOTE,
                        path=file.path,
                        line=rule.line,
                        message=f"advises {refusal.name}, which “{refusal.title}” refuses",
                        hint=f"say what {refusal.path} chose, or record a decision that takes its place",
                        evidence=(evidence_of(subject.head, refusal.path, refusal.name),),
                        subject=f"{refusal.name} {refusal.path}",
                    )

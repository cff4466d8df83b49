"""What a change leaves undone: stubs, made-up data, tests that are not run, errors that nobody hears of."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

from whykeeper.verification.findings import Finding, Severity
from whykeeper.verification.subject import Subject
from whykeeper_indexers.documents import is_document
from whykeeper_indexers.freshness.symbols import is_definition
from whykeeper_indexers.path_roles import is_sample, is_test
from whykeeper_indexers.types import LineRange
from whykeeper_indexers.undone import Remnant, Weight, conflicts_in

__all__ = ["check"]

_SEVERITY: Final = {Weight.SURE: Severity.ERROR, Weight.LIKELY: Severity.WARNING, Weight.MAYBE: Severity.NOTE}
_DECLARED = re.compile(r"\b(?:class|object)\s+(?P<name>\w+)(?P<rest>.*)")
_HINTS: Final = {
    "stub": "write the body, or say in a docstring why nothing is to be done",
    "placeholder": "do the real thing, or say plainly in the comment what is left out and why that is right",
    "mock-data": "get it from where it really comes from, or move it to the tests",
    "skipped-test": "make it pass, or delete it together with what it tests",
    "focused-test": "take it out before it is merged",
    "assertion-free-test": "assert what it is named after",
    "swallowed-error": "handle it, let it through, or say in a comment why it may be ignored",
    "todo": "do it now, or name the issue that keeps track of it",
    "commented-code": "delete it: git keeps what was there",
}


def check(subject: Subject) -> Iterator[Finding]:
    """Give what the change leaves undone; what was there before, or only moved, is no part of it."""
    yield from _conflicts(subject)
    codes = subject.changed.code
    for path in [path for path, code in codes.items() if code.failed]:
        subject.note(f"{path} could not be read for what it leaves undone, which is our fault: see the log")
    moved = Counter((each.rule, each.subject) for code in codes.values() for each in code.undone_before)
    found: list[tuple[str, Remnant]] = []
    for path, code in codes.items():
        if path not in subject.head.paths:
            continue
        for remnant in code.undone:
            key = (remnant.rule, remnant.subject)
            if moved[key] > 0:
                moved[key] -= 1
            else:
                found.append((path, remnant))
    hooks = _hooks(subject, {each.overridable for _, each in found if each.overridable})
    bases = _bases(subject, {each.base for _, each in found if each.base and each.overridable})
    for path, remnant in found:
        is_hook = hooks.get(remnant.overridable, 0) > 1 and (not remnant.base or remnant.base in bases)
        severity = _severity(remnant, is_hook=is_hook)
        if severity is not None:
            yield _finding(path, remnant, severity)


def _conflicts(subject: Subject) -> Iterator[Finding]:
    """Give the conflicts of merges that the change adds with their marks still in the text."""
    files = [each for each in subject.change.files if each.added and not each.deleted and not each.binary]
    texts = subject.head.tree.texts([each.path for each in files])
    for file in files:
        for lines, name in conflicts_in(texts.get(file.path, "")):
            if not file.adds(LineRange(lines.start, lines.start)):
                continue
            shown = is_test(file.path) or is_sample(file.path) or is_document(file.path)
            yield Finding(
                "undone",
                "undone/conflict",
                Severity.WARNING if shown else Severity.ERROR,
                file.path,
                lines.start,
                "The marks of a merge conflict are still there.",
                hint="settle the conflict: keep what is right of both sides, and take the marks out",
                subject=name,
                end_line=lines.end,
            )


def _hooks(subject: Subject, names: set[str]) -> Mapping[str, int]:
    """How many definitions each of some names has: of several, one may be meant to do nothing."""
    counted: Counter[str] = Counter()
    for line in subject.head.tree.grep(names) if names else ():
        if line.path in subject.head.paths:
            counted.update(name for name in names if name in line.text and is_definition(line.text, name))
    return counted


def _bases(subject: Subject, names: set[str]) -> set[str]:
    """Which of some classes others take over from."""
    lines = [line.text for line in subject.head.tree.grep(names)] if names else []
    declared = [found for line in lines if (found := _DECLARED.search(line)) is not None]
    return {
        name
        for name in names
        if any(
            each["name"] != name and re.search(rf"\b{re.escape(name)}\b", each["rest"]) for each in declared
        )
    }


def _severity(remnant: Remnant, *, is_hook: bool) -> Severity | None:
    lowered = remnant.weight - is_hook
    return _SEVERITY[Weight(lowered)] if lowered >= 0 else None


def _finding(path: str, remnant: Remnant, severity: Severity) -> Finding:
    lines = remnant.lines
    return Finding(
        "undone",
        f"undone/{remnant.rule}",
        severity,
        path,
        lines.start,
        remnant.message,
        hint=_HINTS[remnant.rule],
        subject=remnant.subject,
        end_line=lines.end if lines.end > lines.start else None,
    )

"""A planted fault: what is written, and which finding would tell of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random

from benchmarks.verify.scene import Scene
from whykeeper.verification.answer import EvidenceItem, FindingItem

__all__ = ["Expected", "Fault", "Found", "Named", "Planter", "found_by", "lines_of"]


class Found(StrEnum):
    """What became of a fault."""

    YES = "found"
    NOTE = "noted"
    """Only by a finding of severity ``note``, which counts as missed."""
    NO = "missed"


@dataclass(frozen=True, slots=True)
class Named:
    """Something that a finding's evidence must name.

    Attributes:
        path: A file that is evidence.
        word: What the finding calls by name; empty for the file alone.
    """

    path: str
    word: str = ""


@dataclass(frozen=True, slots=True)
class Expected:
    """A finding that tells of a fault.

    Attributes:
        check: By which check.
        paths: At one of these files.
        within: Between these lines of the file after the change, where it has a line.
        evidence: With one of these as evidence; empty for none.
        words: With one of these in its message or hint; empty for any.
    """

    check: str
    paths: frozenset[str]
    within: tuple[int, int] | None = None
    evidence: tuple[Named, ...] = ()
    words: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault in a repository.

    Attributes:
        form: Which form of its class.
        what: One sentence for whoever judges a miss.
        writes: Files of the working tree, by path; None deletes one.
        expected: Findings of which any tells of it.
        setup: Files that are committed before, by path.
    """

    form: str
    what: str
    writes: Mapping[str, str | None]
    expected: tuple[Expected, ...]
    setup: Mapping[str, str] = field(default_factory=dict)


Planter = Callable[[Scene, Random], Fault | None]
"""Plants a fault into a scene; None where it finds no place for one."""


def found_by(fault: Fault, findings: Sequence[FindingItem]) -> tuple[Found, FindingItem | None]:
    """Say whether a fault was found, and by which finding."""
    best: tuple[Found, FindingItem | None] = (Found.NO, None)
    for finding in findings:
        if any(_tells(each, finding) for each in fault.expected):
            if finding.severity != "note":
                return Found.YES, finding
            best = (Found.NOTE, finding)
    return best


def lines_of(text: str, part: str) -> tuple[int, int]:
    """The first and last line that a part of a text stands on, 1-based."""
    start = text[: text.index(part)].count("\n") + 1
    return start, start + part.rstrip("\n").count("\n")


def _tells(expected: Expected, finding: FindingItem) -> bool:
    if finding.check != expected.check or finding.path not in expected.paths:
        return False
    if expected.within is not None and finding.line is not None:
        start, end = expected.within
        if (finding.end_line or finding.line) < start or finding.line > end:
            return False
    said = f"{finding.message} {finding.hint}"
    if expected.words and not any(_has_word(said, word) for word in expected.words):
        return False
    return not expected.evidence or any(
        _names(wanted, each, said) for wanted in expected.evidence for each in finding.evidence
    )


def _names(wanted: Named, evidence: EvidenceItem, said: str) -> bool:
    return evidence.path == wanted.path and (
        not wanted.word or _has_word(f"{evidence.text} {said}", wanted.word)
    )


def _has_word(text: str, word: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) is not None

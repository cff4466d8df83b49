"""What documents name, and whether they still hold: types that import nothing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

__all__ = ["Finding", "Freshness", "FreshnessReport", "Reference", "ReferenceKind"]


class ReferenceKind(StrEnum):
    """What of a repository a document can name."""

    PATH = "path"
    GLOB = "glob"
    SYMBOL = "symbol"
    DEFINITION = "definition"
    COMMAND = "command"
    KEY = "key"
    OPTION = "option"
    REQUIREMENT = "requirement"
    QUOTE = "quote"


class Reference(NamedTuple):
    """Something that a document names.

    Attributes:
        line: Where, 1-based.
        kind: What it is.
        target: As written: a path, a glob, ``Class.method``, ``make lint``, ``MAX_SIZE``, ``--force``.
        form: How it is written: ``link``, ``span``, ``text``, ``block``, ``tree``, ``front matter``.
        detail: What is said of it that can be checked: a line number, parameters, a value, a version, the
            declaration that is quoted; empty for nothing.
        past: Whether the text around tells of what was, or may be, and not of what is.
    """

    line: int
    kind: ReferenceKind
    target: str
    form: str
    detail: str = ""
    past: bool = False


class Freshness(StrEnum):
    """Whether a document still fits what it describes, the worst first."""

    BROKEN = "broken"
    DRIFTED = "drifted"
    AGEING = "ageing"
    FRESH = "fresh"
    UNKNOWN = "unknown"


class Finding(NamedTuple):
    """One thing that a document says and that does not hold any more.

    Attributes:
        state: What that makes of the document.
        line: Where it says so.
        kind: What it names.
        target: Its name, as written.
        what: What became of it, in words.
        commit: The commit that did it; None where that is not known.
        hint: What to do.
    """

    state: Freshness
    line: int
    kind: ReferenceKind
    target: str
    what: str
    commit: str | None = None
    hint: str = ""


@dataclass(frozen=True, slots=True)
class FreshnessReport:
    """A document held against what it names.

    Attributes:
        path: The document.
        state: The worst of what was found.
        findings: The worst first.
        checked: How many of the things it names could be checked.
    """

    path: str
    state: Freshness
    findings: tuple[Finding, ...] = ()
    checked: int = 0

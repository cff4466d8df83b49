"""What a check says of a change."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

__all__ = ["Evidence", "Finding", "Severity"]


class Severity(StrEnum):
    """How much a finding weighs, the heaviest first."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def rank(self) -> int:
        """0 for the heaviest."""
        return list(Severity).index(self)


class Evidence(NamedTuple):
    """What a finding rests on.

    Attributes:
        path: The decision, rule, document or code.
        lines: Where in it, both ends included; None for the whole file.
        text: What it says or is called, short.
    """

    path: str
    lines: tuple[int, int] | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a check found.

    Attributes:
        check: The check's name, as in ``checks.CHECKS``.
        rule: What it looked for, as ``check/rule``, for example ``undone/stub``.
        severity: How much it weighs.
        path: The file it is about, by its name after the change where it has one.
        line: Of the text after the change, 1-based; None for the file as a whole.
        end_line: The last line; None for one line.
        message: One sentence.
        hint: What to do.
        evidence: What it rests on.
        subject: What it is about in words that stay when lines move: a symbol, a key, a dependency. It tells
            findings of one rule in one file apart, for waivers and reports.
    """

    check: str
    rule: str
    severity: Severity
    path: str
    line: int | None
    message: str
    hint: str = ""
    evidence: tuple[Evidence, ...] = ()
    subject: str = ""
    end_line: int | None = None

    @property
    def id(self) -> str:
        """Names the finding the same way as long as rule, file and subject stay, wherever its lines are."""
        digest = hashlib.sha256("\0".join((self.rule, self.path, self.subject)).encode("utf-8", "replace"))
        return digest.hexdigest()[:12]

"""Past decisions: what they turned down and a change brings back, and which govern what it touches."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from whykeeper.verification.decisions.brought_back import advised_again, brought_back
from whykeeper.verification.decisions.governed import edited_in_place, governing_decisions
from whykeeper.verification.findings import Finding
from whykeeper.verification.subject import Subject

__all__ = ["NAME", "check"]

NAME: Final = "decisions"


def check(subject: Subject) -> Iterable[Finding]:
    """Find what a change does to what was decided."""
    if not subject.head.decisions:
        return
    yield from brought_back(subject)
    yield from advised_again(subject)
    yield from governing_decisions(subject)
    yield from edited_in_place(subject)

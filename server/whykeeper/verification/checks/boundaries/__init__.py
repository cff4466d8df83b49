"""What a change took away, or declared otherwise, while others still use it as it was."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Final, Protocol

from whykeeper.verification.checks.boundaries.calls import UnfittingCalls
from whykeeper.verification.checks.boundaries.commands import RunCommands
from whykeeper.verification.checks.boundaries.files import NamedFiles
from whykeeper.verification.checks.boundaries.keys import LeftKeys
from whykeeper.verification.checks.boundaries.routes import AskedRoutes
from whykeeper.verification.checks.boundaries.sides import Boundary
from whykeeper.verification.checks.boundaries.symbols import DanglingSymbols
from whykeeper.verification.findings import Finding
from whykeeper.verification.subject import Subject

__all__ = ["check"]


class _Rule(Protocol):
    """One thing that may be left dangling. It says first which words it needs, so that git looks once."""

    @property
    def words(self) -> Collection[str]:
        """Words whose lines of the head side it asks for."""

    def findings(self) -> Iterator[Finding]:
        """What it found."""


_RULES: Final[tuple[Callable[[Boundary], _Rule], ...]] = (
    DanglingSymbols,
    UnfittingCalls,
    NamedFiles,
    LeftKeys,
    AskedRoutes,
    RunCommands,
)


def check(subject: Subject) -> Iterator[Finding]:
    """Look at what is gone, or is otherwise, and at who still counts on it."""
    boundary = Boundary(subject)
    rules = [make(boundary) for make in _RULES]
    boundary.look_for({word for rule in rules for word in rule.words})
    for rule in rules:
        yield from rule.findings()

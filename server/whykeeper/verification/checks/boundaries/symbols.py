"""Symbols that are gone and still used."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from whykeeper.verification.checks.boundaries.lost import Lost, lost_symbols
from whykeeper.verification.checks.boundaries.members import member_uses
from whykeeper.verification.checks.boundaries.sides import Boundary
from whykeeper.verification.checks.boundaries.told import Use, evidence_of, heaviest, places
from whykeeper.verification.checks.boundaries.uses import uses_of
from whykeeper.verification.findings import Finding

__all__ = ["DanglingSymbols"]


class DanglingSymbols:
    """Symbols that the change took away and that are still used.

    Args:
        boundary: The change.

    Attributes:
        words: Names that are looked for.
    """

    def __init__(self, boundary: Boundary) -> None:
        self._boundary = boundary
        self._lost = lost_symbols(boundary)
        owners = {each.owner for each in self._lost if each.language == "go" and each.owner}
        self.words = {each.sought for each in self._lost} | owners

    def findings(self) -> Iterator[Finding]:
        """One for each symbol."""
        for each in self._lost:
            uses = member_uses(each, self._boundary) if each.owner else uses_of(each, self._boundary)
            if uses:
                yield _finding(each, uses)


def _finding(lost: Lost, uses: Sequence[Use]) -> Finding:
    what = "no longer exported by" if lost.category == "export" else "no longer defined in"
    if lost.now is None:
        what = "gone with"
    renamed = f"; it is probably {lost.successor} now" if lost.successor else ""
    instead = f"use {lost.successor} there" if lost.successor else "mend these uses"
    return Finding(
        check="boundaries",
        rule="boundaries/symbol",
        severity=heaviest(uses),
        path=lost.path,
        line=None,
        message=f"{lost.symbol} is {what} {lost.before} and still used in {places(uses)}{renamed}.",
        hint=f"{instead}, or keep {lost.name}",
        evidence=evidence_of(uses),
        subject=lost.symbol,
    )

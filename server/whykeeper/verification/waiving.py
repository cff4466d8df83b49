"""Which findings of a change are waived, and what is to be said of the waivers."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Self

from whykeeper.verification.findings import Finding
from whykeeper.verification.waivers import WAIVERS_FILE, Waiver, WaiverFile, read_waivers
from whykeeper_indexers.change import Change

__all__ = ["Waiving"]


@dataclass
class Waiving:
    """Parts the findings of a change into those that count and those that are waived.

    Attributes:
        file: What the file of waivers says after the change.
        new: Waivers that the change itself brings, as they name their findings.
        today: Waivers hold up to and with their day.
        used: Waivers that covered something.
    """

    file: WaiverFile
    new: frozenset[tuple[tuple[str, str], ...]]
    today: datetime.date
    used: dict[Waiver, int] = field(default_factory=dict)

    @classmethod
    def of(cls, change: Change, today: datetime.date) -> Self:
        """Read the waivers of a change."""
        file = read_waivers(change.head.text(WAIVERS_FILE))
        before = frozenset(each.naming for each in read_waivers(change.base.text(WAIVERS_FILE)).waivers)
        return cls(file, frozenset(each.naming for each in file.waivers) - before, today)

    def parted(self, findings: Iterable[Finding]) -> tuple[list[Finding], list[tuple[Finding, str]]]:
        """Part findings into those that count, and those that are waived, each with the reason."""
        counting: list[Finding] = []
        waived: list[tuple[Finding, str]] = []
        for finding in findings:
            covering = [each for each in self.file.waivers if each.covers(finding)]
            for each in covering:
                self.used[each] = self.used.get(each, 0) + 1
            if holding := next((each for each in covering if each.until >= self.today), None):
                waived.append((finding, f"{holding.reason}, until {holding.until}"))
            else:
                counting.append(finding)
        return counting, waived

    def notes(self, change: Change, checks: Collection[str]) -> Iterator[str]:
        """Say which waivers are malformed, new, past their day, or cover nothing any more.

        Args:
            change: What was verified.
            checks: Which checks were run, of all.
        """
        yield from self.file.problems
        touched = frozenset(change.paths)
        for waiver in self.file.waivers:
            if waiver in self.used and waiver.until < self.today:
                yield f"{waiver.place}: this waiver held until {waiver.until}; what it was for counts again"
            elif waiver in self.used and waiver.naming in self.new:
                yield f"{waiver.place}: this waiver comes with the change ({waiver.reason})"
            elif waiver not in self.used and self._surely_unused(waiver, change, touched, checks):
                yield f"{waiver.place}: this waiver covers nothing ({waiver.named}): take it out"

    def _surely_unused(
        self, waiver: Waiver, change: Change, touched: Collection[str], checks: Collection[str]
    ) -> bool:
        """Whether what it is for would have been found: it may lie in files that the change leaves alone."""
        rule = dict(waiver.naming).get("rule")
        if rule is not None and rule.partition("/")[0] not in checks:
            return False
        path = waiver.path
        gone = path is not None and path not in change.head and path not in touched
        return waiver.naming in self.new or gone or path in touched

"""What a check is given."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from whykeeper.plans.model import Plan
from whykeeper.plans.runs import Outcome
from whykeeper.verification.changed import Changed
from whykeeper.verification.findings import Finding
from whykeeper.verification.side import Side
from whykeeper_indexers.change import Change

__all__ = ["Check", "Subject"]


@dataclass(frozen=True, slots=True)
class Subject:
    """A change, and what it is held against.

    Attributes:
        change: The change.
        base: The repository before it.
        head: The repository after it.
        note: Takes a sentence on what a check could not look at, for whoever asked.
        changed: What the change does to code, and which secrets it holds.
        plan: The plan of the change, as it is after it; None where there is none.
        outcomes: What is known of the plan's acceptance commands, by command.
    """

    change: Change
    base: Side
    head: Side
    note: Callable[[str], None]
    changed: Changed
    plan: Plan | None = None
    outcomes: Mapping[str, Outcome] = field(default_factory=dict)


class Check(Protocol):
    """One thing that a change is looked at for. It raises nothing but for what the caller must mend."""

    def __call__(self, subject: Subject) -> Iterable[Finding]:
        """Give what is found, with the severity that it has by default."""

"""What is asked of a verification."""

from __future__ import annotations

from dataclasses import dataclass, field

from whykeeper.plans.runs import Run
from whykeeper_indexers.change import ChangeSource

__all__ = ["VerifyRequest"]


@dataclass(frozen=True, slots=True)
class VerifyRequest:
    """What is to be verified, and by what.

    Attributes:
        source: The change.
        checks: Names of the checks; empty for all.
        plan: Name of the plan it is held against; empty for the open one of the branch, ``none`` for none.
        ran: Acceptance commands that somebody has just agreed to and run.
    """

    source: ChangeSource = field(default_factory=ChangeSource)
    checks: tuple[str, ...] = ()
    plan: str = ""
    ran: tuple[Run, ...] = ()

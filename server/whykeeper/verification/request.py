"""What is asked of a verification."""

from __future__ import annotations

from dataclasses import dataclass, field

from whykeeper_indexers.change import ChangeSource

__all__ = ["VerifyRequest"]


@dataclass(frozen=True, slots=True)
class VerifyRequest:
    """What is to be verified, and by what.

    Attributes:
        source: The change.
        checks: Names of the checks; empty for all.
    """

    source: ChangeSource = field(default_factory=ChangeSource)
    checks: tuple[str, ...] = ()

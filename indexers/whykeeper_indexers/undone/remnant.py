"""Something that looks left undone."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from whykeeper_indexers.types import LineRange

__all__ = ["Remnant", "Weight"]


class Weight(IntEnum):
    """How surely work is missing."""

    MAYBE = 0
    LIKELY = 1
    SURE = 2


@dataclass(frozen=True, slots=True)
class Remnant:
    """Something that looks left undone.

    Attributes:
        rule: ``stub``, ``placeholder``, ``mock-data``, ``skipped-test``, ``focused-test``,
            ``assertion-free-test``, ``swallowed-error``, ``todo`` or ``commented-code``.
        lines: Where.
        subject: What it is about in words that stay when lines move; the same remnant elsewhere has the same.
        message: One sentence.
        weight: How surely work is missing.
        overridable: A function's name, where other definitions of it would make it a hook.
        base: The class it belongs to, where it can only be a hook if others take over from that class.
    """

    rule: str
    lines: LineRange
    subject: str
    message: str
    weight: Weight = Weight.LIKELY
    overridable: str = ""
    base: str = ""

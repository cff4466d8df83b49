"""What any engine gives back, in one form: ranked pieces of files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["Reply", "Target", "Unit", "covers", "span", "targets_of"]

Target = tuple[str, tuple[int, int] | None]
"""A path and, where the row names them, the lines that answer."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One result.

    Attributes:
        path: From the repository's root.
        first: First line, 1-based.
        last: Last line.
        text: What the caller gets to read.
    """

    path: str
    first: int
    last: int
    text: str


@dataclass(frozen=True, slots=True)
class Reply:
    """An engine's answer to one question.

    Attributes:
        units: Best first.
        took_ms: Seen from the caller.
        inside_ms: By the engine's own clock; None where it tells none.
    """

    units: Sequence[Unit]
    took_ms: float
    inside_ms: float | None = None


def covers(unit: Unit, target: Target) -> bool:
    """Whether a result comes from the target's file and touches its lines."""
    path, lines = target
    return unit.path == path and (lines is None or (unit.first <= lines[1] and unit.last >= lines[0]))


def targets_of(row: dict[str, Any]) -> list[Target]:
    """Give what a row of the code-search set wants found."""
    return [(item["path"], span(item.get("lines"))) for item in row["relevant"]]


def span(lines: str | None) -> tuple[int, int] | None:
    """Read ``start-end`` or one number."""
    if not lines:
        return None
    start, _, end = str(lines).partition("-")
    return int(start), int(end or start)

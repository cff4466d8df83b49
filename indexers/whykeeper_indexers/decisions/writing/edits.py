"""Lines in place of others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

__all__ = ["Edit", "applied", "from_behind", "places_after"]


class Edit(NamedTuple):
    """Lines in place of others.

    Attributes:
        start: First line that goes, counted from 0.
        end: The line after the last one that goes; `start` where lines are only added.
        lines: What comes in their place.
    """

    start: int
    end: int
    lines: tuple[str, ...]


def from_behind(edits: Iterable[Edit]) -> list[Edit]:
    """Edits in the order in which none moves another's lines; what is added at one place keeps its order."""
    listed = list(enumerate(edits))
    return [edit for _, edit in sorted(listed, key=lambda each: (each[1].start, each[0]), reverse=True)]


def applied(lines: Sequence[str], edits: Iterable[Edit]) -> list[str]:
    """A text's lines after some edits that do not overlap."""
    changed = list(lines)
    for edit in from_behind(edits):
        changed[edit.start : edit.end] = edit.lines
    return changed


def places_after(count: int, edits: Sequence[Edit]) -> dict[int, int]:
    """Where each line stands after some edits, of those that stay; counted from 0.

    Args:
        count: Lines there were.
        edits: That do not overlap.
    """
    gone = {number for each in edits for number in range(each.start, each.end)}
    return {
        number: number
        + sum(len(each.lines) - (each.end - each.start) for each in edits if each.start <= number)
        for number in range(count)
        if number not in gone
    }

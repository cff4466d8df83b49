"""Marks of a merge that was not settled."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from whykeeper_indexers.types import LineRange

__all__ = ["conflicts_in"]

_OURS: Final = "<<<<<<<"
_PARTED: Final = "======="
_THEIRS: Final = ">>>>>>>"


def conflicts_in(text: str) -> Iterator[tuple[LineRange, str]]:
    """Give the conflicts of a text with what git calls its first side: all three marks, in their order.

    Args:
        text: With line feeds as line ends.
    """
    if f"{_OURS} " not in text or f"{_THEIRS} " not in text:
        return
    start, name, parted = 0, "", False
    for number, line in enumerate(text.split("\n"), start=1):
        if line.startswith(f"{_OURS} "):
            start, name, parted = number, line[len(_OURS) :].strip()[:200], False
        elif line.rstrip() == _PARTED:
            parted = start > 0
        elif parted and line.startswith(f"{_THEIRS} "):
            yield LineRange(start, number), name
            start, parted = 0, False

"""The clauses of what is to be remembered: each may repeat or contradict another entry."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["clauses"]

MOST_CLAUSES: Final = 6
"""Of one entry; a rule that says more is compared as a whole."""
LEAST_CLAUSE: Final = 12
"""Characters of one: “Be brief.” is no matter of its own."""
_CUT: Final = re.compile(
    r"`[^`\n]*`|(?P<end>(?:;|(?<=[\w)`\"”’][.!?])) (?!\d)|,? [–—] "
    r"|, (?:but )?(?=(?:use|prefer|choose|take)\b))",
    re.IGNORECASE,
)
_ABBREVIATED: Final = re.compile(r"(?:\b(?:e\.g|i\.e|etc|cf|vs|approx|no)|\b\w)\.$", re.IGNORECASE)
_NOT: Final = re.compile(r"\b(?:never|not|no|don'?t|avoid|without|neither)\b", re.IGNORECASE)


def clauses(text: str) -> tuple[str, ...]:
    """Take an entry apart where one thing ends and another begins.

    A comma ends a clause only where that forbids something and what follows says what to do instead:
    elsewhere what stands before it says when the rule holds.

    Args:
        text: In one line.

    Returns:
        The whole first, then its clauses where it has several.
    """
    found, start = [], 0
    for cut in _CUT.finditer(text):
        said = text[start : cut.start()]
        if cut["end"] is None or _ABBREVIATED.search(said):
            continue
        if cut["end"].startswith(",") and not _NOT.search(said):
            continue
        found.append(said)
        start = cut.end()
    found.append(text[start:])
    told = [said for each in found if len(said := each.strip(" ;,")) >= LEAST_CLAUSE]
    return (text, *told[:MOST_CLAUSES]) if len(found) > 1 else (text,)

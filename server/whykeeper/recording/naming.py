"""Names of entries that hold while a user thinks: their place, and the words that stand there."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["CUT", "place_and_words", "with_words"]

MOST_WORDS: Final = 120
"""Characters of an entry that are given beside its place."""
CUT: Final = "…"
_BOTH: Final = re.compile(r"(?P<place>[^“]+:\d{1,9}) “(?P<words>.+)”", re.DOTALL)


def with_words(place: str, text: str) -> str:
    """Name an entry by its place and its first words: lines move when the file changes.

    Args:
        place: ``path:line``.
        text: As an answer shows it.
    """
    cut = text if len(text) <= MOST_WORDS else text[:MOST_WORDS].rstrip() + CUT
    return f"{place} “{cut}”"


def place_and_words(name: str) -> tuple[str, str] | None:
    """Read a name that `with_words` gave; None of any other."""
    both = _BOTH.fullmatch(name.strip())
    return (both["place"], both["words"]) if both else None

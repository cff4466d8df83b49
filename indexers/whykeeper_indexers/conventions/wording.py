"""What rules say, whatever way they are written: for comparing them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

__all__ = ["CONDITION", "NEGATION", "excerpt", "heading_key", "is_negative", "spoken_words"]

MOST_SHOWN = 120
"""Characters of a rule where it is only pointed at."""
_WORD = re.compile(r"[a-z0-9]+(?:[._/+#-]+[a-z0-9]+)*[+#]{0,2}")
_LINK = re.compile(r"(?<=\])\([^()\s]{0,500}\)")
_APOSTROPHE = re.compile(r"[’']")
_FILLERS = frozenset(
    ["a", "an", "and", "are", "be", "is", "it", "of", "or", "please", "that", "the", "this", "to"]
)
NEGATION = frozenset(
    [
        "avoid",
        "cannot",
        "cant",
        "disallow",
        "disallowed",
        "dont",
        "forbid",
        "forbidden",
        "mustnt",
        "never",
        "no",
        "not",
        "shouldnt",
        "without",
        "wont",
    ]
)
"""Words that turn what they stand with into its opposite."""
CONDITION = re.compile(
    r"\b(?:if|unless|except|legacy|until|when|where|only|either|old|older|temporar\w*|exception|may|can|could)\b",
    re.IGNORECASE,
)
"""What makes a rule one for some cases."""


@lru_cache(maxsize=8_192)
def spoken_words(text: str) -> tuple[str, ...]:
    """Give the words of a text in order, without markup, case, punctuation and words that say nothing."""
    plain = _APOSTROPHE.sub("", _LINK.sub("", text)).lower()
    return tuple(word for word in _WORD.findall(plain) if word not in _FILLERS)


def is_negative(words: Iterable[str]) -> bool:
    """Say whether words forbid something."""
    return not NEGATION.isdisjoint(words)


def heading_key(heading: str) -> str:
    """Give a heading so that two ways to write it are the same."""
    return " ".join(spoken_words(heading))


def excerpt(text: str, most: int = MOST_SHOWN) -> str:
    """Give the beginning of a text in one line."""
    plain = " ".join(text.split())
    return plain if len(plain) <= most else f"{plain[: most - 1].rstrip()}…"

"""What two titles say of one another: the same purpose served otherwise, or one thing done and not done."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from whykeeper.recording.stems import stems

__all__ = ["opposed"]

_PURPOSE: Final = re.compile(
    r"\b(?:for|as)[ \t]+(?:(?:an?|the|our|all)[ \t]+)?(?P<what>[^,;:()\n]{3,60})$", re.IGNORECASE
)
"""What a title says last: “Use this for that”."""
_LEFT: Final = re.compile(
    r"\b(?:mov|migrat|switch|port|convert|return)(?:e|es|ed|ing|s)?[ \t]+(?P<what>[^.;:\n]{2,40}?)"
    r"[ \t]+(?:back[ \t]+)?(?:to|into|onto)\b",
    re.IGNORECASE,
)
_NOT: Final = re.compile(
    r"\b(?:no|not|never|without|avoid|stop|drop|remove|disallow|forbid|don'?t)\b", re.IGNORECASE
)
Telling = Callable[[frozenset[str]], bool]


def opposed(new: str, old: str, telling: Telling) -> str:
    """Say what one title takes from the other, if anything.

    Args:
        new: Title of a decision that is not recorded yet.
        old: Title of one that is.
        telling: Whether words are of few records' titles.
    """
    for what, words in _purposes(new):
        for _, others in _purposes(old):
            if words == others and telling(words):
                return f"both are for “{what}”"
    if bool(_NOT.search(new)) != bool(_NOT.search(old)):
        denied, other = (new, old) if _NOT.search(new) else (old, new)
        words = stems(_NOT.sub(" ", denied))
        if words and words <= stems(other) and telling(words):
            return "its title says the opposite"
    if (left := _LEFT.search(new)) and (words := stems(left["what"])) <= stems(old) and telling(words):
        return f"this says “{' '.join(left[0].split())}”"
    return ""


def _purposes(title: str) -> Iterator[tuple[str, frozenset[str]]]:
    if (match := _PURPOSE.search(title)) and (words := stems(match["what"])):
        yield " ".join(match["what"].split()), words

"""Rules that choose differently where only one choice can hold: single or double quotes, tabs or spaces."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from whykeeper.recording.stems import stems

__all__ = ["choose_differently"]

_CHOICES: Final[tuple[Mapping[str, re.Pattern[str]], ...]] = tuple(
    {name: re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE) for name, pattern in choice.items()}
    for choice in (
        {
            "single": r"single[- ]quot(?:e|es|ed|ation marks)",
            "double": r"double[- ]quot(?:e|es|ed|ation marks)",
        },
        # Without such a verb tabs may be a browser's, and spaces anything.
        {
            "tabs": r"(?:use|prefer|indent(?:ed|ation)?(?: (?:is|with|by|uses))*) tabs",
            "spaces": r"(?:use|prefer|indent(?:ed|ation)?(?: (?:is|with|by|uses))*) (?:\w{1,6} )?spaces",
        },
        {
            "camel": r"(?:lower ?)?camel[- ]?case",
            "pascal": r"(?:pascal|upper ?camel)[- ]?case",
            "snake": r"snake[-_ ]?case",
            "kebab": r"kebab[- ]?case",
        },
    )
)
_NOT: Final = re.compile(r"\b(?:never|not|don'?t|avoid|without|forbidden)\b", re.IGNORECASE)
_ASIDE: Final = re.compile(
    r"(?:, ?| |\()(?:(?:and|but) )?(?:not|never|instead of|rather than|over) (?:\w++[- ]?){1,3}[).]?$",
    re.IGNORECASE,
)
_EVERYWHERE: Final = frozenset(stems("everywhere always throughout prefer please string strings indent code"))
"""What such a rule may say besides without being narrower for it."""


def choose_differently(one: str, other: str) -> bool:
    """Say whether two rules choose differently in the same matter.

    They do when each names another choice, neither forbids it, and one of them holds wherever the other
    does, as far as its words tell: a rule for one language does not contradict that for another.

    Args:
        one: In one line.
        other: The same.
    """
    one, other = _ASIDE.sub("", one), _ASIDE.sub("", other)
    if _NOT.search(one) or _NOT.search(other):
        return False
    for choice in _CHOICES:
        first, second = _chosen(choice, one), _chosen(choice, other)
        if first and second and first != second:
            about, also = _matter(choice, one), _matter(choice, other)
            return about <= also or also <= about
    return False


def _chosen(choice: Mapping[str, re.Pattern[str]], text: str) -> str:
    found = [name for name, pattern in choice.items() if pattern.search(text)]
    return found[0] if len(found) == 1 else ""


def _matter(choice: Mapping[str, re.Pattern[str]], text: str) -> frozenset[str]:
    for pattern in choice.values():
        text = pattern.sub(" ", text)
    return frozenset(stems(text)) - _EVERYWHERE

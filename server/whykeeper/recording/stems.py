"""The words of a text that say something."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

__all__ = ["stems"]

_WORD: Final = re.compile(r"[^\W\d_][\w+#.-]*[\w+#]|[^\W_]")
_PLAIN_WORDS: Final = (
    "a about all also an and any are as at be been but by can could do does each every for from had has have",
    "how if in instead into is it its may more must no not of on one only or other our own should so some",
    "such than that the their them then there these they this those to two up use used uses using via was we",
    "were what when which who will with would you your new now current keep make run decision record adr",
)
_PLAIN: Final = frozenset(" ".join(_PLAIN_WORDS).split())
"""Words that say nothing of a decision's matter."""
_ENDINGS: Final = ("ations", "ation", "ings", "ing", "ies", "ied", "ers", "er", "es", "ed", "s")
_SHORTEST_STEM: Final = 4


def stems(text: str) -> frozenset[str]:
    """The words of a text that say something, without their endings."""
    return frozenset(_stems(text))


def _stems(text: str) -> Iterator[str]:
    for word in _WORD.findall(text.lower()):
        if word in _PLAIN:
            continue
        ending = next((e for e in _ENDINGS if word.endswith(e) and len(word) - len(e) >= _SHORTEST_STEM), "")
        yield word[: len(word) - len(ending)].rstrip("e") if ending else word.rstrip("e") or word

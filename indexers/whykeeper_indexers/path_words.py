"""Words of a text that may be paths, names of files, or dotted names of modules."""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["path_words", "without_steps"]

_PATH_WORD = re.compile(r"[A-Za-z0-9_@.][A-Za-z0-9_./@-]*")
_STEPS = re.compile(r"(?:\.{0,2}/)+")


def path_words(text: str) -> Iterator[str]:
    """Give every such word of a text, in order, without the stop of the sentence that it ends.

    Args:
        text: Prose or code.
    """
    for word in _PATH_WORD.findall(text):
        if kept := word.rstrip("."):
            yield kept


def without_steps(word: str) -> str:
    """Cut off where a path starts from (``./``, ``../``), which only the file it stands in can tell.

    Args:
        word: A path as written.
    """
    steps = _STEPS.match(word)
    return word[steps.end() :] if steps else word

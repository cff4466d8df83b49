"""What is written of an entry: all that a reader sees, and nothing that changes what stands around it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from whykeeper.code_span import code_span

__all__ = ["entry_text", "heading_text", "visible"]

_UNSEEN: Final = re.compile(
    "[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
"""Characters without a shape, and those that turn the order of others round: Unicode Technical Report 36."""
_JOINERS: Final = "\u200c\u200d"
"""Without a shape too, but scripts and emoji need them between others."""
_MARKS: Final = re.compile(r"(?:(?:#+|[-*+>](?=\s|$))\s*)+")
_CLOSING: Final = re.compile(r"(?:^|\s)#+$")
_FENCE: Final = re.compile(r"\s*(?:`{3}|~{3})")
_CODE_OR_TAG: Final = re.compile(
    r"(?<!`)(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`)|<https?://[^\s<>]*>|\\.|<(?=[A-Za-z/!?])"
)


def visible(text: str) -> str:
    """Take out what no reader sees; nothing is left of a text that is only such."""
    kept = _UNSEEN.sub("", text)
    return kept if kept.strip(f"{_JOINERS} \t\r\n") else ""


def heading_text(given: str) -> str:
    """A heading without the marks of one, or of a list; may be empty.

    Args:
        given: In one line.
    """
    bare = _MARKS.sub("", given.strip(), count=1) if _MARKS.match(given.strip()) else given.strip()
    return _CLOSING.sub("", bare).strip()


def entry_text(text: str, paths: Sequence[str]) -> str:
    """An entry as it is written: what it is about comes first, unless it says so itself.

    Args:
        text: With line feeds.
        paths: What it is about, each in one line.
    """
    unsaid = [path for path in paths if path not in text]
    about = f"{', '.join(map(code_span, unsaid))}: " if unsaid else ""
    return about + _without_tags(text)


def _without_tags(text: str) -> str:
    """Have HTML outside of code seen as it is: a tag left open swallows what follows, a comment hides it."""
    lines, fenced = [], False
    for line in text.split("\n"):
        fence = bool(_FENCE.match(line))
        lines.append(line if fenced or fence else _CODE_OR_TAG.sub(_escaped, line))
        fenced ^= fence
    return "\n".join(lines)


def _escaped(found: re.Match[str]) -> str:
    return "\\<" if found[0] == "<" else found[0]

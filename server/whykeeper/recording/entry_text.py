"""What is written of an entry: all that a reader sees, and nothing that changes what stands around it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from whykeeper.code_span import code_span

__all__ = ["entry_text", "heading_text", "unmarked", "visible"]

_UNSEEN: Final = re.compile(
    "[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
"""Characters without a shape, and those that turn the order of others round: Unicode Technical Report 36."""
_JOINERS: Final = "\u200c\u200d"
"""Without a shape too, but scripts and emoji need them between others."""
_MARKS: Final = re.compile(r"(?:(?:#+|[-*+>](?=\s|$))\s*)+")
_CLOSING: Final = re.compile(r"(?:^|\s)#+$")
_ITEM: Final = re.compile(r"(?:[-*+]|\d{1,4}[.)])[ \t]+(?=\S)")
_HEADING: Final = re.compile(r"[ \t]*(?=#{1,6}(?:[ \t]|$)|(?:-+|=+)[ \t]*$)")
"""What makes a line a heading, or the one above it."""
_FENCE: Final = re.compile(r"\s*(?:`{3}|~{3})")
_CODE_OR_TAG: Final = re.compile(
    r"(?<!`)(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`)|<https?://[^\s<>]*>|\\.|<(?=[A-Za-z/!?])"
)


def visible(text: str) -> str:
    """Take out what no reader sees; nothing is left of a text that is only such."""
    kept = _UNSEEN.sub("", text)
    return kept if kept.strip(f"{_JOINERS} \t\r\n") else ""


def unmarked(text: str) -> str:
    """Take the mark of a list away, which it gets by itself; a text of several items keeps theirs."""
    first, *rest = text.split("\n")
    mark = _ITEM.match(first)
    return text[mark.end() :] if mark and not any(map(_ITEM.match, rest)) else text


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
    gap = "\n" if _FENCE.match(text) or _ITEM.match(text) else " "
    about = f"{', '.join(map(code_span, unsaid))}:{gap}" if unsaid else ""
    return about + _harmless(text)


def _harmless(text: str) -> str:
    """Have HTML and headings outside of code seen as they are.

    A tag left open swallows what follows, a comment hides it, and a heading takes it to itself.
    """
    lines, fenced = [], False
    for line in text.split("\n"):
        fence = bool(_FENCE.match(line))
        lines.append(line if fenced or fence else _seen(line))
        fenced ^= fence
    return "\n".join(lines)


def _seen(line: str) -> str:
    line = _CODE_OR_TAG.sub(_escaped, line)
    mark = _HEADING.match(line)
    return f"{mark[0]}\\{line[mark.end() :]}" if mark else line


def _escaped(found: re.Match[str]) -> str:
    return "\\<" if found[0] == "<" else found[0]

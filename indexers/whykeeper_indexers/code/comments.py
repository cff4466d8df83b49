"""Comments as prose: the text without its marks."""

from __future__ import annotations

import re

__all__ = ["clean_comment", "is_licence"]

_MARKS = re.compile(
    r"^\s*(?:/\*+[*!]?|\*+/|\*(?![*\w])|//+!?|#+[!:]?(?!\w{1,20}\()|--\[=*\[|--+\s?[|^]?|\{-+\s?[|^]?|-\}|;+|<!--|%+)?\s?"
)
_ENDS = re.compile(r"\s*(?:\*+/|-\}|\]=*\]|-->)\s*$")
_XML_TAGS = re.compile(r"</?(?:summary|remarks|para|returns|value)\s*/?>")
_LICENCE = re.compile(r"copyright|licensed under|spdx-license|all rights reserved", re.IGNORECASE)


def clean_comment(text: str, limit: int = 1_500) -> str:
    """Take the comment marks off, line by line, and bound the length."""
    lines = (_ENDS.sub("", _MARKS.sub("", line[:1_000], count=1)).rstrip() for line in text.split("\n")[:200])
    prose = _XML_TAGS.sub("", "\n".join(lines)).strip()
    return prose if len(prose) <= limit else f"{prose[:limit].rstrip()} …"


def is_licence(text: str) -> bool:
    """Say whether a comment at a file's head is its licence, which says nothing of the file."""
    return _LICENCE.search(text[:600]) is not None

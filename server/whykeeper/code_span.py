"""Code in Markdown, whatever it holds."""

from __future__ import annotations

import re

__all__ = ["code_span"]

_TICKS = re.compile(r"`+")


def code_span(text: str) -> str:
    """Quote a text of one line as code, in more backticks than it has in a row (CommonMark 6.1)."""
    longest = max(map(len, _TICKS.findall(text)), default=0)
    fence, gap = "`" * (longest + 1), " " if longest else ""
    return f"{fence}{gap}{text}{gap}{fence}"

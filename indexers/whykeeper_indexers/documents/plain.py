"""Plain text: underlined titles where there are any, paragraphs otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from whykeeper_indexers.documents.outline import Block, BlockKind
from whykeeper_indexers.documents.restructuredtext import adornment_of

__all__ = ["scan_plain"]

UNDERLINES = "=-~*#"
MIN_UNDERLINE = 3
MAX_TITLE = 120


def scan_plain(lines: Sequence[str], first: int) -> Iterable[Block]:
    """Read plain lines into blocks."""
    levels: list[str] = []
    number = first
    while number <= len(lines):
        if not lines[number - 1].strip():
            number += 1
            continue
        block = _title(lines, number, levels) or _paragraph(lines, number)
        yield block
        number = block.end + 1


def _title(lines: Sequence[str], number: int, levels: list[str]) -> Block | None:
    if number >= len(lines):
        return None
    title, underline = lines[number - 1].rstrip(), lines[number].rstrip()
    if title[0].isspace() or not underline or underline[0].isspace():
        # An example of a heading, or a table.
        return None
    mark = adornment_of(underline)
    if mark is None or mark not in UNDERLINES or adornment_of(title):
        return None
    if len(title) > MAX_TITLE or len(underline) < max(MIN_UNDERLINE, len(title) // 2):
        return None
    if mark not in levels:
        levels.append(mark)
    return Block(BlockKind.HEADING, number, number + 1, levels.index(mark) + 1, title)


def _paragraph(lines: Sequence[str], number: int) -> Block:
    end = number
    while end < len(lines) and lines[end].strip():
        end += 1
    return Block(BlockKind.PROSE, number, end)

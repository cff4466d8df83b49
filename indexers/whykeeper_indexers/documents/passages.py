"""Cutting blocks into passages that an embedding model can read whole."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from whykeeper_indexers.documents.outline import Block, BlockKind

__all__ = ["HARD_LIMIT", "TARGET", "WHOLE_LIMIT", "Passage", "split_passages"]

TARGET = 1_000
"""Characters: about the 256 word pieces that the default model reads."""
HARD_LIMIT = 1_600
"""Prose is never longer; a section up to this size stays whole."""
WHOLE_LIMIT = 2_400
"""A table, list or code block up to this size stays whole: half of one is worth little."""
SMALL = 200
"""A last piece below this is added to the one before it."""

_SENTENCE_END = re.compile(r"[.!?;:](?=\s)|\s(?=[-|])")


class Passage(NamedTuple):
    """A piece of a document.

    Attributes:
        start: First line, 1-based.
        end: Last line, inclusive.
        text: Those lines; a part of the line where one line alone is too long.
    """

    start: int
    end: int
    text: str


class _Unit(NamedTuple):
    """Lines that are not cut any further; ``leads`` says that they introduce the next ones."""

    start: int
    end: int
    size: int
    leads: bool


def split_passages(lines: Sequence[str], blocks: Sequence[Block]) -> list[Passage]:
    """Cut the lines that blocks cover into passages, in order and without overlap.

    Args:
        lines: The file's lines.
        blocks: Headings and bodies, in order; what stands between two of them is blank.

    Returns:
        Passages of about ``TARGET`` characters, cut where the text allows it best.
    """
    if not blocks:
        return []
    start, end = blocks[0].start, blocks[-1].end
    if _size(lines, start, end, HARD_LIMIT) <= HARD_LIMIT:
        return [_passage(lines, start, end)]
    found: list[Passage] = []
    for first, last in _packed(unit for block in blocks for unit in _units(lines, block)):
        found += _pieces(lines, first, last)
    return found


def _units(lines: Sequence[str], block: Block) -> Iterator[_Unit]:
    whole = block.kind in {BlockKind.TABLE, BlockKind.CODE, BlockKind.LIST}
    limit = WHOLE_LIMIT if whole else HARD_LIMIT
    size = _size(lines, block.start, block.end)
    if size <= limit:
        yield _Unit(block.start, block.end, size, _leads(lines, block))
        return
    for start, end in _divided(lines, block):
        yield _Unit(start, end, _size(lines, start, end), leads=False)


def _leads(lines: Sequence[str], block: Block) -> bool:
    """Whether a block introduces the next one: a heading, or a line that ends in a colon."""
    return block.kind is BlockKind.HEADING or lines[block.end - 1].rstrip().endswith(":")


def _packed(units: Iterable[_Unit]) -> list[tuple[int, int]]:
    """Join units to ranges of about ``TARGET`` characters."""
    ranges: list[tuple[int, int]] = []
    size, leads = 0, False
    for unit in units:
        if ranges and _fits(size, leads, unit):
            ranges[-1] = (ranges[-1][0], unit.end)
            size += unit.size
        else:
            ranges.append((unit.start, unit.end))
            size = unit.size
        leads = unit.leads
    return ranges


def _fits(size: int, leads: bool, unit: _Unit) -> bool:
    """Whether a unit joins a range; what introduces it is not left alone."""
    if leads and size < SMALL:
        return True
    room = HARD_LIMIT if leads or unit.size < SMALL else TARGET
    return size + unit.size <= room


def _divided(lines: Sequence[str], block: Block) -> Iterator[tuple[int, int]]:
    """Cut a block that is too long: before an item, at a blank line, else between lines."""
    preferred = set(block.breaks)
    start, size, cut = block.start, 0, 0
    for number in range(block.start, block.end + 1):
        length = len(lines[number - 1]) + 1
        if number > start and size + length > TARGET:
            at = cut if cut > start else number
            yield start, at - 1
            start, cut = at, 0
            size = _size(lines, start, number - 1)
        if number in preferred or (number > start and not lines[number - 1].strip()):
            cut = number
        size += length
    yield start, block.end


def _pieces(lines: Sequence[str], start: int, end: int) -> Iterator[Passage]:
    """A range as one passage, or as slices of it where it holds a line that is too long."""
    passage = _passage(lines, start, end)
    text = passage.text
    if len(text) <= WHOLE_LIMIT + SMALL:
        yield passage
        return
    position, line = 0, start
    while position < len(text):
        stop = _slice_end(text, position)
        piece = text[position:stop]
        first = line + piece[: len(piece) - len(piece.lstrip())].count("\n")
        line += piece.count("\n")
        if piece.strip():
            yield Passage(first, line - (len(piece) - len(piece.rstrip("\n"))), piece.strip())
        position = stop


def _slice_end(text: str, position: int) -> int:
    if len(text) - position <= HARD_LIMIT:
        return len(text)
    half, full = position + TARGET // 2, position + TARGET
    ends = [match.end() for match in _SENTENCE_END.finditer(text, half, full)]
    return ends[-1] if ends else max(text.rfind(" ", half, full), full)


def _passage(lines: Sequence[str], start: int, end: int) -> Passage:
    return Passage(start, end, "\n".join(lines[start - 1 : end]))


def _size(lines: Sequence[str], start: int, end: int, enough: int | None = None) -> int:
    """Characters of a range with its line feeds; counting may stop once there are enough."""
    total = 0
    for number in range(start, end + 1):
        total += len(lines[number - 1]) + 1
        if enough is not None and total > enough:
            break
    return total

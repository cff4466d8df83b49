"""AsciiDoc, read by its layout: ``=`` titles, delimited blocks, paragraphs and lists."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from whykeeper_indexers.documents.outline import Block, BlockKind
from whykeeper_indexers.documents.titles import plain_from_asciidoc

__all__ = ["scan_asciidoc"]

_TITLE = re.compile(r"(={1,6}|#{1,6})[ \t]+(\S.*)")
_ITEM = re.compile(r"\s*(?:\*{1,5}|-|\.{1,5}|\d{1,4}\.)[ \t]+\S")
_ATTRIBUTE = re.compile(r":!?[\w-]+!?:(?:\s|$)")
_BLOCK_ATTRIBUTES = re.compile(r"\[[^\[\]]*\]\s*$|\.[^\s.]")
_DELIMITERS = {
    "-": BlockKind.CODE,
    ".": BlockKind.CODE,
    "+": BlockKind.CODE,
    "`": BlockKind.CODE,
    "/": BlockKind.NOISE,
    "=": BlockKind.PROSE,
    "*": BlockKind.PROSE,
    "_": BlockKind.PROSE,
}
MIN_DELIMITER = 4


def scan_asciidoc(lines: Sequence[str], first: int) -> Iterable[Block]:
    """Read AsciiDoc lines into blocks."""
    number = first
    while number <= len(lines):
        if not lines[number - 1].strip():
            number += 1
            continue
        block = _title(lines, number) or _block(lines, number)
        yield block
        number = block.end + 1


def _title(lines: Sequence[str], number: int) -> Block | None:
    match = _TITLE.match(lines[number - 1])
    if match is None:
        return None
    return Block(BlockKind.HEADING, number, number, len(match[1]), plain_from_asciidoc(match[2]))


def _block(lines: Sequence[str], number: int) -> Block:
    """A block with the attribute lines above it; header attributes are a block of their own."""
    if _ATTRIBUTE.match(lines[number - 1]) or lines[number - 1].startswith("//"):
        delimited = _delimited(lines, number)
        return delimited or Block(BlockKind.NOISE, number, number)
    at = number
    while at < len(lines) and _BLOCK_ATTRIBUTES.match(lines[at - 1]) and lines[at].strip():
        at += 1
    block = _delimited(lines, at) or _paragraph(lines, at)
    return block._replace(start=number)


def _delimited(lines: Sequence[str], number: int) -> Block | None:
    kind = _delimiter_kind(lines[number - 1].rstrip())
    if kind is None:
        return None
    fence = lines[number - 1].rstrip()
    closing = "```" if fence.startswith("```") else fence
    for at in range(number + 1, len(lines) + 1):
        if lines[at - 1].rstrip() == closing:
            return Block(kind, number, at)
    return None


def _delimiter_kind(line: str) -> BlockKind | None:
    if line.startswith("```"):
        return BlockKind.CODE
    if line in {"|===", ",===", ":===", "!==="}:
        return BlockKind.TABLE
    if line == "--":
        return BlockKind.PROSE
    if len(line) < MIN_DELIMITER or line.count(line[0]) != len(line):
        return None
    return _DELIMITERS.get(line[0])


def _paragraph(lines: Sequence[str], number: int) -> Block:
    """Lines up to a blank one; a list also takes what is joined to it, and its other items."""
    is_list = bool(_ITEM.match(lines[number - 1]))
    breaks = [number]
    last = at = number
    while at < len(lines):
        at += 1
        line = lines[at - 1]
        if not line.strip():
            if is_list and at < len(lines) and _ITEM.match(lines[at]):
                continue
            break
        if _TITLE.match(line) or (not is_list and _delimiter_kind(line.rstrip())):
            break
        if is_list and _ITEM.match(line):
            breaks.append(at)
        last = at
    if is_list:
        return Block(BlockKind.LIST, number, last, breaks=tuple(breaks))
    return Block(BlockKind.PROSE, number, last)

"""reStructuredText, read by its layout: titles by adornment, blocks by indentation.

docutils would run directives it does not know into errors and builds a whole tree; a chunker
needs titles, and which lines belong together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from whykeeper_indexers.documents.outline import Block, BlockKind
from whykeeper_indexers.documents.titles import plain_from_rst

__all__ = ["adornment_of", "scan_rst"]

MIN_ADORNMENT = 3
"""docutils takes shorter underlines only below shorter titles."""
MAX_TITLE_LINE = 400
ADORNMENTS = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")

_ITEM = re.compile(r"(?:[-*+•]|(?:\d{1,4}|#|[A-Za-z])[.)]|\((?:\d{1,4}|#|[A-Za-z])\))\s+\S")
_DIRECTIVE = re.compile(r"\.\.\s+(?:\|[^|]*\|\s+)?([A-Za-z][\w:.+-]*?)::")
_CODE = frozenset(
    {"code", "code-block", "sourcecode", "literalinclude", "parsed-literal", "highlight", "math"}
)
_TABLES = frozenset({"table", "list-table", "csv-table"})
_SILENT = frozenset({"toctree", "contents", "image", "index", "highlight", "include"})


def scan_rst(lines: Sequence[str], first: int) -> Iterable[Block]:
    """Read reStructuredText lines into blocks."""
    styles: list[tuple[str, bool]] = []
    number, total = first, len(lines)
    items: Block | None = None
    while number <= total:
        if not lines[number - 1].strip():
            number += 1
            continue
        block = _title(lines, number, styles) or _block(lines, number)
        number = block.end + 1
        if items is not None and block.kind is BlockKind.LIST:
            items = items._replace(end=block.end)
            continue
        if items is not None:
            yield _with_breaks(lines, items)
        items = block if block.kind is BlockKind.LIST else None
        if items is None:
            yield block
    if items is not None:
        yield _with_breaks(lines, items)


def adornment_of(line: str) -> str | None:
    """The character a line of adornment is made of; None when it is something else."""
    text = line.rstrip()
    if not text or text[0] not in ADORNMENTS or text.count(text[0]) != len(text):
        return None
    return text[0]


def _title(lines: Sequence[str], number: int, styles: list[tuple[str, bool]]) -> Block | None:
    """A section title that begins at a line, with its overline if it has one."""
    overline = adornment_of(lines[number - 1])
    at = number + 1 if overline else number
    if at + 1 > len(lines) or len(lines[at - 1]) > MAX_TITLE_LINE:
        return None
    title, underline = lines[at - 1].rstrip(), adornment_of(lines[at])
    if underline is None or not title.strip() or adornment_of(title):
        return None
    if overline and overline != underline:
        return None
    if not overline and (title[0].isspace() or not _long_enough(title, lines[at])):
        return None
    style = (underline, overline is not None)
    if style not in styles:
        styles.append(style)
    return Block(BlockKind.HEADING, number, at + 1, styles.index(style) + 1, plain_from_rst(title.strip()))


def _long_enough(title: str, underline: str) -> bool:
    length = len(underline.rstrip())
    return length >= min(len(title), MIN_ADORNMENT + 1) and length >= MIN_ADORNMENT


def _block(lines: Sequence[str], number: int) -> Block:
    """Lines up to a blank one, and every indented line that follows."""
    last = number
    after_blank = False
    for at in range(number + 1, len(lines) + 1):
        line = lines[at - 1]
        if not line.strip():
            after_blank = True
            continue
        if after_blank and not line[0].isspace():
            break
        last, after_blank = at, False
    return Block(_kind(lines, number, last), number, last)


def _kind(lines: Sequence[str], start: int, end: int) -> BlockKind:
    line = lines[start - 1]
    if line.startswith(".."):
        directive = _DIRECTIVE.match(line)
        name = directive[1] if directive else ""
        if name in _CODE:
            return BlockKind.CODE
        if name in _TABLES:
            return BlockKind.TABLE
        return BlockKind.NOISE if not name or name in _SILENT else BlockKind.PROSE
    if _is_table_border(line):
        return BlockKind.TABLE
    if adornment_of(line) and start == end:
        return BlockKind.NOISE
    if line.startswith(">>>") or line.rstrip() == "::":
        return BlockKind.CODE
    return BlockKind.LIST if _ITEM.match(line) else BlockKind.PROSE


def _is_table_border(line: str) -> bool:
    marks = set(line.rstrip())
    return marks == {"=", " "} or (line.startswith("+") and len(marks) > 1 and marks <= set("+-="))


def _with_breaks(lines: Sequence[str], block: Block) -> Block:
    """The list with the lines at which its items start."""
    starts = (at for at in range(block.start, block.end + 1) if _ITEM.match(lines[at - 1]))
    return block._replace(breaks=tuple(starts))

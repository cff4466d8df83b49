"""Markdown and MDX: outer blocks by markdown-it, in the CommonMark reading with tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

from whykeeper_indexers.documents.markdown_blocks import block_parser
from whykeeper_indexers.documents.outline import Block, BlockKind
from whykeeper_indexers.documents.titles import plain_from_markdown

__all__ = ["scan_markdown", "scan_mdx"]

MAX_SETEXT_LINES = 2
"""A longer paragraph above a line of dashes was meant as a paragraph above a rule."""
_MAX_HTML_LINE = 400

_HTML_HEADING = re.compile(r"<h([1-6])\b[^<>]*>(.*?)</h\1>", re.IGNORECASE)
_HTML_TAG = re.compile(r"<!--.*?(?:-->|$)|</?[A-Za-z][^<>]*>|&nbsp;", re.DOTALL)
_MDX_STATEMENT = re.compile(r"(?:import|export)\b.*(?:from|[\"']|const|default|function|\{)")
_BADGE = re.compile(r"\s*(?:\[!\[|!\[|\[[^\[\]]+\]:\s)")


def scan_markdown(lines: Sequence[str], first: int) -> Iterable[Block]:
    """Read Markdown lines into blocks."""
    return _scan(_parser(mdx=False), lines, first)


def scan_mdx(lines: Sequence[str], first: int) -> Iterable[Block]:
    """Read MDX lines into blocks: imports, exports and JSX are not mistaken for HTML."""
    for block in _scan(_parser(mdx=True), lines, first):
        if block.kind is BlockKind.PROSE and _MDX_STATEMENT.match(lines[block.start - 1]):
            yield block._replace(kind=BlockKind.NOISE)
        else:
            yield block


@cache
def _parser(*, mdx: bool) -> MarkdownIt:
    return block_parser(mdx=mdx)


class _Read(NamedTuple):
    """One outer token, with its lines as 1-based numbers."""

    token: Token
    content: str
    lines: Sequence[str]
    start: int
    end: int


def _scan(parser: MarkdownIt, lines: Sequence[str], first: int) -> Iterator[Block]:
    tokens = parser.parse("\n".join(lines[first - 1 :]))
    for index, token in enumerate(tokens):
        reader = _READERS.get(token.type)
        if reader is None or token.map is None:
            continue
        start, end = token.map[0] + first, min(token.map[1] + first - 1, len(lines))
        while end > start and not lines[end - 1].strip():
            end -= 1
        content = tokens[index + 1].content if token.type == "heading_open" else token.content
        yield from reader(_Read(token, content, lines, start, end))


def _heading(read: _Read) -> Iterator[Block]:
    if read.content.count("\n") >= MAX_SETEXT_LINES:
        yield Block(BlockKind.PROSE, read.start, read.end)
        return
    title = plain_from_markdown(read.content)
    yield Block(BlockKind.HEADING, read.start, read.end, int(read.token.tag[1]), title)


def _paragraph(read: _Read) -> Iterator[Block]:
    noise = all(_BADGE.match(line) for line in read.lines[read.start - 1 : read.end])
    yield Block(BlockKind.NOISE if noise else BlockKind.PROSE, read.start, read.end)


def _list(read: _Read) -> Iterator[Block]:
    items: list[int] = read.token.meta["items"]
    yield Block(
        BlockKind.LIST, read.start, read.end, breaks=tuple(at - items[0] + read.start for at in items)
    )


def _html(read: _Read) -> Iterator[Block]:
    """HTML is text without its tags; a heading tag on a line of its own is a heading."""
    begin = read.start
    for number in range(read.start, read.end + 1):
        match = _HTML_HEADING.search(read.lines[number - 1][:_MAX_HTML_LINE])
        title = plain_from_markdown(match[2]) if match else ""
        if match and title:
            if number > begin:
                yield _html_text(read.lines, begin, number - 1)
            yield Block(BlockKind.HEADING, number, number, int(match[1]), title)
            begin = number + 1
    if begin <= read.end:
        yield _html_text(read.lines, begin, read.end)


def _html_text(lines: Sequence[str], start: int, end: int) -> Block:
    text = _HTML_TAG.sub("", "\n".join(lines[start - 1 : end]))
    return Block(BlockKind.PROSE if text.strip() else BlockKind.NOISE, start, end)


def _of(kind: BlockKind) -> Callable[[_Read], Iterator[Block]]:
    return lambda read: iter((Block(kind, read.start, read.end),))


_READERS: dict[str, Callable[[_Read], Iterator[Block]]] = {
    "heading_open": _heading,
    "paragraph_open": _paragraph,
    "list": _list,
    "html_block": _html,
    "quote": _of(BlockKind.PROSE),
    "table": _of(BlockKind.TABLE),
    "fence": _of(BlockKind.CODE),
    "code_block": _of(BlockKind.CODE),
    "hr": _of(BlockKind.NOISE),
}

"""Block rules for markdown-it that find where lists, quotes and tables end without reading into them.

A chunker needs the lines of the outer blocks only. Not reading what is nested, nor what is inline, makes
the parser five times as fast (600 documents, 4.5 MB: 0.4 s for 2.1), linear in the input, and free of
recursion.
"""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock

__all__ = ["block_parser"]

_MARKER = re.compile(r"(?:[-+*]|\d{1,9}[.)])(?=[ \t]|$)")
_MAX_INDENT = 4
"""Spaces from which a line is indented code instead of a block of its own."""


def block_parser(*, mdx: bool = False) -> MarkdownIt:
    """A parser that yields outer blocks: headings, fences, paragraphs, and shallow tokens.

    The shallow tokens are ``list`` (with the lines of its items in ``meta["items"]``), ``quote``
    and ``table``; all lines are in ``map``, 0-based, end exclusive.

    Args:
        mdx: Read MDX, which has neither indented code nor HTML blocks.
    """
    parser = MarkdownIt("commonmark").disable(["inline", "reference"])
    ruler = parser.block.ruler
    ruler.at("list", _list, {"alt": ["paragraph", "reference", "blockquote"]})
    ruler.at("blockquote", _quote, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    ruler.at("table", _table, {"alt": ["paragraph", "reference"]})
    parser.enable("table")
    if mdx:
        parser.disable(["code", "html_block"])
    return parser


def _list(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    if state.is_code_block(start):
        return False
    marker = _marker(state, start)
    if marker is None:
        return False
    if silent:
        return _interrupts_paragraph(state, start, marker)
    items = [start]
    content = _content_indent(state, start, marker)
    line, last, after_blank = start + 1, start, False
    while line < end:
        if state.isEmpty(line):
            after_blank = True
            line += 1
            continue
        if state.sCount[line] < content:
            if _terminates(state, line, end, "list"):
                break
            marker = _marker(state, line)
            if marker is not None and state.sCount[line] < state.sCount[start] + _MAX_INDENT:
                items.append(line)
                content = _content_indent(state, line, marker)
            elif after_blank or _terminates(state, line, end, "paragraph"):
                break
        last, after_blank = line, False
        line += 1
    return _push(state, "list", start, last + 1, items)


def _quote(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    if state.is_code_block(start) or not _starts(state, start, ">"):
        return False
    if silent:
        return True
    line = start + 1
    while line < end and not state.isEmpty(line):
        if not _starts(state, line, ">") and _terminates(state, line, end, "paragraph"):
            break
        line += 1
    return _push(state, "quote", start, line)


def _table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    if start + 1 >= end or state.is_code_block(start) or not _is_table_head(state, start):
        return False
    if silent:
        return True
    line = start + 2
    while line < end and not state.isEmpty(line):
        if state.is_code_block(line) or _terminates(state, line, end, "blockquote"):
            break
        line += 1
    return _push(state, "table", start, line)


def _is_table_head(state: StateBlock, start: int) -> bool:
    delimiter = _text(state, start + 1)
    if "-" not in delimiter or not set(delimiter) <= set("|-: \t"):
        return False
    head = _text(state, start)
    return "|" in head and _columns(head) == _columns(delimiter)


def _columns(row: str) -> int:
    return row.strip().replace("\\|", "").strip("|").count("|") + 1


def _text(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] : state.eMarks[line]]


def _starts(state: StateBlock, line: int, character: str) -> bool:
    return state.src.startswith(character, state.bMarks[line] + state.tShift[line])


def _marker(state: StateBlock, line: int) -> re.Match[str] | None:
    return _MARKER.match(state.src, state.bMarks[line] + state.tShift[line], state.eMarks[line])


def _content_indent(state: StateBlock, line: int, marker: re.Match[str]) -> int:
    """The indentation from which a line belongs to the item (CommonMark 5.2)."""
    width = state.sCount[line] + len(marker[0])
    after = state.src[marker.end() : state.eMarks[line]]
    spaces = len(after) - len(after.lstrip(" \t"))
    if not after.strip() or spaces > _MAX_INDENT or "\t" in after[:spaces]:
        return width + 1
    return width + spaces


def _interrupts_paragraph(state: StateBlock, line: int, marker: re.Match[str]) -> bool:
    has_content = bool(state.src[marker.end() : state.eMarks[line]].strip())
    ordered = marker[0][-1] in ".)"
    return has_content and (not ordered or marker[0][:-1] == "1")


def _terminates(state: StateBlock, line: int, end: int, chain: str) -> bool:
    if state.sCount[line] >= _MAX_INDENT:
        return False
    return any(rule(state, line, end, True) for rule in state.md.block.ruler.getRules(chain))


def _push(state: StateBlock, name: str, start: int, end: int, items: list[int] | None = None) -> bool:
    token = state.push(name, "", 0)
    token.map = [start, end]
    token.meta = {"items": items or []}
    state.line = end
    return True

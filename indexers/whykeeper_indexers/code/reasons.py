"""Comments that give a reason: why, what for, what must not be done.

A quick search over the whole file proposes places; the syntax tree says which of them are
comments; a stricter pattern over the comment says which of those give a reason.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from tree_sitter import Node

from whykeeper_indexers.code.comments import clean_comment, is_licence
from whykeeper_indexers.code.grammar import text_of
from whykeeper_indexers.code.lines import Lines

__all__ = ["MAX_REASONS", "Reason", "reasons_in_lines", "reasons_in_tree"]

MAX_REASONS = 200
"""Reasons taken from one file into the index."""

_MAX_BLOCK = 1_200
"""Characters of a comment past which only the paragraphs that give the reason are kept."""

_CODE_ROWS = 4
_CODE_CHARACTERS = 300

# Over lower-cased bytes: the leading \b lets the matcher skip from word to word.
_HINT = re.compile(
    rb"\b(?:because|work-?\s?around|on purpose|deliberate|intentional|by design|to avoid|to prevent|compatib"
    rb"|backwards?[ -]compat|historical|reasons?\b|trade-?off|rationale|otherwise|so that we|or else|due to"
    rb"|note\b|notes?:|nb:|why\b|hack\b|decision|decided|xxx\b|fixme|important|warning|caution|invariant"
    rb"|safety|caveat|gotcha|do not|don't|never|must not|instead of)"
)

_TAG = (
    r"(?:NOTE|NB|WHY|HACK|DECISION|RATIONALE|REASON|XXX|FIXME|IMPORTANT|WARNING|CAUTION|INVARIANT|SAFETY|CAVEAT"
    r"|GOTCHA|WORKAROUND)"
)
_OPENING_WORDS = (
    r"(?i:note(?: that\b|:)|why:|why (?:not|this|we|is|do|does|the)\b|rationale:|reason:|important:|warning:"
    r"|caution:|decision:|caveat:|invariant:)"
)
_GROUND = r"\b(?:since|otherwise|as (?:it|this|that|they)|due to|or it|would)\b"
_REASON = re.compile(
    "|".join(
        (
            # A tag that opens a line, or stands before a colon, perhaps with an owner in parentheses.
            rf"^[ \t\-@*]{{0,6}}{_TAG}\b(?!\s*[,|/])",
            rf"(?<![\w-]){_TAG}(?:\([^()\n]{{1,60}}\))?:",
            rf"^[ \t\-@*]{{0,6}}{_OPENING_WORDS}",
            # Words that join a choice to its ground.
            r"(?i:\b(?:because|work-?\s?arounds?|on purpose|deliberate(?:ly)?|intentional(?:ly)?)\b)",
            r"(?i:\b(?:by design|to avoid|to prevent|so that we|or else|the reason|rationale|trade-?off)\b)",
            r"(?i:\bfor \w{1,20} reasons?\b|\bbackwards?[ -]compat\w{0,10}|\bfor compatib\w{1,6})",
            r"(?i:\bwe (?:have )?(?:decided|chose|opted)\b|\bhistorically\b)",
            rf"(?i:\b(?:do not|don't|never|must not|instead of)\b[^\n]{{0,120}}?{_GROUND})",
        )
    ),
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Reason:
    """A comment that gives a reason. Rows are 0-based and inclusive.

    Attributes:
        start: First row.
        end: Last row, the code it stands over included.
        row: First row of code it stands over.
        gist: The line that gives the reason, without comment marks.
    """

    start: int
    end: int
    row: int
    gist: str


def reasons_in_tree(
    root: Node, data: bytes, lines: Lines, comments: frozenset[str], most: int = MAX_REASONS
) -> list[Reason]:
    """Find the reasons in a file that has a syntax tree.

    Args:
        root: The tree's root.
        data: The file as UTF-8; the tree counts in its bytes.
        lines: The same file as lines.
        comments: Node types that are comments.
        most: Of them.
    """

    def is_comment(node: Node | None) -> bool:
        if node is None:
            return False
        return node.type in comments or (node.parent is not None and node.parent.type in comments)

    def is_comment_row(row: int) -> bool:
        column = len(lines.lines[row][: lines.indent(row)].encode())
        return is_comment(root.descendant_for_point_range((row, column), (row, column + 1)))

    hinted: dict[int, str] = {}
    row, counted = 0, 0
    for found in _HINT.finditer(data.lower()):
        node = root.descendant_for_byte_range(found.start(), found.start() + 1)
        if node is not None and is_comment(node):
            row, counted = row + data.count(b"\n", counted, found.start()), found.start()
            hinted.setdefault(row, text_of(node)[:1_000])
    return _reasons(hinted, lines, is_comment_row, most)


def reasons_in_lines(lines: Lines, prefixes: tuple[str, ...], most: int = MAX_REASONS) -> list[Reason]:
    """Find the reasons in a file without a tree: comments that fill their line.

    Args:
        lines: The file.
        prefixes: What begins a comment in its language; nothing is found without any.
        most: Of them.
    """

    def is_comment_row(row: int) -> bool:
        return lines.lines[row].lstrip().startswith(prefixes)

    if not prefixes:
        return []
    hinted = {row: "" for row in range(len(lines)) if is_comment_row(row) and _is_hinted(lines.lines[row])}
    return _reasons(hinted, lines, is_comment_row, most)


def _is_hinted(line: str) -> bool:
    return _HINT.search(line[:2_000].lower().encode()) is not None


def _reasons(
    hinted: dict[int, str], lines: Lines, is_comment_row: Callable[[int], bool], most: int
) -> list[Reason]:
    found: list[Reason] = []
    done = -1
    for row, trailing in hinted.items():
        if row <= done or len(found) >= most:
            continue
        if is_comment_row(row):
            start, done = _block(row, lines, is_comment_row)
            found.extend(_in_block(start, done, lines))
        else:
            gist = _gist(clean_comment(trailing))
            found.extend([Reason(row, row, row, gist)] if gist else [])
    return found[:most]


def _block(row: int, lines: Lines, is_comment_row: Callable[[int], bool]) -> tuple[int, int]:
    """Return the first and last row of the comment a row stands in."""
    first = last = row
    while first > 0 and not lines.is_blank(first - 1) and is_comment_row(first - 1):
        first -= 1
    while last + 1 < len(lines) and not lines.is_blank(last + 1) and is_comment_row(last + 1):
        last += 1
    return first, last


def _in_block(start: int, end: int, lines: Lines) -> list[Reason]:
    if start < 3 and is_licence("\n".join(lines.lines[start : end + 1])[:1_000]):
        return []
    found: list[Reason] = []
    for first, last, text in _passages(start, end, lines):
        gist = _gist(text)
        if gist:
            reach = _code_below(last, lines) if last == end else last
            found.append(Reason(first, reach, min(end + 1, len(lines) - 1), gist))
    return found


def _passages(start: int, end: int, lines: Lines) -> list[tuple[int, int, str]]:
    """Return a short comment whole, a long one by paragraphs, each with its plain text."""
    cleaned = [clean_comment(line) for line in lines.lines[start : end + 1]]
    if lines.size(start, end) <= _MAX_BLOCK:
        return [(start, end, "\n".join(cleaned))]
    found: list[tuple[int, int, str]] = []
    first, size = 0, 0
    for index, line in enumerate(cleaned):
        size += len(line)
        if not line or size > _MAX_BLOCK:
            if index > first:
                found.append((start + first, start + index - 1, "\n".join(cleaned[first:index])))
            first, size = index if line else index + 1, len(line)
    if first < len(cleaned):
        found.append((start + first, end, "\n".join(cleaned[first:])))
    return found


def _gist(text: str) -> str:
    """Return the line that gives the reason; empty when none does."""
    found = _REASON.search(text)
    if found is None:
        return ""
    begin = text.rfind("\n", 0, found.start() + 1) + 1
    if found.group().startswith("\n"):
        begin = found.start() + 1
    return " ".join(text[begin:].split("\n", 1)[0].split())


def _code_below(last: int, lines: Lines) -> int:
    """Return the last of the first rows of code below a comment."""
    end = last
    while end + 1 < len(lines) and end - last < _CODE_ROWS and not lines.is_blank(end + 1):
        if lines.size(last + 1, end + 1) > _CODE_CHARACTERS:
            break
        end += 1
    return end

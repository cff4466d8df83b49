"""Entries of lists in Markdown: where they stand, how they are written, and where another one goes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from whykeeper_indexers.decisions.writing import Edit
from whykeeper_indexers.documents.outline import BlockKind, Outline, Section
from whykeeper_indexers.documents.parse import read_outline
from whykeeper_indexers.types import SourceText

__all__ = ["Entry", "added", "entries", "new_list", "outline_of", "paragraphs", "removed", "replaced"]

MOST_ENTRY = 2_000
"""Characters of an entry that is compared."""
_ITEM = re.compile(r"(?P<indent>[ \t]{0,3})(?P<mark>[-*+]|\d{1,4}[.)])(?P<gap>[ \t]+)(?P<text>\S.*)?$")


_NOT_PLAIN = re.compile(r"[ \t]*(?:[>|<:!]|[-*+][ \t]|={3}|-{3})|    |\t")
"""How a line begins that is of a quotation, a table without its rule, HTML or a directive."""


class Entry(NamedTuple):
    """One item of a list, or a paragraph.

    Attributes:
        path: The file.
        start: Its first line, counted from 0.
        end: The line after its last.
        text: Without its mark, in one line.
        heading: Above it.
        marked: Whether it is an item, behind a mark.
    """

    path: str
    start: int
    end: int
    text: str
    heading: str
    marked: bool = True


def outline_of(path: str, text: str) -> Outline:
    """Read a document.

    Args:
        path: Relative to the root.
        text: With line feeds.
    """
    return read_outline(SourceText(path, text, ""))


def entries(outline: Outline) -> Iterator[Entry]:
    """The outermost items of all lists of a document, in its order."""
    for section in outline.sections:
        for block in section.blocks:
            if block.kind is BlockKind.LIST:
                yield from _items(outline, section, range(block.start - 1, block.end))


def paragraphs(outline: Outline) -> Iterator[Entry]:
    """The plain paragraphs of a document in Markdown, in its order."""
    if outline.language not in {"markdown", "mdx"}:
        return
    for section in outline.sections:
        for block in section.blocks:
            lines = outline.lines[block.start - 1 : block.end]
            if block.kind is BlockKind.PROSE and not any(map(_NOT_PLAIN.match, lines)):
                words = " ".join(" ".join(lines).split())[:MOST_ENTRY]
                yield Entry(outline.path, block.start - 1, block.end, words, section.heading, marked=False)


def _items(outline: Outline, section: Section, lines: range) -> Iterator[Entry]:
    starts = [n for n in lines if _ITEM.match(outline.lines[n])]
    indent = min((len(_mark(outline.lines[n])["indent"]) for n in starts), default=0)
    outer = [n for n in starts if len(_mark(outline.lines[n])["indent"]) == indent]
    for start, end in zip(outer, [*outer[1:], lines.stop], strict=True):
        said = [line for line in outline.lines[start:end] if line.strip()]
        words = " ".join([_mark(said[0])["text"] or "", *said[1:]]).split()
        last = start + _end(outline.lines[start:end])
        yield Entry(outline.path, start, last, " ".join(words)[:MOST_ENTRY], section.heading)


def _mark(line: str) -> re.Match[str]:
    match = _ITEM.match(line)
    assert match is not None
    return match


def added(outline: Outline, section: Section | None, text: str, heading: str) -> Edit:
    """Add an entry below a section's others, in the manner of its list; or below a new heading.

    Args:
        outline: The document.
        section: Where it goes; None begins a section at the end.
        text: The entry.
        heading: Of the new section.
    """
    if section is None:
        end = _end(outline.lines)
        # Below the title; beside the others where a document has no title and each section is outermost.
        level = 1 if sum(each.level == 1 for each in outline.sections) > 1 else 2
        before = [""] if end else []
        return Edit(end, end, (*before, f"{'#' * level} {heading}", "", *_written(text, "-")))
    own = [each for each in entries(outline) if section.lines.start <= each.start + 1 <= section.lines.end]
    # Behind the last list of the section, which other text may follow.
    if not own:
        at = section.lines.end
        return Edit(at, at, ("", *_written(text, _usual(outline))))
    last = own[-1]
    loose = len(own) > 1 and own[-2].end < last.start
    match = _mark(outline.lines[last.start])
    mark = match["mark"]
    if mark[:-1].isdigit():
        mark = f"{int(mark[:-1]) + 1}{mark[-1]}"
    lines = _written(text, f"{match['indent']}{mark}", match["gap"])
    return Edit(last.end, last.end, (*([""] if loose else []), *lines))


def new_list(text: str) -> str:
    """The first entry of a list."""
    return "\n".join(_written(text, "-"))


def replaced(outline: Outline, entry: Entry, text: str) -> Edit:
    """Give an entry another text, behind the mark it has."""
    if not entry.marked:
        return Edit(entry.start, entry.end, tuple(line.rstrip() for line in text.strip().split("\n")))
    match = _mark(outline.lines[entry.start])
    lines = _written(text, f"{match['indent']}{match['mark']}", match["gap"])
    return Edit(entry.start, entry.end, tuple(lines))


def removed(outline: Outline, entry: Entry) -> Edit:
    """Take an entry away, and one of the empty lines around it where there are two."""
    lines, end = outline.lines, entry.end
    before = entry.start == 0 or not lines[entry.start - 1].strip()
    if before and end < len(lines) and not lines[end].strip():
        end += 1
    return Edit(entry.start, end, ())


def _written(text: str, mark: str, gap: str = " ") -> list[str]:
    first, *rest = [line.rstrip() for line in text.strip().split("\n")]
    indent = " " * (len(mark) + len(gap))
    return [f"{mark}{gap}{first}", *(f"{indent}{line}" if line else "" for line in rest)]


def _usual(outline: Outline) -> str:
    """The mark that most lists of a document have."""
    marks = [_mark(outline.lines[each.start])["mark"] for each in entries(outline)]
    plain = [mark for mark in marks if mark in "-*+"]
    return max(dict.fromkeys(plain), key=plain.count) if plain else "-"


def _end(lines: Sequence[str]) -> int:
    return next((n + 1 for n in reversed(range(len(lines))) if lines[n].strip()), 0)

"""Changes to a record that is there: the fewest lines that say it, and no others."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from whykeeper_indexers.decisions.record_text import RecordText, heading_word
from whykeeper_indexers.decisions.titles import title_heading
from whykeeper_indexers.decisions.writing.edits import Edit
from whykeeper_indexers.decisions.writing.markup import body, heading, list_item
from whykeeper_indexers.decisions.writing.shape import Heading, Part, Shape, part_of
from whykeeper_indexers.decisions.writing.statuses import status_section
from whykeeper_indexers.documents.outline import Section
from whykeeper_indexers.types import Alternative

__all__ = [
    "alternatives_edits",
    "note_edit",
    "part_edit",
    "relation_edit",
    "title_edit",
]

_MARK: Final = re.compile(r"^([-*+])[ \t]+\S", re.MULTILINE)
"""Of a list's outermost items: one of another mark would begin another list."""
_NESTING: Final = {Part.OPTIONS: Part.REASONS, Part.REASONS: Part.OPTIONS}
"""Both tell of alternatives."""


def relation_edit(text: RecordText, said: str) -> Edit | None:
    """Add a line to a record's Status section, as adr-tools links records; None where it has none."""
    section = status_section(text)
    return Edit(section.lines.end, section.lines.end, ("", said)) if section else None


def note_edit(text: RecordText, said: str, shape: Shape) -> Edit:
    """Add to a record why its status is another now: under its status, else among its links."""
    section = status_section(text)
    if section is not None:
        return Edit(section.lines.end, section.lines.end, ("", *said.split("\n")))
    found = _section_of(text, Part.LINKS)
    item = list_item(said, "", shape.bullet, shape.language).replace("**", "")
    if found is not None:
        return Edit(found.lines.end, found.lines.end, (item,) if found.has_body else ("", item))
    usual = shape.heading(Part.LINKS) or Heading("More Information", _level(text))
    return _new_section(text, usual, item, len(_stripped(text.outline.lines)), shape)


def title_edit(text: RecordText, title: str, old: str, shape: Shape) -> Edit | None:
    """Give a record another title; its file keeps its name. None where no heading has the old one."""
    for section in text.outline.sections:
        block = section.heading_block
        if block is None or section.heading != title_heading(text):
            continue
        if not section.heading.endswith(old):
            return None
        words = section.heading[: len(section.heading) - len(old)] + title
        lines = heading(words, section.level, text.outline.language, shape.adornments).split("\n")
        return Edit(block.start - 1, block.end, tuple(lines))
    return None


def part_edit(text: RecordText, part: Part, said: str, shape: Shape) -> Edit:
    """Give a part of a record another text; a part that it has not yet is added where it belongs."""
    found = _section_of(text, part)
    if found is None or found.heading_block is None:
        usual = shape.heading(part) or Heading(part.value.capitalize(), _level(text))
        return _new_section(text, usual, said, _place(text, part, shape), shape)
    start = found.heading_block.end
    end = max(section.lines.end for section in _with_details(text, found, part))
    lines = body(said, shape.language, found.level).split("\n")
    return Edit(start, end, (*([""] if shape.gap else ()), *lines))


def alternatives_edits(text: RecordText, refused: Sequence[Alternative], shape: Shape) -> Iterator[Edit]:
    """Add alternatives that a record does not tell of yet."""
    listed, reasons = _section_of(text, Part.OPTIONS), _section_of(text, Part.REASONS)
    marks = _MARK.findall(listed.text) if listed is not None else ()
    bullet = marks[-1] if marks else shape.bullet
    items = [list_item(each.name, "" if reasons else each.why, bullet, shape.language) for each in refused]
    if listed is not None:
        yield Edit(listed.lines.end, listed.lines.end, tuple("\n".join(items).split("\n")))
    elif reasons is None:
        usual = shape.heading(Part.OPTIONS) or Heading("Alternatives", _level(text))
        yield _new_section(text, usual, "\n".join(items), _place(text, Part.OPTIONS, shape), shape)
    if reasons is not None:
        at = max(section.lines.end for section in _with_details(text, reasons, Part.REASONS))
        lines: list[str] = []
        for each in refused:
            if each.why:
                head = heading(each.name, reasons.level + 1, shape.language, shape.adornments)
                lines += [
                    "",
                    *head.split("\n"),
                    "",
                    *body(each.why, shape.language, reasons.level + 1).split("\n"),
                ]
        yield Edit(at, at, tuple(lines))


def _section_of(text: RecordText, part: Part) -> Section | None:
    title = title_heading(text)
    named = (each for each in text.outline.sections if each.level and each.heading != title)
    of_part = (each for each in named if part_of(each.heading) is part)
    return next(
        (each for each in of_part if not heading_word(each.heading).startswith("decision drivers")), None
    )


def _with_details(text: RecordText, found: Section, part: Part) -> Iterator[Section]:
    """A section and those below it that are not another part's."""
    sections = text.outline.sections
    yield found
    for section in sections[sections.index(found) + 1 :]:
        other = part_of(section.heading)
        if section.level <= found.level or (other not in (None, part) and other is not _NESTING.get(part)):
            return
        yield section


def _place(text: RecordText, part: Part, shape: Shape) -> int:
    """Behind the last part that comes before it."""
    usual = [each for each, _ in shape.sections]
    before = usual[: usual.index(part)] if part in usual else usual
    for each in reversed(before):
        found = _section_of(text, each)
        if found is not None:
            return max(section.lines.end for section in _with_details(text, found, each))
    return len(_stripped(text.outline.lines))


def _new_section(text: RecordText, head: Heading, said: str, at: int, shape: Shape) -> Edit:
    lines = heading(head.text, head.level, text.outline.language, shape.adornments).split("\n")
    told = body(said, shape.language, head.level).split("\n")
    return Edit(at, at, ("", *lines, *([""] if shape.gap else ()), *told))


def _level(text: RecordText) -> int:
    title = title_heading(text)
    return min((s.level for s in text.outline.sections if s.level and s.heading != title), default=2)


def _stripped(lines: Sequence[str]) -> Sequence[str]:
    """Without the empty lines at the end."""
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    return lines[:end]

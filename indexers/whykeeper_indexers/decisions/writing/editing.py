"""Changes to a record that is there: the fewest lines that say it, and no others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from whykeeper_indexers.decisions.facts import STATUS_NAMES
from whykeeper_indexers.decisions.record_text import RecordText, heading_word
from whykeeper_indexers.decisions.titles import title_heading
from whykeeper_indexers.decisions.writing.markup import body, heading, list_item
from whykeeper_indexers.decisions.writing.practice import front_lines, header_lines
from whykeeper_indexers.decisions.writing.rendering import yaml_value
from whykeeper_indexers.decisions.writing.shape import Heading, Part, Shape, part_of
from whykeeper_indexers.documents.outline import Section
from whykeeper_indexers.types import Alternative

__all__ = [
    "Edit",
    "alternatives_edits",
    "applied",
    "from_behind",
    "note_edit",
    "part_edit",
    "relation_edit",
    "status_edit",
    "title_edit",
]

_COMMENT = re.compile(r"[ \t]*<!--[^\n]*?-->[ \t]*$")
_ITEM = re.compile(r"[ \t]{0,3}[-*+][ \t]+")
_DATED = re.compile(r"[ \t]*(?:[-*+][ \t]+)?[*_]{0,2}\d{4}-\d{2}-\d{2}\b")
_MOST_LINE = 500
"""Characters of a line that is looked into."""
_NESTING: Final = {Part.OPTIONS: Part.REASONS, Part.REASONS: Part.OPTIONS}
"""Both tell of alternatives."""


class Edit(NamedTuple):
    """Lines in place of others.

    Attributes:
        start: First line that goes, counted from 0.
        end: The line after the last one that goes; `start` where lines are only added.
        lines: What comes in their place.
    """

    start: int
    end: int
    lines: tuple[str, ...]


def from_behind(edits: Iterable[Edit]) -> list[Edit]:
    """Edits in the order in which none moves another's lines; what is added at one place keeps its order."""
    listed = list(enumerate(edits))
    return [edit for _, edit in sorted(listed, key=lambda each: (each[1].start, each[0]), reverse=True)]


def applied(lines: Sequence[str], edits: Iterable[Edit]) -> list[str]:
    """A text's lines after some edits that do not overlap."""
    changed = list(lines)
    for edit in from_behind(edits):
        changed[edit.start : edit.end] = edit.lines
    return changed


def status_edit(text: RecordText, status: str, shape: Shape) -> Edit:
    """Give a record another status.

    Args:
        text: The record.
        status: As it is to stand there.
        shape: How records of its folder look, for one that states no status yet.
    """
    return (
        _front_status(text, status)
        or _field_status(text, status)
        or _section_status(text, status)
        or _added_status(text, status, shape)
    )


def _front_status(text: RecordText, status: str) -> Edit | None:
    lines, at = text.outline.lines, 1
    for key, raw in front_lines(lines):
        at = next(n for n in range(at, len(lines)) if lines[n].startswith(raw.split("\n", 1)[0]))
        if key.lower() in STATUS_NAMES:
            comment = re.search(r"[ \t]#[^\"']*$", raw.split("\n", 1)[0][:_MOST_LINE])
            line = f"{raw[: raw.index(':') + 1]} {yaml_value(status)}{comment[0] if comment else ''}"
            return Edit(at, at + raw.count("\n") + 1, (line,))
    return None


def _field_status(text: RecordText, status: str) -> Edit | None:
    for name, (number, match) in header_lines(text):
        if name in STATUS_NAMES:
            comment = _COMMENT.search(match["value"])
            before = match["before"] if match["before"][-1:].isspace() else f"{match['before']} "
            line = f"{before}{status}{comment[0] if comment else ''}{match['after']}".rstrip()
            return Edit(number - 1, number, (line,))
    return None


def _section_status(text: RecordText, status: str) -> Edit | None:
    section = _status_section(text)
    if section is None or section.heading_block is None:
        return None
    lines = text.outline.lines
    told = [n for n in range(section.heading_block.end, section.lines.end) if lines[n].strip()]
    told = [n for n in told if not lines[n].lstrip().startswith("<!--")]
    if not told:
        at = section.heading_block.end
        return Edit(at, at, ("", status))
    dated = [n for n in told if _DATED.match(lines[n])]
    if len(dated) > 1:
        # A history: what holds is its latest line, and the others stay.
        return None
    first = told[0]
    alone = first + 1 >= section.lines.end or not lines[first + 1].strip() or _ITEM.match(lines[first + 1])
    mark = _ITEM.match(lines[first])
    if alone and len(lines[first]) < 200:
        return Edit(first, first + 1, (f"{mark[0] if mark else ''}{status}",))
    return Edit(first, first, (status, ""))


def _status_section(text: RecordText) -> Section | None:
    return next((each for each in text.outline.sections if heading_word(each.heading) in STATUS_NAMES), None)


def _added_status(text: RecordText, status: str, shape: Shape) -> Edit:
    lines = text.outline.lines
    if any(True for _ in front_lines(lines)):
        return Edit(1, 1, (f"status: {yaml_value(status)}",))
    fields = list(header_lines(text))
    if fields:
        _, (number, match) = fields[-1]
        mark = _ITEM.match(match["before"])
        return Edit(number, number, (f"{mark[0] if mark else ''}Status: {status}",))
    titled = next((s for s in text.outline.sections if s.level and s.heading == title_heading(text)), None)
    at = titled.heading_block.end if titled and titled.heading_block else 0
    level = min((s.level for s in text.outline.sections if s.level and s is not titled), default=2)
    head = heading("Status", level, text.outline.language, shape.adornments).split("\n")
    return Edit(at, at, (*([""] if at else ()), *head, "", status, *(() if at else ("",))))


def relation_edit(text: RecordText, said: str) -> Edit | None:
    """Add a line to a record's Status section, as adr-tools links records; None where it has none."""
    section = _status_section(text)
    return Edit(section.lines.end, section.lines.end, ("", said)) if section else None


def note_edit(text: RecordText, said: str, shape: Shape) -> Edit:
    """Add to a record why its status is another now: under its status, else among its links."""
    section = _status_section(text)
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
    items = [
        list_item(each.name, "" if reasons else each.why, shape.bullet, shape.language) for each in refused
    ]
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

"""A record's status, written where its reader finds it, else where nothing comes to belong to it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Final

from whykeeper_indexers.decisions.facts import STATUS_NAMES
from whykeeper_indexers.decisions.record_text import RecordText, heading_word
from whykeeper_indexers.decisions.titles import title_heading
from whykeeper_indexers.decisions.writing.edits import Edit
from whykeeper_indexers.decisions.writing.markup import heading
from whykeeper_indexers.decisions.writing.practice import adornments_of, front_lines, header_lines
from whykeeper_indexers.decisions.writing.rendering import yaml_value
from whykeeper_indexers.decisions.writing.shape import Field, Part, Shape
from whykeeper_indexers.documents.outline import Section
from whykeeper_indexers.errors import RecordingError

__all__ = ["status_edit", "status_section"]

_COMMENT: Final = re.compile(r"[ \t]*<!--[^\n]*?-->[ \t]*$")
_ITEM: Final = re.compile(r"[ \t]{0,3}[-*+][ \t]+")
_NESTED: Final = re.compile(r"[ \t]{1,8}[-*+][ \t]+")
_DATED: Final = re.compile(r"[ \t]*(?:[-*+][ \t]+)?[*_]{0,2}\d{4}-\d{2}-\d{2}\b")
_RELATION: Final = re.compile(
    r"[;,.(]?[ \t]+(?P<said>(?:(?:partly|partially)[ \t]+)?(?:supersedes|replaces|amends|amended by)\b.*)$",
    re.IGNORECASE,
)
_MOST_LINE: Final = 500
"""Characters of a line that is looked into."""
_SHORT: Final = 200
"""A longer line tells more than a status, and stays below the new one."""
_BARE: Final = "status"
"""A heading that lost its markup: the value stands on the next line."""


def status_edit(text: RecordText, status: str, shape: Shape) -> Edit:
    """Give a record another status.

    Args:
        text: The record.
        status: As it is to stand there.
        shape: How records of its folder look, for one that states no status yet.

    Raises:
        RecordingError: It stands there in a way in which it cannot be replaced alone.
    """
    if name := _named(text.front_matter):
        edit = _front_status(text, status, name)
    elif name := _named(text.fields):
        edit = _field_status(text, status, name) or _bare_status(text, status)
    elif (section := status_section(text)) is not None and section.text.strip():
        edit = _section_status(text, status, section)
    else:
        edit = _added_status(text, status, shape)
    if edit is None:
        raise RecordingError(
            f"the status of {text.outline.path} cannot be changed without changing more",
            "change it by hand; nothing was written",
        )
    return edit


def status_section(text: RecordText) -> Section | None:
    """The section that states the status, else an empty one for it."""
    named = [each for each in text.outline.sections if heading_word(each.heading) in STATUS_NAMES]
    return next((each for each in named if each.text.strip()), named[0] if named else None)


def _named(values: Mapping[str, str]) -> str:
    """The name under which the reader finds the status; empty where it finds none."""
    return next((name for name in STATUS_NAMES if values.get(name)), "")


def _with_relation(status: str, before: str) -> str:
    """The status, with what the old one said beside itself of other records."""
    said = _RELATION.search(before[:_MOST_LINE])
    return f"{status}; {said['said'].rstrip(' )')}" if said else status


def _front_status(text: RecordText, status: str, name: str) -> Edit | None:
    lines, at = text.outline.lines, 1
    for key, raw in front_lines(lines):
        at = next(n for n in range(at, len(lines)) if lines[n].startswith(raw.split("\n", 1)[0]))
        if key.lower() == name:
            comment = re.search(r"[ \t]#[^\"']*$", raw.split("\n", 1)[0][:_MOST_LINE])
            said = yaml_value(_with_relation(status, text.front_matter[name]))
            line = f"{raw[: raw.index(':') + 1]} {said}{comment[0] if comment else ''}"
            return Edit(at, at + raw.count("\n") + 1, (line,))
    return None


def _field_status(text: RecordText, status: str, asked: str) -> Edit | None:
    lines = text.outline.lines
    for name, (number, match) in header_lines(text):
        if name != asked:
            continue
        end = number
        while not match["value"].strip() and end < len(lines) and _NESTED.match(lines[end]):
            end += 1
        if (
            end < len(lines)
            and lines[end][:1] in " \t"
            and lines[end].strip()
            and not _ITEM.match(lines[end])
        ):
            # It goes on in the next line, where the reader does not look.
            return None
        comment = _COMMENT.search(match["value"])
        before = match["before"] if match["before"][-1:].isspace() else f"{match['before']} "
        said = _with_relation(status, match["value"])
        return Edit(
            number - 1, end, (f"{before}{said}{comment[0] if comment else ''}{match['after']}".rstrip(),)
        )
    return None


def _bare_status(text: RecordText, status: str) -> Edit | None:
    lines = text.outline.lines
    for section in text.header:
        start = section.heading_block.end if section.heading_block else section.lines.start - 1
        told = [n for n in range(start, section.lines.end) if lines[n].strip()]
        for n, following in pairwise(told):
            if lines[n].strip().lower() == _BARE:
                return Edit(following, following + 1, (_with_relation(status, lines[following]),))
    return None


def _section_status(text: RecordText, status: str, section: Section) -> Edit | None:
    if section.heading_block is None:
        return None
    lines = text.outline.lines
    told = [n for n in range(section.heading_block.end, section.lines.end) if lines[n].strip()]
    told = [n for n in told if not lines[n].lstrip().startswith("<!--")]
    if not told:
        at = section.heading_block.end
        return Edit(at, at, ("", status))
    if len([n for n in told if _DATED.match(lines[n])]) > 1:
        # A history, whose latest line holds: a line above it would not.
        return None
    first = told[0]
    alone = first + 1 >= section.lines.end or not lines[first + 1].strip() or _ITEM.match(lines[first + 1])
    mark = _ITEM.match(lines[first])
    if alone and len(lines[first]) < _SHORT:
        said = _with_relation(status, lines[first])
        return Edit(first, first + 1, (f"{mark[0] if mark else ''}{said}",))
    return Edit(first, first, (status, ""))


def _added_status(text: RecordText, status: str, shape: Shape) -> Edit | None:
    return (
        _in_empty_place(text, status)
        or _in_front(text, status, shape)
        or _among_fields(text, status, shape)
        or _own_section(text, status)
    )


def _in_empty_place(text: RecordText, status: str) -> Edit | None:
    """Where the name of it stands already, and nothing behind."""
    if name := next((name for name in STATUS_NAMES if name in text.front_matter), ""):
        return _front_status(text, status, name)
    for name in STATUS_NAMES:
        if name in text.fields and (edit := _field_status(text, status, name)):
            return edit
    section = status_section(text)
    return _section_status(text, status, section) if section is not None else None


def _in_front(text: RecordText, status: str, shape: Shape) -> Edit | None:
    line = f"status: {yaml_value(status)}"
    if any(True for _ in front_lines(text.outline.lines)):
        return Edit(1, 1, (line,))
    if text.outline.language != "markdown" or any(True for _ in _first_fields(text)):
        return None
    if any(each.part is Part.STATUS for each in shape.front):
        return Edit(0, 0, ("---", line, "---", ""))
    return None


def _among_fields(text: RecordText, status: str, shape: Shape) -> Edit | None:
    lines = text.outline.lines
    fields = list(_first_fields(text))
    if fields:
        at, match = fields[-1]
        # A value may go on in the lines below it.
        while at < len(lines) and lines[at].strip() and not lines[at].startswith("#"):
            at += 1
        before = match["before"]
        mark = _ITEM.match(before)
        if before.lstrip().startswith("|"):
            return Edit(at, at, (f"| Status | {status} |",))
        return Edit(at, at, (f"{mark[0] if mark else ':' if before[:1] == ':' else ''}Status: {status}",))
    titled, field = _titled(text), _status_field(shape)
    if titled is None or titled.heading_block is None or field is None:
        return None
    at = titled.heading_block.end
    following = next((line for line in lines[at:] if line.strip()), "")
    if _ITEM.match(following) or (at < len(lines) and lines[at].strip()):
        return None
    return Edit(at, at, ("", f"{field.before}{status}{field.after}"))


def _status_field(shape: Shape) -> Field | None:
    return next((each for each in shape.fields if each.part is Part.STATUS), None)


def _first_fields(text: RecordText) -> list[tuple[int, re.Match[str]]]:
    """The header's fields that follow each other, each with its line's number; not those of a text below."""
    lines, titled = text.outline.lines, _titled(text)
    above = [each for each in text.header if not each.level or each is titled]
    last = max((each.lines.end for each in above), default=0)
    found: list[tuple[int, re.Match[str]]] = []
    for _, (number, match) in header_lines(text):
        between = lines[found[-1][0] : number - 1] if found else ()
        if number > last or any(line.strip() and line[:1] not in " \t" for line in between):
            break
        found.append((number, match))
    return found


def _own_section(text: RecordText, status: str) -> Edit:
    """A section of its own in front of the text's own ones: what stands without a heading stays above it."""
    titled = _titled(text)
    following = next((each for each in text.outline.sections if each.level and each is not titled), None)
    level = following.level if following else titled.level + 1 if titled else 2
    language = text.outline.language
    adornments = adornments_of(text) if language == "restructuredtext" else {}
    head = heading("Status", level, language, adornments).split("\n")
    if following is not None and following.heading_block is not None:
        at = following.heading_block.start - 1
        return Edit(at, at, (*head, "", status, ""))
    lines = text.outline.lines
    end = next((n + 1 for n in range(len(lines) - 1, -1, -1) if lines[n].strip()), 0)
    return Edit(end, end, (*([""] if end else ()), *head, "", status))


def _titled(text: RecordText) -> Section | None:
    title = title_heading(text)
    return next((each for each in text.outline.sections if each.level and each.heading == title), None)

"""How a folder's records look, learned from the newest of them.

A team changes its template, fixes its headings and spells its statuses in its own way; the form alone
says none of that. What the newest records do not show is as the form has it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from whykeeper_indexers.decisions.constraints import KEY
from whykeeper_indexers.decisions.facts import STATUS_NAMES
from whykeeper_indexers.decisions.record_text import RecordText, heading_word
from whykeeper_indexers.decisions.titles import record_title, title_heading
from whykeeper_indexers.decisions.writing.shape import FIELD_PARTS, Field, Heading, Part, Shape, part_of
from whykeeper_indexers.decisions.writing.values import learned_date, learned_status
from whykeeper_indexers.documents.outline import Section
from whykeeper_indexers.documents.restructuredtext import adornment_of

__all__ = ["MOST_SAMPLES", "adornments_of", "front_lines", "header_lines", "learned_shape"]

MOST_SAMPLES = 5
"""Older records often follow a template that has been changed since."""
MIN_PARTS = 3
"""Of a record whose order of sections is followed."""

_KEY = re.compile(r"([A-Za-z][\w .()-]{0,60}?)[ \t]*:(.*)$")
_LINE = re.compile(
    r"(?P<before>[ \t]{0,8}(?:[-*+>][ \t]+|:|\|[ \t]*)?[*_]{0,2}(?P<name>[A-Za-z][A-Za-z /()'-]{1,38}?)"
    r"[*_]{0,2}[ \t]*[:|][*_]{0,2}[ \t]*)(?P<value>.*?)(?P<after>[ \t]*\|?[ \t]*)$"
)
_ITEM = re.compile(r"^[ ]{0,3}([-*+])[ \t]+\S", re.MULTILINE)
_CHANGE = re.compile(
    r"^[ \t]*([-*+])[ \t]+([*_]{0,2})([\d./-]{8,10}|\w{3,9} \d{1,2},? \d{4})\2([ \t]*[:–—-]+)", re.M
)
_FORCED = re.compile(r"super[sc]+e+de", re.IGNORECASE)


def learned_shape(default: Shape, texts: Sequence[RecordText]) -> Shape:
    """Read how records look.

    Args:
        default: How the form has it.
        texts: Records of one folder and of that form, newest first; the first few count.
    """
    texts = texts[:MOST_SAMPLES]
    if not texts:
        return default
    newest = texts[0]
    shape = replace(
        default,
        language=newest.outline.language,
        sections=tuple(_sections(default, texts)),
        bullet=_bullet(texts) or default.bullet,
        gap=_gap(newest),
        adornments=adornments_of(newest) if newest.outline.language == "restructuredtext" else {},
    )
    shape = _with_title(shape, texts)
    shape = replace(shape, front=_front(texts), fields=_fields(texts))
    return _with_values(shape, default, texts)


def _with_title(shape: Shape, texts: Sequence[RecordText]) -> Shape:
    for text in texts:
        heading, title = title_heading(text), record_title(text)
        if not heading:
            continue
        before = heading[: -len(title)] if heading.endswith(title) else ""
        digits = text.name.digits
        number = next((m for m in re.finditer(r"\d+", before) if digits and int(m[0]) == int(digits)), None)
        if number is None:
            return replace(shape, title="{title}")
        pattern = f"{before[: number.start()]}{{number}}{before[number.end() :]}{{title}}"
        return replace(shape, title=pattern, title_digits=len(number[0]) if number[0][0] == "0" else 1)
    return replace(shape, title="")


def _sections(default: Shape, texts: Sequence[RecordText]) -> list[tuple[Part, Heading]]:
    """The parts in the order of the newest whole record, each under the newest heading it has."""
    seen = [dict(_headings(text, default)) for text in texts]
    order = list(next((each for each in seen if len(each) >= MIN_PARTS), ()))
    missing = [part for part, _ in default.sections if part not in order]
    usual = [part for part, _ in default.sections]
    for part in missing:
        before = [each for each in usual[: usual.index(part)] if each in order]
        order.insert(order.index(before[-1]) + 1 if before else 0, part)
    found: list[tuple[Part, Heading]] = []
    for part in order:
        shown = next((each[part] for each in seen if part in each), None)
        heading = shown or default.heading(part)
        if heading is not None and (shown or _fits(part, seen)):
            found.append((part, heading if shown else _at_level(heading, default, seen)))
    return found


def _fits(part: Part, seen: Sequence[dict[Part, Heading]]) -> bool:
    """Whether a part that no record shows is written all the same: not a second place for options."""
    if part in {Part.STATUS, Part.CHANGELOG}:
        return False
    return part is not Part.REASONS or not any(Part.OPTIONS in each for each in seen)


def _at_level(heading: Heading, default: Shape, seen: Sequence[dict[Part, Heading]]) -> Heading:
    """The form's heading, at the level that fits the levels these records have."""
    usual = default.heading(Part.CONTEXT)
    shown = next((each[Part.CONTEXT] for each in seen if Part.CONTEXT in each), None)
    deeper = shown.level - usual.level if usual and shown else 0
    return Heading(heading.text, max(1, heading.level + deeper))


def _headings(text: RecordText, default: Shape) -> Iterator[tuple[Part, Heading]]:
    """Each part's heading: the one the form has, else the first."""
    title = title_heading(text)
    found: dict[Part, Section] = {}
    for section in text.outline.sections:
        part = part_of(section.heading) if section.level and section.heading != title else None
        words = heading_word(section.heading)
        if part is None or words.startswith(("positive", "negative", "neutral", "decision drivers")):
            continue
        usual = default.heading(part)
        exact = usual is not None and words == heading_word(usual.text)
        if part not in found or (exact and heading_word(found[part].heading) != words):
            found[part] = section
    for part, section in sorted(found.items(), key=lambda item: item[1].lines.start):
        yield part, Heading(section.heading, section.level)


def _front(texts: Sequence[RecordText]) -> tuple[Field, ...]:
    blocks = [dict(front_lines(text.outline.lines)) for text in texts]
    if not blocks[0]:
        return ()
    numbers = [text.name.number for text in texts]
    found = []
    for key, raw in blocks[0].items():
        if key.lower() == KEY:
            # What one decision asks for is nobody's habit.
            continue
        part = FIELD_PARTS.get(key.lower())
        same = [block[key] for block in blocks if key in block]
        if part is None and _are_numbers([b.get(key, "") for b in blocks], numbers):
            part = Part.NUMBER
        if part is not None:
            found.append(Field(part, f"{raw[: raw.index(':') + 1]} "))
        elif len(set(same)) == 1 and (len(same) > 1 or not raw.partition(":")[2].strip()):
            found.append(Field(None, raw))
    return tuple(found)


def _are_numbers(lines: Sequence[str], numbers: Sequence[int | None]) -> bool:
    pairs = [(line.partition(":")[2].strip().strip("\"'"), n) for line, n in zip(lines, numbers, strict=True)]
    return any(value for value, _ in pairs) and all(
        value.isdigit() and int(value) == number for value, number in pairs if value
    )


def front_lines(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Front matter's top-level keys, each with its lines as they stand."""
    if not lines or lines[0].rstrip() != "---":
        return
    key, raw = "", ""
    for line in lines[1:]:
        match = _KEY.match(line)
        if line.rstrip() in {"---", "..."} or match:
            if key:
                yield key, raw
            if not match:
                return
            key, raw = match[1], line.rstrip()
        elif key and not line.lstrip().startswith("#"):
            raw = f"{raw}\n{line.rstrip()}"


def _fields(texts: Sequence[RecordText]) -> tuple[Field, ...]:
    lines = [dict(header_lines(text)) for text in texts]
    shown = next((each for each in lines if each), None)
    if shown is None:
        return ()
    return tuple(
        Field(part, match["before"], match["after"])
        if (part := FIELD_PARTS.get(name)) is not None
        else Field(None, f"{match['before']}".rstrip() + match["after"])
        for name, (_, match) in shown.items()
        if name in FIELD_PARTS or all(name in each for each in lines if each)
    )


def header_lines(text: RecordText) -> Iterator[tuple[str, tuple[int, re.Match[str]]]]:
    """The fields below a title by lower-case name, each with its line's number, from 1."""
    lines = text.outline.lines
    front = sum(raw.count("\n") + 1 for _, raw in front_lines(lines))
    body = (
        next((n for n in range(front, len(lines)) if lines[n].rstrip() in {"---", "..."}), 0) if front else 0
    )
    for section in text.header:
        first = section.heading_block.end + 1 if section.heading_block else section.lines.start
        for number in range(max(first, body + 1), section.lines.end + 1):
            line = text.outline.lines[number - 1]
            match = _LINE.match(line[:500])
            name = match["name"].strip().lower() if match else ""
            if (
                match
                and name in text.fields.keys() - text.front_matter.keys()
                and (name in FIELD_PARTS or line.lstrip()[:1] in "-*|")
            ):
                yield name, (number, match)


def _with_values(shape: Shape, default: Shape, texts: Sequence[RecordText]) -> Shape:
    statuses = [status for text in texts if (status := text.value(*STATUS_NAMES))]
    changes = [match for text in texts if (match := _CHANGE.search(text.section("changelog", "change log")))]
    dates = [text.value("date", "decision date", "start date", "start-date") for text in texts]
    passages = [each for each in (*dates, *(change[3] for change in changes)) if each]
    shape = replace(shape, date=learned_date(passages), status=learned_status(statuses) or default.status)
    if changes:
        mark, strong, _, then = changes[0].groups()
        shape = replace(shape, change=f"{mark} {strong}{{date}}{strong}{then} Initial version")
    return _with_spelling(shape, " ".join(statuses))


def _with_spelling(shape: Shape, statuses: str) -> Shape:
    """The words for supersession as the newest records spell them."""
    match = _FORCED.search(statuses)
    if match is None:
        return shape
    root = match[0].lower()
    of, by = f"{root}s", f"{root}d by"
    return replace(
        shape,
        supersedes=of.capitalize() if shape.supersedes[0].isupper() else of,
        superseded_by=by.capitalize() if shape.superseded_by[0].isupper() else by,
    )


def _bullet(texts: Sequence[RecordText]) -> str:
    for text in texts:
        told = (each for each in text.outline.sections if each not in text.header)
        marks = [match[1] for section in told for match in _ITEM.finditer(section.text)]
        if marks:
            return max(dict.fromkeys(marks), key=marks.count)
    return ""


def _gap(text: RecordText) -> bool:
    """Whether an empty line follows the headings."""
    headings = [each.heading_block for each in text.outline.sections if each.heading_block and each.has_body]
    lines = text.outline.lines
    empty = [not lines[block.end].strip() for block in headings[1:] if block.end < len(lines)]
    return sum(empty) * 2 >= len(empty)


def adornments_of(text: RecordText) -> dict[int, tuple[str, bool]]:
    """How titles of each level are adorned, in reStructuredText; see `Shape`."""
    found: dict[int, tuple[str, bool]] = {}
    for section in text.outline.sections:
        block = section.heading_block
        if block is not None and (rule := adornment_of(text.outline.lines[block.end - 1])):
            found.setdefault(section.level, (rule, block.end - block.start == 2))
    return found

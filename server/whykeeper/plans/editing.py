"""Edits of a plan's text: what they are about changes, and every other line stays as a person wrote it."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Final

from whykeeper.plans.headings import Part, usual_heading
from whykeeper.plans.model import StepState
from whykeeper.plans.reading import MARKS, STATE, TICK, sections_of, step_places
from whykeeper.recording.entries import added, outline_of
from whykeeper_indexers.decisions.writing import Edit, applied
from whykeeper_indexers.documents.outline import Block, BlockKind, Outline, Section

__all__ = [
    "differences",
    "with_entry",
    "with_field",
    "with_prose",
    "with_step",
    "with_title",
    "without_questions",
]

_PATH: Final = "plan.md"
_QUESTION: Final = re.compile(r"\s*<!--\s*question\b.*-->\s*", re.IGNORECASE | re.DOTALL)
_ITEM: Final = re.compile(r"(?P<mark>\s*(?:[-*+]|\d{1,4}[.)])\s+)(?P<text>.*)")
_STRUCK: Final = re.compile(r"~~(.+)~~\s*$")
_PLAIN_VALUE: Final = re.compile(r"(?![0-9a-f]{7,}$)[A-Za-z][\w./-]*")
_RESERVED: Final = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n"})
_PLACEHOLDER: Final = re.compile(r"(?:the )?(?:plan|title)\b.{0,12}|.*[<{\[].*[>}\]].*", re.IGNORECASE)


def with_field(text: str, key: str, value: str) -> str:
    """Set a field of the front matter, which is made where there is none."""
    line = f"{key}: {_scalar(value)}"
    lines = text.split("\n")
    end = _front_matter_end(lines)
    if end is None:
        return "\n".join(["---", line, "---", "", *lines])
    for at in range(1, end):
        if re.match(rf"{re.escape(key)}\s*:", lines[at], re.IGNORECASE):
            after = at + 1
            while after < end and lines[after][:1] in (" ", "\t"):
                after += 1
            return "\n".join([*lines[:at], line, *lines[after:]])
    return "\n".join([*lines[:end], line, *lines[end:]])


def with_title(text: str, title: str) -> str:
    """Put the title in the place that a template has for it."""
    outline = outline_of(_PATH, text)
    for section in outline.sections:
        if section.level == 1:
            block = section.heading_block
            if block is None:
                return text
            # As it is written: what looks like a tag is no part of a heading that was read.
            written = outline.lines[block.start - 1].lstrip("#").strip()
            if not any(map(_PLACEHOLDER.fullmatch, (section.heading, written))):
                return text
            edit = Edit(block.start - 1, block.end, (f"# {title}",))
            return _edited(outline, [edit, *_question_edits(outline, section)])
    return text


def with_prose(text: str, part: Part, said: str) -> str:
    """Have a part say something in plain text, in the place of what it said."""
    outline = outline_of(_PATH, text)
    section = _section(outline, part)
    lines = tuple(said.strip().split("\n"))
    if section is None:
        return _with_section(outline, part, lines)
    # What a person noted as a comment stays, a question that is answered now goes.
    gone = [
        each
        for each in section.blocks
        if each.kind is not BlockKind.NOISE or _is_question(outline, each.start, each.end)
    ]
    if not gone:
        at = section.lines.start
        return _edited(outline, [Edit(at, at, ("", *lines))])
    first, *rest = gone
    edits = [Edit(first.start - 1, first.end, lines), *(_taken(outline, each) for each in rest)]
    return _edited(outline, edits)


def with_entry(text: str, part: Part, entry: str) -> str:
    """Add an entry to a part's list, at its end."""
    outline = outline_of(_PATH, without_questions(text, part))
    section = _section(outline, part)
    if section is None:
        first, *rest = entry.split("\n")
        return _with_section(outline, part, (f"- {first}", *(f"  {each}" if each else "" for each in rest)))
    return _edited(outline, [added(outline, section, entry, section.heading)])


def with_step(text: str, number: int, state: StepState) -> str:
    """Set a step's state, counted from 1."""
    outline = outline_of(_PATH, text)
    places = step_places(outline)
    lines = list(outline.lines)
    if not _ITEM.match(lines[places[number - 1]]):
        # Where one line becomes an item the others have to, for a list is read as such alone.
        for at in places:
            lines[at] = lines[at] if _ITEM.match(lines[at]) else f"- [ ] {lines[at].strip()}"
    at = places[number - 1]
    match = _ITEM.match(lines[at])
    assert match is not None
    said = STATE.sub("", TICK.sub("", match["text"], count=1))
    if struck := _STRUCK.fullmatch(said):
        said = struck[1]
    lines[at] = f"{match['mark']}[{MARKS[state]}] {said}"
    return "\n".join(lines) + "\n" * text.endswith("\n")


def without_questions(text: str, part: Part) -> str:
    """Take the template's question away from a part that answers it."""
    outline = outline_of(_PATH, text)
    section = _section(outline, part)
    return _edited(outline, _question_edits(outline, section)) if section else text


def differences(before: Sequence[str], after: Sequence[str]) -> list[Edit]:
    """The edits that make some lines others."""
    found = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return [Edit(i, k, tuple(after[m:n])) for what, i, k, m, n in found if what != "equal"]


def _section(outline: Outline, part: Part) -> Section | None:
    return next((section for section, own in sections_of(outline) if own is part), None)


def _question_edits(outline: Outline, section: Section) -> list[Edit]:
    asked = (each for each in section.blocks if each.kind is BlockKind.NOISE)
    return [_taken(outline, each) for each in asked if _is_question(outline, each.start, each.end)]


def _taken(outline: Outline, block: Block) -> Edit:
    """Take a block away, and the empty line above it."""
    start = block.start - 1
    return Edit(start - 1 if start and not outline.lines[start - 1].strip() else start, block.end, ())


def _is_question(outline: Outline, start: int, end: int) -> bool:
    return _QUESTION.fullmatch("\n".join(outline.lines[start - 1 : end])) is not None


def _with_section(outline: Outline, part: Part, lines: Sequence[str]) -> str:
    """Add a section that the template lacks: before the notes, which go on growing."""
    notes = _section(outline, Part.NOTES) if part is not Part.NOTES else None
    levels = [each.level for each, own in sections_of(outline) if own and each.level]
    heading = f"{'#' * (levels[0] if levels else 2)} {usual_heading(part)}"
    if notes is not None:
        at = notes.lines.start - 1
        return _edited(outline, [Edit(at, at, (heading, "", *lines, ""))])
    end = len(outline.lines)
    while end and not outline.lines[end - 1].strip():
        end -= 1
    return _edited(outline, [Edit(end, end, ("", heading, "", *lines))])


def _edited(outline: Outline, edits: Sequence[Edit]) -> str:
    return "\n".join(applied(outline.lines, edits)).rstrip("\n") + "\n"


def _front_matter_end(lines: Sequence[str]) -> int | None:
    if not lines or lines[0].rstrip() != "---":
        return None
    return next((at for at in range(1, len(lines)) if lines[at].rstrip() in ("---", "...")), None)


def _scalar(value: str) -> str:
    """A value that YAML reads as text: a branch or a commit may look like a number."""
    plain = _PLAIN_VALUE.fullmatch(value) and value.lower() not in _RESERVED
    return value if plain else json.dumps(value, ensure_ascii=False)

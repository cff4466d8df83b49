"""A plan read from its file, which people edit by hand: what is not as expected is kept and passed over."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from whykeeper.plans.headings import Part, part_of
from whykeeper.plans.items import command_of, leading_paths, paths_of, test_of
from whykeeper.plans.model import Acceptance, Item, Note, Plan, PlanState, Step, StepState
from whykeeper.recording.entries import entries, outline_of
from whykeeper_indexers.documents.front_matter import loose_front_matter
from whykeeper_indexers.documents.outline import BlockKind, Outline, Section

__all__ = ["MARKS", "NOTED", "STATE", "TICK", "read_plan", "sections_of", "step_places"]

MARKS: Final[Mapping[StepState, str]] = {
    StepState.TODO: " ",
    StepState.DOING: "/",
    StepState.DONE: "x",
    StepState.DROPPED: "-",
}
"""Within the brackets before a step."""
_READ: Final = {" ": StepState.TODO, "x": StepState.DONE, "/": StepState.DOING, "~": StepState.DOING} | {
    ">": StepState.DOING,
    "-": StepState.DROPPED,
}
TICK: Final = re.compile(r"\[(?P<mark>[ xX/~>-])\](?:\s+|$)")
STATE: Final = re.compile(
    r"\s*\((?P<state>todo|doing|in progress|done|dropped|cancell?ed)\)\s*$", re.IGNORECASE
)
"""How people write a state where they put no mark."""
_SAID: Final = {"in progress": "doing", "cancelled": "dropped", "canceled": "dropped"}
_STRUCK: Final = re.compile(r"~~(.+)~~")
_BULLET: Final = re.compile(r"\s*(?:[-*+]|\d{1,4}[.)])\s+")
_COMMENT: Final = re.compile(r"<!--.*?-->", re.DOTALL)
NOTED: Final = re.compile(
    r"(?P<at>\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?)?)(?:\s?(?:Z|UTC|[+-]\d\d:?\d\d))?"
    r"(?:,?\s+\(?(?P<commit>[0-9a-f]{7,40})\)?)?\s*(?:[:–—]|-\s|$)\s*"
)
_CLOSED: Final = {
    **dict.fromkeys(("done", "closed", "complete", "completed", "finished", "merged"), PlanState.DONE),
    **dict.fromkeys(
        ("dropped", "abandoned", "cancelled", "canceled", "rejected", "superseded"), PlanState.DROPPED
    ),
}
_OPEN: Final = frozenset(
    ("", "open", "draft", "proposed", "accepted", "active", "todo", "doing", "in progress", "started")
)
MOST_TEXT: Final = 2_000
_MIXED: Final = frozenset({Part.FILES, Part.KEPT})
"""Whose lists people go on with in plain lines."""


def read_plan(path: str, text: str) -> Plan:
    """Read a plan.

    Args:
        path: Its file, relative to the root.
        text: With line feeds.
    """
    outline = outline_of(path, text)
    # A colon in a title is no YAML, and plain to a reader.
    fields = _fields(outline.front_matter or loose_front_matter(text))
    parts = {part: section for section, part in sections_of(outline) if part}
    goal, reason = _prose(parts.get(Part.GOAL)), _prose(parts.get(Part.REASON))
    state, problems = _state(fields)
    return Plan(
        path=path,
        title=_title(outline, fields, goal),
        state=state,
        branch=fields.get("branch", ""),
        opened=fields.get("opened", "") or fields.get("date", ""),
        closed=fields.get("closed", ""),
        started_at=fields.get("started_at", ""),
        goal=goal,
        reason=reason,
        steps=tuple(_steps(outline)),
        files=tuple(_items(outline, Part.FILES, about=True)),
        kept=tuple(_items(outline, Part.KEPT, about=True)),
        acceptance=tuple(_acceptance(outline)),
        honoured=tuple(_items(outline, Part.HONOURED)),
        questions=tuple(_items(outline, Part.QUESTIONS)),
        notes=tuple(_notes(outline)),
        problems=(*outline.notes, *problems),
    )


def sections_of(outline: Outline) -> Iterator[tuple[Section, Part | None]]:
    """Every section with the part of a plan that it is of; what stands below one is of the same."""
    level, part = 0, None
    for section in outline.sections:
        own = part_of(section.heading) if section.level else None
        if own is not None or section.level <= level:
            level, part = section.level, own
        yield section, part


def step_places(outline: Outline) -> list[int]:
    """The lines at which the steps begin, counted from 0."""
    return [start for start, _ in _entries(outline, Part.STEPS)]


def _fields(front_matter: Mapping[str, Any]) -> dict[str, str]:
    plain = {key.strip().lower().replace("-", "_"): value for key, value in front_matter.items()}
    return {
        key: " ".join(str(value).split())
        for key, value in plain.items()
        if isinstance(value, str | int | float) and not isinstance(value, bool)
    }


def _state(fields: Mapping[str, str]) -> tuple[PlanState, tuple[str, ...]]:
    said = (fields.get("state") or fields.get("status") or "").lower()
    if said in _CLOSED:
        return _CLOSED[said], ()
    if said not in _OPEN:
        return PlanState.OPEN, (f"its state {said[:40]!r} is not known, and read as open",)
    return PlanState.OPEN, ()


def _title(outline: Outline, fields: Mapping[str, str], goal: str) -> str:
    heading = next((each.heading for each in outline.sections if each.level == 1), "")
    named = heading if heading.strip().lower() not in ("", "plan") else ""
    return fields.get("title", "") or named or goal.split(". ")[0][:80] or outline.path.rpartition("/")[2]


def _prose(section: Section | None) -> str:
    return " ".join(_COMMENT.sub(" ", section.text).split())[:MOST_TEXT] if section else ""


def _entries(outline: Outline, wanted: Part) -> Iterator[tuple[int, str]]:
    """Where each entry of a part begins, counted from 0, and what it says without what is below it."""
    sections = [section for section, part in sections_of(outline) if part is wanted]
    listed = {each.start: each for each in entries(outline)}
    for section in sections:
        inside = range(section.lines.start - 1, section.lines.end)
        own = [(start, each) for start, each in sorted(listed.items()) if start in inside]
        plain = _plain_lines(outline, section)
        if own and wanted not in _MIXED:
            plain = iter(())
        found = [(start, _own_text(outline.lines[start : each.end])) for start, each in own]
        # Beside a list, a line says what the list is about, unless it begins with a file itself.
        found += [(start, said) for start, said in plain if not own or leading_paths(said)]
        yield from sorted(found)


def _own_text(lines: Sequence[str]) -> str:
    said = [_BULLET.sub("", lines[0], count=1)]
    for line in lines[1:]:
        if _BULLET.match(line) or not line.strip():
            break
        said.append(line)
    return " ".join(" ".join(said).split())[:MOST_TEXT]


def _plain_lines(outline: Outline, section: Section) -> Iterator[tuple[int, str]]:
    for block in section.blocks:
        if block.kind is BlockKind.PROSE:
            for number in range(block.start - 1, block.end):
                if said := _COMMENT.sub("", outline.lines[number]).strip():
                    yield number, said[:MOST_TEXT]


def _steps(outline: Outline) -> Iterator[Step]:
    for number, (start, text) in enumerate(_entries(outline, Part.STEPS), 1):
        said, state = _step(text)
        yield Step(number, said, state, start + 1, paths_of(said))


def _step(text: str) -> tuple[str, StepState]:
    ticked = TICK.match(text)
    said = text[ticked.end() :] if ticked else text
    state = _READ[ticked["mark"].lower()] if ticked else StepState.TODO
    if struck := _STRUCK.fullmatch(said):
        return struck[1], StepState.DROPPED
    if worded := STATE.search(said):
        word = worded["state"].lower()
        return said[: worded.start()], StepState(_SAID.get(word, word))
    return said, state


def _items(outline: Outline, part: Part, *, about: bool = False) -> Iterator[Item]:
    for start, text in _entries(outline, part):
        said = TICK.sub("", text, count=1)
        yield Item(said, start + 1, leading_paths(said) if about else paths_of(said))


def _acceptance(outline: Outline) -> Iterator[Acceptance]:
    found = [
        Acceptance(text, start + 1, command_of(text), test_of(text))
        for start, text in _entries(outline, Part.ACCEPTANCE)
    ]
    sections = [section for section, part in sections_of(outline) if part is Part.ACCEPTANCE]
    fenced = [each for section in sections for each in _fenced(outline, section)]
    yield from sorted((*found, *fenced), key=lambda each: each.line)


def _fenced(outline: Outline, section: Section) -> Iterator[Acceptance]:
    """Commands in a block of code, one a line."""
    for block in section.blocks:
        if block.kind is BlockKind.CODE:
            begun: list[str] = []
            for number in range(block.start, block.end - 1):
                said = outline.lines[number].strip()
                # A line that is gone on with would be another command by itself.
                more = said.endswith("\\") and number + 1 < block.end - 1
                begun.append(said.removesuffix("\\").rstrip() if more else said)
                if not more:
                    whole, first = " ".join(filter(None, begun)).removeprefix("$ "), number + 2 - len(begun)
                    begun = []
                    if whole and not whole.startswith("#"):
                        yield Acceptance(whole, first, whole)


def _notes(outline: Outline) -> Iterator[Note]:
    for start, text in _entries(outline, Part.NOTES):
        said = NOTED.match(text)
        if said is None:
            yield Note(text, start + 1)
        else:
            at = said["at"].replace("T", " ")
            yield Note(text[said.end() :], start + 1, at, said["commit"] or "")

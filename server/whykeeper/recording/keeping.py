"""A write of a status proves itself: read again, the record says the new one, and all else as before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from whykeeper.recording.habits import record_text
from whykeeper.recording.raw_text import RawText
from whykeeper_indexers.decisions import DecisionLayout, parse_decision
from whykeeper_indexers.decisions.record_text import RecordText
from whykeeper_indexers.decisions.writing import Edit, applied
from whykeeper_indexers.decisions.writing.edits import places_after
from whykeeper_indexers.errors import RecordingError
from whykeeper_indexers.types import SourceText

__all__ = ["check_rest_is_kept"]

_PARTS: Final = ("context", "decision", "alternatives", "consequences", "confirmation")
_FACTS: Final = ("title", "deciders", "consulted", "informed", "tags", "supersedes", "amends", "amended_by")
"""Of a record; its date may stand in the status, and goes with it."""


def check_rest_is_kept(path: str, raw: RawText, edits: Sequence[Edit], layout: DecisionLayout) -> None:
    """Refuse edits of a status that would have a record read otherwise in anything else.

    Args:
        path: The record.
        raw: As it is.
        edits: Of its status, and of what tells why.
        layout: The checkout's places for records.

    Raises:
        RecordingError: They would; it names the part.
    """
    after = "\n".join((*applied(raw.lines, edits), ""))
    if part := _read_otherwise(path, raw.text, after, layout) or _moved(path, raw, after, edits, layout):
        raise RecordingError(
            f"the status of {path} cannot be changed without changing more: {part} would be read otherwise",
            "change the status in the file by hand; nothing was written",
        )


def _read_otherwise(path: str, before: str, after: str, layout: DecisionLayout) -> str:
    was = parse_decision(SourceText(path, before, ""), layout)
    now = parse_decision(SourceText(path, after, ""), layout)
    if was is None or now is None:
        return "the record itself"
    pairs: list[tuple[str, object, object]] = [(each, was.content, now.content) for each in _PARTS]
    pairs += [(each, was.decision, now.decision) for each in _FACTS]
    others = (name for name, one, other in pairs if getattr(one, name, None) != getattr(other, name, None))
    return next((f"its {name.replace('_', ' ')}" for name in others), "")


def _moved(path: str, raw: RawText, after: str, edits: Sequence[Edit], layout: DecisionLayout) -> str:
    """A line that comes to stand under another heading."""
    was = _headings(record_text(path, raw.text, layout))
    now = _headings(record_text(path, after, layout))
    for number, place in places_after(len(raw.lines), edits).items():
        if raw.lines[number].strip() and was.get(number, ()) != now.get(place, ()):
            return f"line {number + 1}"
    return ""


def _headings(text: RecordText) -> dict[int, tuple[str, ...]]:
    """What each line stands under, counted from 0; nothing of those before the first heading."""
    return {
        number - 1: (*each.breadcrumb, each.heading, str(each.level))
        for each in text.outline.sections
        if each.level
        for number in range(each.lines.start, each.lines.end + 1)
    }

"""Changes to records that are there: exactly what they are about, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from whykeeper.recording.habits import record_text
from whykeeper.recording.raw_text import RawText, read_raw
from whykeeper_indexers.decisions import DecisionLayout, parse_decision
from whykeeper_indexers.decisions.writing import Edit, Link, Part, Shape, applied, status_edit
from whykeeper_indexers.decisions.writing.editing import relation_edit
from whykeeper_indexers.decisions.writing.rendering import link_to, relation
from whykeeper_indexers.errors import RecordingError
from whykeeper_indexers.types import DecisionRecord, SourceText

if TYPE_CHECKING:
    from whykeeper.recording.writing import Writer

__all__ = ["Change", "changed", "linked", "superseded"]


@dataclass(frozen=True, slots=True)
class Change:
    """One file's new text.

    Attributes:
        path: Relative to the root.
        before: The file as it was read.
        data: As it is to be.
        record: What it says then, for a decision record.
    """

    path: str
    before: RawText
    data: bytes
    record: DecisionRecord | None = None

    def write(self, pen: Writer) -> None:
        """Write it.

        Raises:
            RecordingError: Somebody else has changed the file meanwhile, or it cannot be written.
        """
        if self.data != self.before.data and not pen.replace(self.path, self.before.data, self.data):
            raise RecordingError(
                f"{self.path} has just been changed by somebody else", "read it, and try again"
            )


def superseded(root: Path, path: str, successor: Link, shape: Shape, layout: DecisionLayout) -> Change:
    """Have a record say which one took its place.

    Args:
        root: The checkout.
        path: The record whose place was taken.
        successor: What took it.
        shape: How records of its folder look.
        layout: The checkout's places for records, the successor among them.

    Raises:
        RecordingError: Its status cannot be changed without changing more.
    """
    raw = read_raw(root, path)
    text = record_text(path, raw.text, layout)
    link = link_to(successor, path, shape)
    # MADR 4 names it without a link, which is enough where only one record has that number.
    for named in (link,) if shape.links_status else (successor.identifier, link):
        change = changed(path, raw, [status_edit(text, f"{shape.superseded_by} {named}", shape)], layout)
        read = change.record
        if read and read.status == "superseded" and successor.path in read.superseded_by:
            return change
    message = f"the status of {path} cannot be changed without changing more"
    raise RecordingError(message, "say in it by hand what replaced it; nothing was written")


def linked(root: Path, path: str, other: Link, shape: Shape, layout: DecisionLayout) -> Change | None:
    """Have a record say which one changed it in part, where records of its form say so."""
    if not shape.amended_by or shape.relations is not Part.STATUS:
        return None
    raw = read_raw(root, path)
    edit = relation_edit(record_text(path, raw.text, layout), relation(shape.amended_by, other, path, shape))
    return None if edit is None else changed(path, raw, [edit], layout)


def changed(path: str, raw: RawText, edits: Sequence[Edit], layout: DecisionLayout) -> Change:
    """A record after some edits, with what it says then."""
    text = "\n".join((*applied(raw.lines, edits), ""))
    parsed = parse_decision(SourceText(path, text, ""), layout)
    return Change(path, raw, raw.edited(edits), parsed.decision if parsed else None)

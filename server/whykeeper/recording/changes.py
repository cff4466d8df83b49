"""Changes to records that are there: exactly what they are about, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from whykeeper.recording.habits import record_text
from whykeeper.recording.keeping import check_rest_is_kept
from whykeeper.recording.raw_text import RawText, read_raw
from whykeeper.recording.writing import Writer, changed_meanwhile
from whykeeper_indexers.decisions import DecisionLayout, parse_decision
from whykeeper_indexers.decisions.writing import Edit, Link, Shape, applied, status_edit
from whykeeper_indexers.decisions.writing.editing import note_edit
from whykeeper_indexers.decisions.writing.rendering import link_to, relation
from whykeeper_indexers.errors import RecordingError
from whykeeper_indexers.types import DecisionRecord, SourceText

__all__ = ["Change", "changed", "linked", "superseded", "write_all"]


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
            raise changed_meanwhile(self.path)


def write_all(pen: Writer, changes: Sequence[Change], new: tuple[str, bytes] | None = None) -> bool:
    """Write a new file and changes of others: all of it or, as far as can be, nothing.

    Args:
        pen: Writes.
        changes: Of files that are there.
        new: Path and contents of the new file.

    Returns:
        False when somebody else has just made a file of the new one's name; nothing was written.

    Raises:
        RecordingError: It may not or cannot be written; says so where something was written all the same.
    """
    for change in changes:
        pen.check(change.path, change.before.data)
    if new is not None and not pen.create(*new):
        return False
    done: list[Change] = []
    try:
        for change in changes:
            change.write(pen)
            done.append(change)
    except RecordingError as error:
        kept = [each.path for each in reversed(done) if not _undone(pen, each)]
        if new is not None and not _taken_away(pen, *new):
            kept.append(new[0])
        if kept:
            message = f"{error.message}; {', '.join(kept)} had been written before and could not be undone"
            raise RecordingError(message, "do not record it again: read these, and mend them") from error
        raise RecordingError(f"{error.message}; nothing was written", error.hint) from error
    return True


def _undone(pen: Writer, change: Change) -> bool:
    try:
        return pen.replace(change.path, change.data, change.before.data)
    except RecordingError:
        return False


def _taken_away(pen: Writer, path: str, data: bytes) -> bool:
    try:
        return pen.remove(path, data)
    except RecordingError:
        return False


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
        edits = [status_edit(text, f"{shape.superseded_by} {named}", shape)]
        change = changed(path, raw, edits, layout)
        read = change.record
        if read and read.status == "superseded" and successor.path in read.superseded_by:
            check_rest_is_kept(path, raw, edits, layout)
            return change
    message = f"the status of {path} cannot be changed without changing more"
    raise RecordingError(message, "say in it by hand what replaced it; nothing was written")


def linked(root: Path, path: str, other: Link, shape: Shape, layout: DecisionLayout) -> Change | None:
    """Have a record say which one changed it in part, where its form has a place for that.

    Returns:
        None where it has none, says so already, or would be read otherwise by it.
    """
    if not shape.amended_by:
        return None
    raw = read_raw(root, path)
    text = record_text(path, raw.text, layout)
    before = parse_decision(SourceText(path, raw.text, ""), layout)
    if before is None or before.decision is None or other.path in before.decision.amended_by:
        return None
    edit = note_edit(text, relation(shape.amended_by, other, path, shape), shape)
    change = changed(path, raw, [edit], layout)
    read = change.record
    as_before = read is not None and read.status == before.decision.status
    return change if read and as_before and other.path in read.amended_by else None


def changed(path: str, raw: RawText, edits: Sequence[Edit], layout: DecisionLayout) -> Change:
    """A record after some edits, with what it says then."""
    text = "\n".join((*applied(raw.lines, edits), ""))
    parsed = parse_decision(SourceText(path, text, ""), layout)
    return Change(path, raw, raw.edited(edits), parsed.decision if parsed else None)

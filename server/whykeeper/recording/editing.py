"""Changing or retiring a decision that is recorded, so that git shows that change and no other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from whykeeper.recording.answers import RecordAnswer
from whykeeper.recording.changes import changed
from whykeeper.recording.decisions import Book, named_records
from whykeeper.recording.habits import habits_of, record_text
from whykeeper.recording.raw_text import read_raw
from whykeeper.recording.requests import DecisionRequest, one_line, refuse_secrets
from whykeeper.recording.writing import writer
from whykeeper_indexers.decisions.record_text import RecordText
from whykeeper_indexers.decisions.writing import Edit, Part, Shape, status_edit
from whykeeper_indexers.decisions.writing.editing import alternatives_edits, note_edit, part_edit, title_edit
from whykeeper_indexers.decisions.writing.values import date_like, status_like
from whykeeper_indexers.errors import QueryError, RecordingError
from whykeeper_indexers.types import DecisionRecord

__all__ = ["change"]

_TEXTS = (Part.CONTEXT, Part.DECISION, Part.CONSEQUENCES, Part.CONFIRMATION)


def change(request: DecisionRequest, book: Book) -> RecordAnswer:
    """Change a record: the text of a part, its title, its status with the reason, alternatives to add.

    Args:
        request: With the record's id; what it leaves empty stays as it is.
        book: What is recorded.

    Raises:
        WhykeeperError: It may not or cannot be changed; nothing was.
    """
    (path,) = named_records([request.id or ""], book)
    if request.supersedes or request.amends:
        raise QueryError(
            "a record that is there cannot come to replace another",
            "record the new decision, without id, and give supersedes there",
        )
    memory, record = book.memory, book.records[path]
    folder = path.rpartition("/")[0]
    shape = habits_of(memory.repository.root, book.records, book.layout, folder).shape
    with writer(memory.repository, memory.store.folder) as pen:
        raw = read_raw(memory.repository.root, path)
        text = record_text(path, raw.text, book.layout)
        edits = list(_edits(request, record, text, shape))
        if not edits:
            raise QueryError(f"nothing is to be changed in {path}", "give the parts, the title or the status")
        made = changed(path, raw, edits, book.layout)
        if made.record is None or (request.status and made.record.status != _word(request)):
            raise RecordingError(
                f"{path} would not be read as before", "change it by hand; nothing was written"
            )
        if memory.options.cut_secrets:
            refuse_secrets("\n".join(line for edit in edits for line in edit.lines))
        made.write(pen)
    return RecordAnswer(written=[path], id=record.identifier)


def _edits(
    request: DecisionRequest, record: DecisionRecord, text: RecordText, shape: Shape
) -> Iterator[Edit]:
    if request.title.strip():
        edit = title_edit(text, request.heading(), record.title, shape)
        if edit is None:
            raise RecordingError("the title of this record is its file's name", "rename the file")
        yield edit
    if request.status:
        yield _retirement(request, text, shape)
    content = request.content()
    for part in _TEXTS:
        if said := getattr(content, part.value):
            yield part_edit(text, part, said, shape)
    if content.alternatives:
        yield from alternatives_edits(text, content.alternatives, shape)
    if request.status and (reason := one_line(request.reason)):
        yield note_edit(text, f"{_word(request).capitalize()} on {_today()}: {reason}", shape)


def _retirement(request: DecisionRequest, text: RecordText, shape: Shape) -> Edit:
    word = _word(request)
    if word == "superseded":
        raise QueryError(
            "a record is superseded by another", "record that one, without id, and give supersedes there"
        )
    return status_edit(text, status_like(shape.status, word, date_like(shape.date, _today())), shape)


def _today() -> str:
    return datetime.now().astimezone().date().isoformat()


def _word(request: DecisionRequest) -> str:
    return (request.status or "").strip().lower()

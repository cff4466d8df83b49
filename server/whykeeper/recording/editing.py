"""Changing or retiring a decision that is recorded, so that git shows that change and no other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from whykeeper.recording.answers import RecordAnswer
from whykeeper.recording.books import Book, named_records
from whykeeper.recording.changes import Change, changed, write_all
from whykeeper.recording.effects import changes_of_others, claimants, left_refused, refuse_replaced
from whykeeper.recording.habits import habits_of, record_text
from whykeeper.recording.keeping import check_rest_is_kept
from whykeeper.recording.raw_text import RawText, read_raw
from whykeeper.recording.requests import DecisionRequest, one_line, refuse_secrets
from whykeeper.recording.writing import writer
from whykeeper_indexers.catalog.relations import took_effect
from whykeeper_indexers.decisions import decision_content
from whykeeper_indexers.decisions.record_text import RecordText
from whykeeper_indexers.decisions.writing import Edit, Link, Part, Shape, learned_shape, status_edit
from whykeeper_indexers.decisions.writing.editing import alternatives_edits, note_edit, part_edit, title_edit
from whykeeper_indexers.decisions.writing.registry import style_of
from whykeeper_indexers.decisions.writing.values import date_like, status_like
from whykeeper_indexers.errors import QueryError, RecordingError
from whykeeper_indexers.types import DecisionRecord, SourceText, in_force

__all__ = ["change"]

_TOLD = re.compile(r"(?:[-*+] )?(?P<word>[A-Z][a-z -]{1,40}?)(?: again)? on \d{4}-\d{2}-\d{2}(?::|$)")
"""What `_of_status` writes of a change."""
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
    shape = _shape(path, book)
    notes = list(_left_out(request, path))
    with writer(memory.repository, memory.store.folder) as pen:
        book = book.with_new_files(path.rpartition("/")[0])
        raw = read_raw(memory.repository.root, path)
        text = record_text(path, raw.text, book.layout)
        _check_alternatives(request, path, raw, book)
        edits = list(_edits(request, record, text, shape))
        if not edits:
            raise QueryError(f"nothing is to be changed in {path}", "give the parts, the title or the status")
        made = changed(path, raw, edits, book.layout)
        if made.record is None or (request.status and made.record.status != _word(request)):
            raise RecordingError(
                f"{path} would not be read as before", "change it by hand; nothing was written"
            )
        if request.status:
            _check_status(request, path, raw, text, shape, book)
        if memory.options.cut_secrets:
            refuse_secrets("\n".join(line for edit in edits for line in edit.lines))
        if made.data == raw.data:
            said = f"nothing was written: {path} says exactly that already"
            return RecordAnswer(id=record.identifier, notes=[*notes, said])
        others = _others(request, path, made.record, shape, book) if request.status else []
        if request.status and took_effect(made.record.status):
            notes += left_refused([each for each in made.record.supersedes if each in book.records], book)
        write_all(pen, [made, *others])
    if request.status and not took_effect(made.record.status):
        notes += _still_said(path, book)
    return RecordAnswer(written=[path, *(each.path for each in others)], id=record.identifier, notes=notes)


def _shape(path: str, book: Book) -> Shape:
    """How the record itself looks and, where it shows nothing, those of its form in its folder."""
    root = book.memory.repository.root
    habits = habits_of(root, book.records, book.layout, path.rpartition("/")[0])
    own = record_text(path, read_raw(root, path).text, book.layout)
    style = style_of(book.records[path].form, [own])
    usual = habits.shape if habits.shape.form == style.shape.form else style.shape
    return learned_shape(usual, [own]) if own.outline.language != usual.language else _of_both(own, usual)


def _of_both(own: RecordText, usual: Shape) -> Shape:
    shown = learned_shape(usual, [own])
    return replace(usual, adornments=shown.adornments, gap=shown.gap, bullet=shown.bullet)


def _left_out(request: DecisionRequest, path: str) -> Iterator[str]:
    if request.folder is not None:
        yield f"folder was left aside: {path} stays where it is"
    if request.reason.strip() and not request.status:
        yield "reason was not written: it is for a change of status"


def _others(
    request: DecisionRequest, path: str, now: DecisionRecord, shape: Shape, book: Book
) -> list[Change]:
    """What other records say when this one comes into effect.

    Raises:
        RecordingError: It cannot, as others are.
    """
    if in_force(_word(request)) and (others := claimants(path, book)):
        raise RecordingError(
            f"{path} stays superseded as long as {others[0]} says that it took its place",
            f"record a decision that supersedes {others[0]}, or give that one the status rejected first; "
            "nothing was written",
        )
    before = book.as_written(path)
    if before is None or took_effect(before.status) or not took_effect(now.status):
        return []
    replaced = [each for each in now.supersedes if each in book.records and each != path]
    amended = [each for each in now.amends if each in book.records and each != path]
    for each in replaced:
        refuse_replaced(each, path, book)
    said = [each for each in replaced if path not in _superseded_by(each, book)]
    return changes_of_others(Link.to(path, now), said, amended, shape, book)


def _superseded_by(path: str, book: Book) -> tuple[str, ...]:
    written = book.as_written(path)
    return written.superseded_by if written else ()


def _still_said(path: str, book: Book) -> Iterator[str]:
    """Records that say that this one took their place, which it does not any more."""
    for each in sorted(book.records[path].supersedes):
        with suppress(RecordingError):
            if path in _superseded_by(each, book):
                yield f"{each} still says that {path} superseded it; give it the status it has now"


def _edits(
    request: DecisionRequest, record: DecisionRecord, text: RecordText, shape: Shape
) -> Iterator[Edit]:
    if request.title.strip():
        edit = title_edit(text, request.heading(), record.title, shape)
        if edit is None:
            raise RecordingError("the title of this record is its file's name", "rename the file")
        yield edit
    status = list(_of_status(request, text, shape)) if request.status else []
    yield from status[:1]
    content = request.content()
    for part in _TEXTS:
        if said := getattr(content, part.value):
            yield part_edit(text, part, said, shape)
    if content.alternatives:
        yield from alternatives_edits(text, content.alternatives, shape)
    yield from status[1:]


def _check_alternatives(request: DecisionRequest, path: str, raw: RawText, book: Book) -> None:
    content = decision_content(SourceText(path, raw.text, ""), book.layout)
    told = {each.name.casefold() for each in content.alternatives} if content else set()
    for name in request.alternatives:
        if name.strip().casefold() in told:
            raise RecordingError(
                f"{path} tells of the alternative “{name.strip()[:80]}” already; nothing was written",
                "change what is said of it by hand: alternatives are only added here",
            )


def _retirement(request: DecisionRequest, text: RecordText, shape: Shape) -> Edit:
    word = _word(request)
    return status_edit(text, status_like(shape.status, word, date_like(shape.date, _today())), shape)


def _check_status(
    request: DecisionRequest, path: str, raw: RawText, text: RecordText, shape: Shape, book: Book
) -> None:
    """Refuse a new status that changes anything else; what else was asked for is left aside for it."""
    edits = list(_of_status(request, text, shape))
    check_rest_is_kept(path, raw, edits, book.layout)


def _of_status(request: DecisionRequest, text: RecordText, shape: Shape) -> Iterator[Edit]:
    yield _retirement(request, text, shape)
    again = in_force(_word(request)) and _was_taken_out_of_force(text)
    reason = one_line(request.reason)
    if reason or again:
        said = f"{_word(request).capitalize()}{' again' if again else ''} on {_today()}"
        yield note_edit(text, f"{said}: {reason}" if reason else said, shape)


def _was_taken_out_of_force(text: RecordText) -> bool:
    """Whether the latest note of a change of status says that the decision ceased to hold."""
    told = [match["word"] for line in text.outline.lines if (match := _TOLD.match(line))]
    return bool(told) and not in_force(told[-1].lower())


def _today() -> str:
    return datetime.now().astimezone().date().isoformat()


def _word(request: DecisionRequest) -> str:
    return (request.status or "").strip().lower()

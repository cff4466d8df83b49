"""Recording a decision: in the repository's own form, under a number nobody else has."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Final, NamedTuple

from whykeeper.recording.answers import RecordAnswer, RelatedItem
from whykeeper.recording.books import Book, named_records
from whykeeper.recording.changes import Change, write_all
from whykeeper.recording.effects import changes_of_others, left_refused, refuse_replaced
from whykeeper.recording.habits import Habits, habits_of
from whykeeper.recording.likeness import Compared, nearness, related_decisions
from whykeeper.recording.numbering import next_number, taken_names
from whykeeper.recording.requests import DecisionRequest, refuse_secrets
from whykeeper.recording.writing import Writer, writer
from whykeeper_indexers.catalog.relations import took_effect
from whykeeper_indexers.decisions import parse_decision
from whykeeper_indexers.decisions.writing import Draft, Link, Shape, file_stem, rendered
from whykeeper_indexers.decisions.writing.registry import STYLES
from whykeeper_indexers.errors import InternalError, QueryError, RecordingError, WhykeeperError
from whykeeper_indexers.git import GitError, run_git
from whykeeper_indexers.types import DecisionRecord, SourceText

if TYPE_CHECKING:
    from whykeeper.memory import Memory

__all__ = ["record", "related_to"]

_ATTEMPTS: Final = 20
"""Somebody may make a file by hand in the moment in which a number is given."""


def related_to(request: DecisionRequest, book: Book) -> tuple[list[RelatedItem], list[str]]:
    """Find what a decision may repeat, contradict or replace, without what the caller named itself.

    Args:
        request: The decision.
        book: What is recorded.

    Returns:
        Those records, and notes on how they were looked for.
    """
    recall = book.memory.recall()
    new = Compared(request.heading(), request.content())
    notes, near = [], None
    try:
        near = nearness(new, recall)
    except WhykeeperError as error:
        notes.append(f"nothing was compared by meaning: {error.message}")
    if near is None and book.records and not notes:
        notes.append(f"records were compared by words alone: {recall.encoder.unready}")
    named = {*named_records(request.supersedes, book), *named_records(request.amends, book)}
    found = related_decisions(new, book.records, book.contents, near)
    return [each for each in found if each.path not in named], notes


def record(request: DecisionRequest, book: Book, compared: Collection[str] | None = None) -> RecordAnswer:
    """Write a new decision record, and the status of those it replaces.

    Args:
        request: What was decided; what it may contradict has been decided about.
        book: What is recorded.
        compared: The records it was compared with; those that came since are compared before it is written.

    Returns:
        What was written, or what has to be decided about first.

    Raises:
        WhykeeperError: It may not or cannot be written; nothing was.
    """
    memory = book.memory
    replaced, amended = named_records(request.supersedes, book), named_records(request.amends, book)
    if both := sorted({*replaced} & {*amended}):
        raise QueryError(f"{both[0]} is to be superseded and amended", "name it in one of them")
    folder = None if request.folder is None else memory.relative(request.folder)
    habits = _habits(folder, replaced, book)
    draft = Draft(
        title=request.heading(),
        content=request.content(),
        date=datetime.now().astimezone().date().isoformat(),
        status=(request.status or "accepted").strip().lower(),
        deciders=_deciders(memory),
        supersedes=tuple(Link.to(path, book.records[path]) for path in replaced),
        amends=tuple(Link.to(path, book.records[path]) for path in amended),
    )
    with writer(memory.repository, memory.store.folder) as pen:
        book = book.with_new_files(habits.folder)
        if compared is not None and (came := _came_since(request, book, compared)):
            return RecordAnswer(related=came)
        for path in replaced:
            refuse_replaced(path, "", book)
        refused = list(left_refused(replaced, book)) if took_effect(draft.status) else []
        written = _written(draft, habits, book, pen)
    changes = [each.path for each in written.changes]
    return RecordAnswer(
        written=[written.path, *changes],
        id=written.record.identifier,
        notes=[*_notes(request, draft, habits), *refused],
    )


def _notes(request: DecisionRequest, draft: Draft, habits: Habits) -> Iterator[str]:
    if habits.others:
        yield f"decisions are also kept in {', '.join(habits.others[:3])}"
    if not took_effect(draft.status) and (draft.supersedes or draft.amends):
        yield (
            f"it is {draft.status}: what it names stays as it is until this record is accepted "
            "(call again with its id and status)"
        )
    if request.reason.strip():
        yield "reason was not written: it is for a change of status; say it in the context or the decision"


def _came_since(request: DecisionRequest, book: Book, compared: Collection[str]) -> list[RelatedItem]:
    """What others recorded since the decision was compared; by words, for it is not encoded yet."""
    came = book.records.keys() - set(compared)
    if not came:
        return []
    new = Compared(request.heading(), request.content())
    named = {*named_records(request.supersedes, book), *named_records(request.amends, book)}
    found = related_decisions(new, book.records, book.contents, None, among=came - named)
    return list(found)


def _habits(folder: str | None, replaced: Sequence[str], book: Book) -> Habits:
    """How the folder writes in which the record is to stand: that of those it replaces, if they share it."""
    root, records = book.memory.repository.root, book.records
    folders = Counter(posixpath.dirname(path) for path in replaced)
    if folder is None and len(folders) == 1:
        folder = next(iter(folders))
    if folder is None and folders:
        counts = Counter(posixpath.dirname(path) for path in records)
        usual = habits_of(root, records, book.layout).folder
        # What was decided in two places is now decided for both: as far up as either, or the usual one.
        folder = min(
            {*folders, usual},
            key=lambda each: (each not in folders or each != usual, each.count("/"), -counts[each], each),
        )
    return habits_of(root, records, book.layout, folder)


class _Written(NamedTuple):
    """A new record, and what it changes in others."""

    path: str
    record: DecisionRecord
    changes: tuple[Change, ...]


def _written(draft: Draft, habits: Habits, book: Book, pen: Writer) -> _Written:
    """Write the record under the next number, or name, that is free; then what others say of it.

    Killed in between, the new one says by itself what it replaces.
    """
    names = taken_names(book.memory.repository, habits.folder)
    taken = {each.lower() for each in names}
    number = next_number(names) if habits.naming.digits else None
    for attempt in range(_ATTEMPTS):
        stem = file_stem(habits.naming, draft.title, number, draft.date)
        if number is None and attempt:
            stem = f"{stem}{habits.naming.joiner}{attempt + 1}"
        name = f"{stem}{habits.naming.extension}"
        path = posixpath.join(habits.folder, name)
        if name.lower() not in taken:
            text, record = _text(draft, habits.shape, path, number, book)
            others = ([each.path for each in draft.supersedes], [each.path for each in draft.amends])
            changes: list[Change] = []
            if took_effect(draft.status):
                new = Link.to(path, record)
                changes = changes_of_others(new, *others, habits.shape, book.with_file(path))
            data = text.replace("\n", habits.line_end).encode("utf-8")
            if write_all(pen, changes, (path, data)):
                return _Written(path, record, tuple(changes))
        number = number if number is None else number + 1
    raise RecordingError(f"no free name for {draft.title!r} in {habits.folder}", "give it another title")


def _text(
    draft: Draft, shape: Shape, path: str, number: int | None, book: Book
) -> tuple[str, DecisionRecord]:
    """The record's text, in the team's own shape if that can be read back, else in the form's."""
    layout = book.with_file(path).layout
    for each in (shape, replace(STYLES[shape.form].shape, language=shape.language)):
        text = rendered(draft, each, path, number)
        parsed = parse_decision(SourceText(path, text, ""), layout)
        if parsed and parsed.decision and _says(parsed.decision, draft):
            if book.memory.options.cut_secrets:
                refuse_secrets(text)
            return text, parsed.decision
    raise InternalError(f"a record for {path} cannot be read back", "write it by hand, and report this")


def _says(read: DecisionRecord, draft: Draft) -> bool:
    """Whether a record as it is read replaces what it should, and is not replaced itself."""
    return set(read.supersedes) == {each.path for each in draft.supersedes} and not read.superseded_by


def _deciders(memory: Memory) -> tuple[str, ...]:
    """Whoever commits it: records name who decided where the team's do."""
    if not memory.repository.is_git:
        return ()
    try:
        said = run_git(memory.repository.root, ["config", "user.name"], ok=(0, 1))
    except GitError:
        return ()
    name = " ".join(said.decode("utf-8", "replace").split())
    return (name,) if name else ()

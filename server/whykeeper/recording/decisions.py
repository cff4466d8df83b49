"""Recording a decision: in the repository's own form, under a number nobody else has."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final, NamedTuple

from whykeeper.recording.answers import RecordAnswer, RelatedItem
from whykeeper.recording.changes import Change, linked, superseded
from whykeeper.recording.habits import Habits, habits_of
from whykeeper.recording.likeness import Compared, nearness, related_decisions
from whykeeper.recording.numbering import next_number, taken_names
from whykeeper.recording.requests import DecisionRequest, refuse_secrets
from whykeeper.recording.writing import Writer, writer
from whykeeper_indexers.decisions import DecisionLayout, decision_content, decision_layout, parse_decision
from whykeeper_indexers.decisions.writing import Draft, Link, Shape, file_stem, rendered
from whykeeper_indexers.decisions.writing.registry import STYLES
from whykeeper_indexers.errors import InternalError, NotFoundError, QueryError, RecordingError, WhykeeperError
from whykeeper_indexers.git import GitError, run_git
from whykeeper_indexers.read import read_source
from whykeeper_indexers.scan import scan
from whykeeper_indexers.types import DecisionContent, DecisionRecord, SourceText

if TYPE_CHECKING:
    from whykeeper.memory import Memory

__all__ = ["Book", "book_of", "named_records", "record", "related_to"]

_ATTEMPTS: Final = 20
"""Somebody may make a file by hand in the moment in which a number is given."""


@dataclass(frozen=True, slots=True)
class Book:
    """A checkout's decision records, as recording needs them.

    Attributes:
        memory: Of the checkout.
        records: By path.
        contents: What they say.
        paths: Every file of it.
        layout: Its places for records.
    """

    memory: Memory
    records: Mapping[str, DecisionRecord]
    contents: Mapping[str, DecisionContent]
    paths: Collection[str]
    layout: DecisionLayout

    def with_file(self, path: str) -> Book:
        """The same with a file more, which others may name."""
        return replace(self, layout=decision_layout(self.memory.repository.root, [*self.paths, path]))


def book_of(memory: Memory) -> Book:
    """Read what is recorded: from the catalog, or from the files while there is no whole index yet."""
    catalog, checkout = memory.store.catalog, memory.indexer.checkout
    root = memory.repository.root
    if not memory.indexer.complete:
        return _from_files(memory)
    with catalog.snapshot():
        paths, found = catalog.known_files(checkout), catalog.decisions(checkout)
        contents = catalog.decision_contents(checkout)
    records = {path: record for path, record in found.items() if (root / path).is_file()}
    return Book(memory, records, contents, paths, decision_layout(root, paths))


def _from_files(memory: Memory) -> Book:
    root, options = memory.repository.root, memory.options
    files = scan(memory.repository, options).files
    layout = decision_layout(root, files)
    records, contents = {}, {}
    for path in sorted(layout.candidates):
        source = read_source(root, files[path], options)
        parsed = parse_decision(source, layout) if isinstance(source, SourceText) else None
        if parsed and parsed.decision and isinstance(source, SourceText):
            records[path] = parsed.decision
            contents[path] = decision_content(source, layout) or DecisionContent()
    return Book(memory, records, contents, files, layout)


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


def named_records(names: Sequence[str], book: Book) -> list[str]:
    """The records that a caller names, by path, identifier, number or file name.

    Raises:
        NotFoundError: There is none of that name, or more than one.
    """
    return list(dict.fromkeys(_named(name, book) for name in names))


def _named(name: str, book: Book) -> str:
    wanted = name.strip().strip("#").lower()
    for path in (name.strip(), book.memory.relative(name)):
        if path in book.records:
            return path
    number = int(wanted) if re.fullmatch(r"\d{1,6}", wanted) else -1
    records = book.records.items()
    found = [path for path, record in records if wanted in _names(path, record) or record.number == number]
    if len(found) == 1:
        return found[0]
    if found:
        raise NotFoundError(f"{name!r} may be {' or '.join(sorted(found)[:5])}", "give the path")
    raise NotFoundError(f"no decision record is called {name!r}", "find it with search_memory, give its path")


def _names(path: str, record: DecisionRecord) -> set[str]:
    stem = posixpath.splitext(posixpath.basename(path))[0].lower()
    return {record.identifier.lower(), stem, posixpath.basename(path).lower(), record.title.lower()}


def record(request: DecisionRequest, book: Book) -> RecordAnswer:
    """Write a new decision record, and the status of those it replaces.

    Args:
        request: What was decided; what it may contradict has been decided about.
        book: What is recorded.

    Raises:
        WhykeeperError: It may not or cannot be written; nothing was.
    """
    memory = book.memory
    replaced, amended = named_records(request.supersedes, book), named_records(request.amends, book)
    folder = request.folder if request.folder is not None else _folder_of(replaced)
    habits = habits_of(
        memory.repository.root,
        book.records,
        book.layout,
        None if folder is None else memory.relative(folder),
    )
    draft = Draft(
        title=request.heading(),
        content=request.content(),
        date=datetime.now().astimezone().date().isoformat(),
        status=(request.status or "accepted").strip().lower(),
        deciders=_deciders(memory),
        supersedes=tuple(Link.to(path, book.records[path]) for path in replaced),
        amends=tuple(Link.to(path, book.records[path]) for path in amended),
    )
    if draft.status.startswith("superseded"):
        raise QueryError("a new decision is not superseded", "leave the status out, or say proposed")
    with writer(memory.repository, memory.store.folder) as pen:
        written = _written(draft, habits, book, pen)
    notes = [f"decisions are also kept in {', '.join(habits.others[:3])}"] if habits.others else []
    changes = [each.path for each in written.changes]
    return RecordAnswer(written=[written.path, *changes], id=written.record.identifier, notes=notes)


def _folder_of(replaced: Sequence[str]) -> str | None:
    """A decision stands where the one stands whose place it takes."""
    folders = {posixpath.dirname(path) for path in replaced}
    return folders.pop() if len(folders) == 1 else None


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
            changes = _changes_of_others(Link.to(path, record), draft, habits.shape, book.with_file(path))
            if pen.create(path, text.replace("\n", habits.line_end).encode("utf-8")):
                for change in changes:
                    change.write(pen)
                return _Written(path, record, tuple(changes))
        number = number if number is None else number + 1
    raise RecordingError(f"no free name for {draft.title!r} in {habits.folder}", "give it another title")


def _changes_of_others(new: Link, draft: Draft, shape: Shape, book: Book) -> list[Change]:
    """What the records say now whose place the new one takes, or which it changes."""
    root = book.memory.repository.root
    changed = (linked(root, old.path, new, shape, book.layout) for old in draft.amends)
    return [
        *(superseded(root, old.path, new, shape, book.layout) for old in draft.supersedes),
        *(each for each in changed if each),
    ]


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

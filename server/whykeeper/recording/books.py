"""What a checkout has recorded, and the records that callers name."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from whykeeper.recording.raw_text import read_raw
from whykeeper_indexers.decisions import DecisionLayout, decision_content, decision_layout, parse_decision
from whykeeper_indexers.errors import NotFoundError, RecordingError
from whykeeper_indexers.read import read_source
from whykeeper_indexers.scan import scan
from whykeeper_indexers.types import DecisionContent, DecisionRecord, SourceText

if TYPE_CHECKING:
    from whykeeper.memory import Memory

__all__ = ["Book", "book_of", "named_records"]

_LINES: Final = re.compile(r":\d+(?:-\d+)?$")
"""Behind a path, as results of searches name a passage."""
_CALLED: Final = re.compile(r"(?P<form>adr|rfc|madr)?[-_ #.]{0,2}(?P<number>\d{1,6})")


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

    def with_new_files(self, folder: str) -> Book:
        """The same with the records that lie in its folders, or in this one, and are not indexed yet."""
        root = self.memory.repository.root
        folders = {folder, *(posixpath.dirname(path) for path in self.records)}
        found = [path for each in sorted(folders) for path in _files(root / each, each)]
        added = [path for path in found if path not in self.records]
        if not added:
            return self
        layout = decision_layout(root, [*self.paths, *added])
        records, contents = dict(self.records), dict(self.contents)
        for path in added:
            with suppress(RecordingError):
                source = SourceText(path, read_raw(root, path).text, "")
                if (parsed := parse_decision(source, layout)) and parsed.decision:
                    records[path] = parsed.decision
                    contents[path] = decision_content(source, layout) or DecisionContent()
        return replace(self, records=records, contents=contents, layout=layout)

    def as_written(self, path: str) -> DecisionRecord | None:
        """What a record's own text says now, nothing that others say of it.

        Raises:
            RecordingError: It cannot be read.
        """
        text = read_raw(self.memory.repository.root, path).text
        parsed = parse_decision(SourceText(path, text, ""), self.layout)
        return parsed.decision if parsed else None


def _files(folder: Path, name: str) -> Iterator[str]:
    with suppress(OSError), os.scandir(folder) as listed:
        yield from (posixpath.join(name, each.name) for each in listed if each.is_file(follow_symlinks=False))


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


def named_records(names: Sequence[str], book: Book) -> list[str]:
    """The records that a caller names: by path, identifier, number, file name, title or a result's id.

    Raises:
        NotFoundError: There is none of that name, or more than one.
    """
    return list(dict.fromkeys(_named(name, book) for name in names))


def _named(name: str, book: Book) -> str:
    asked = name.strip()
    for path in _paths(asked, book):
        if path in book.records:
            return path
    wanted = asked.strip("#").lower()
    records = book.records.items()
    found = [path for path, record in records if wanted in _names(path, record)]
    if not found and (called := _CALLED.fullmatch(wanted)):
        found = [path for path, record in records if _is_called(record, called)]
    if len(found) == 1:
        return found[0]
    if found:
        raise NotFoundError(f"{name!r} may be {' or '.join(sorted(found)[:5])}", "give the path")
    raise NotFoundError(f"no decision record is called {name!r}", "find it with search_memory, give its path")


def _paths(asked: str, book: Book) -> Iterable[str]:
    memory, place = book.memory, _LINES.sub("", asked)
    yield from (asked, place, memory.relative(place))
    passage = memory.store.catalog.chunk_by_id(memory.indexer.checkout, asked)
    if passage is not None and passage.chunk.path is not None:
        yield passage.chunk.path


def _is_called(record: DecisionRecord, called: re.Match[str]) -> bool:
    form = "adr" if called["form"] == "madr" else called["form"] or ""
    return record.number == int(called["number"]) and record.identifier.lower().startswith(form)


def _names(path: str, record: DecisionRecord) -> set[str]:
    stem = posixpath.splitext(posixpath.basename(path))[0].lower()
    return {record.identifier.lower(), stem, posixpath.basename(path).lower(), record.title.lower()}

"""Entries that are kept already: all of them, and the one that somebody names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from whykeeper.recording.entries import Entry, entries, outline_of
from whykeeper.recording.naming import CUT, place_and_words, with_words
from whykeeper.recording.raw_text import read_raw
from whykeeper_indexers.errors import NotFoundError, RecordingError
from whykeeper_indexers.secrets import redact

if TYPE_CHECKING:
    from whykeeper.memory import Memory

__all__ = ["kept_entries", "named_entry", "shown"]

LEAST_BEGINNING: Final = 40
"""Characters from which the beginning of an entry names it; answers show long ones cut off."""
_LINES: Final = re.compile(r"(?P<path>.+):(?P<first>\d{1,9})(?:-(?P<last>\d{1,9}))?")
_HINT: Final = "give it as path:line, as its own words, or as an id of search_memory"


def kept_entries(memory: Memory) -> Iterator[Entry]:
    """All entries of convention files and of our own."""
    for path in _documents(memory):
        yield from _entries_of(path, memory)


def shown(entry: Entry, memory: Memory) -> str:
    """An entry's text for an answer, its secrets cut out as everywhere."""
    return redact(entry.text, entry.path)[0] if memory.options.cut_secrets else entry.text


def named_entry(name: str, memory: Memory) -> Entry:
    """Find the entry that is called so.

    Args:
        name: ``path:line`` or ``path:first-last``, its words, both (`with_words`), or the id of the passage
            that it is.
        memory: Of the checkout.

    Raises:
        NotFoundError: None is, or more than one.
        RecordingError: Another one stands in its place.
        RepositoryError: The path lies outside the checkout.
    """
    if (both := place_and_words(name)) is None:
        return _named(name, memory)
    place, words = both
    entry = _named(place, memory)
    stands, told = _words(shown(entry, memory)), _words(words)
    if stands != told and not (words.endswith(CUT) and stands.startswith(told)):
        raise RecordingError(
            f"{with_words(place, shown(entry, memory))} is there by now, not “{words}”",
            "the file has changed meanwhile: look for the entry again; nothing was written",
        )
    return entry


def _named(name: str, memory: Memory) -> Entry:
    if told := _of_these_words(name, memory):
        return _only(told, name, memory)
    if (passage := memory.store.catalog.chunk_by_id(memory.indexer.checkout, name.strip())) is not None:
        chunk = passage.chunk
        if chunk.path is None or chunk.lines is None:
            raise NotFoundError(f"{name!r} is no entry of a list", _HINT)
        return _only(_within(chunk.path, chunk.lines.start, chunk.lines.end, memory), name, memory)
    cited = _LINES.fullmatch(name.strip())
    if cited is None:
        raise NotFoundError(f"{name.strip()[:120]!r} names no entry", _HINT)
    first = int(cited["first"])
    return _only(_within(cited["path"], first, int(cited["last"] or first), memory), name, memory)


def _of_these_words(name: str, memory: Memory) -> list[Entry]:
    wanted = _words(name)
    if not wanted:
        return []
    told = [(each, _words(each.text)) for each in kept_entries(memory)]
    same = [each for each, words in told if words == wanted]
    if same or len(wanted) < LEAST_BEGINNING:
        return same
    return [each for each, words in told if words.startswith(wanted)]


def _words(text: str) -> str:
    """What makes two spellings one entry."""
    return " ".join(text.replace("`", "").casefold().split()).rstrip(".… ")


def _within(given: str, first: int, last: int, memory: Memory) -> list[Entry]:
    path = memory.relative(given)
    if path not in _documents(memory):
        raise NotFoundError(f"{path} is no file of conventions or notes", "edit it by hand")
    return [each for each in _entries_of(path, memory) if each.start < last and first <= each.end]


def _only(found: Sequence[Entry], name: str, memory: Memory) -> Entry:
    if not found:
        raise NotFoundError(f"no entry of a list stands at {name.strip()}", "search_memory cites lines")
    if len(found) > 1:
        places = "; ".join(f"{each.path}:{each.start + 1} {shown(each, memory)[:60]}" for each in found[:5])
        raise NotFoundError(
            f"{name.strip()[:120]!r} names {len(found)} entries: {places}", "name one of them"
        )
    return found[0]


def _documents(memory: Memory) -> list[str]:
    return sorted(memory.store.catalog.conventions(memory.indexer.checkout))


def _entries_of(path: str, memory: Memory) -> Iterator[Entry]:
    try:
        raw = read_raw(memory.repository.root, path)
    except RecordingError:
        return
    yield from entries(outline_of(path, raw.text))

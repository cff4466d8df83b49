"""Entries that are kept already: all of them, and the one that somebody names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final, NoReturn

from whykeeper.recording.entries import Entry, entries, outline_of, paragraphs
from whykeeper.recording.naming import CUT, place_and_words, with_words
from whykeeper.recording.raw_text import read_raw
from whykeeper_indexers.conventions import Rule, imported_by, rules_of
from whykeeper_indexers.documents.outline import BlockKind
from whykeeper_indexers.errors import NotFoundError, RecordingError
from whykeeper_indexers.secrets import redact

if TYPE_CHECKING:
    from whykeeper.memory import Memory

__all__ = ["kept_entries", "named_entry", "shown"]

LEAST_BEGINNING: Final = 40
"""Characters from which the beginning of an entry names it; answers show long ones cut off."""
_LINES: Final = re.compile(r"(?P<path>.+):(?P<first>\d{1,9})(?:-(?P<last>\d{1,9}))?")
_INNER: Final = re.compile(r"[ \t]+(?:[-*+]|\d{1,4}[.)])[ \t]")
"""How an item within another begins."""
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
        if rules := list(_told_so(name, memory)):
            return _only([each for rule in rules for each in _at(rule.path, rule.line, memory)], name, memory)
        raise NotFoundError(f"{name.strip()[:120]!r} names no entry", _HINT)
    first = int(cited["first"])
    return _only(_within(cited["path"], first, int(cited["last"] or first), memory), name, memory)


def _of_these_words(name: str, memory: Memory) -> list[Entry]:
    wanted = _words(name)
    if not wanted:
        return []
    told = [(each, _words(each.text)) for each in kept_entries(memory)]
    same = [each for each, words in told if words == wanted]
    if not same and len(wanted) >= LEAST_BEGINNING:
        same = [each for each, words in told if words.startswith(wanted)]
    return same


def _told_so(name: str, memory: Memory) -> Iterator[Rule]:
    """Rules as answers tell them, which are more than items of lists."""
    wanted = _words(name)
    for path in dict.fromkeys((*_documents(memory), *_imported(memory))):
        if (text := _text(path, memory)) is not None:
            yield from (rule for rule in rules_of(text, path) if _words(rule.text) == wanted)


def _words(text: str) -> str:
    """What makes two spellings one entry."""
    return " ".join(text.replace("`", "").casefold().split()).rstrip(".… ")


def _within(given: str, first: int, last: int, memory: Memory) -> list[Entry]:
    path = memory.relative(given)
    if path not in _documents(memory) and path not in _imported(memory):
        raise NotFoundError(f"{path} is no file of conventions or notes", "edit it by hand")
    if first == last:
        return _at(path, first, memory)
    return [each for each in _entries_of(path, memory) if each.start < last and first <= each.end]


def _at(path: str, line: int, memory: Memory) -> list[Entry]:
    """The entry that a line is of.

    Raises:
        RecordingError: It is part of what only its author can take apart.
    """
    if (text := _text(path, memory)) is None:
        return []
    outline = outline_of(path, text)
    listed = next((each for each in entries(outline) if each.start < line <= each.end), None)
    if listed is not None:
        own = outline.lines[listed.start + 1 : line] if line > listed.start + 1 else ()
        points = any(listed.start + 1 < rule.line <= listed.end for rule in rules_of(text, path))
        if points or any(map(_INNER.match, own)):
            _refuse(path, line, f"is nested in the list item of line {listed.start + 1}, or holds such items")
        return [listed]
    blocks = [block for section in outline.sections for block in section.blocks]
    if any(block.kind is BlockKind.TABLE and block.start <= line <= block.end for block in blocks):
        _refuse(path, line, "is a row of a table")
    ruled = {rule.line for rule in rules_of(text, path)}
    plain = [each for each in paragraphs(outline) if each.start < line <= each.end]
    return [each for each in plain if each.start + 1 in ruled]


def _refuse(path: str, line: int, why: str) -> NoReturn:
    raise RecordingError(f"{path}:{line} {why}", f"edit line {line} of {path} by hand; nothing was written")


def _only(found: Sequence[Entry], name: str, memory: Memory) -> Entry:
    if not found:
        message = f"no entry of a list and no plain paragraph stands at {name.strip()}"
        raise NotFoundError(message, "get_context and search_memory cite lines; edit others by hand")
    if len(found) > 1:
        places = "; ".join(f"{each.path}:{each.start + 1} {shown(each, memory)[:60]}" for each in found[:5])
        raise NotFoundError(
            f"{name.strip()[:120]!r} names {len(found)} entries: {places}", "name one of them"
        )
    return found[0]


def _documents(memory: Memory) -> list[str]:
    return sorted(memory.store.catalog.conventions(memory.indexer.checkout))


def _imported(memory: Memory) -> set[str]:
    """Documents that bind because a convention file brings them in."""
    catalog, checkout = memory.store.catalog, memory.indexer.checkout
    records = catalog.conventions(checkout)
    read = partial(catalog.file_text, checkout)
    return {name for path in records for name in imported_by(path, records, read) if read(name)}


def _text(path: str, memory: Memory) -> str | None:
    try:
        return read_raw(memory.repository.root, path).text
    except RecordingError:
        return None


def _entries_of(path: str, memory: Memory) -> Iterator[Entry]:
    if (text := _text(path, memory)) is not None:
        yield from entries(outline_of(path, text))

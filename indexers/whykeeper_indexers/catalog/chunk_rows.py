"""Chunks as rows: put in with their words and their claim on a vector, taken out again."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any, Final, NamedTuple

from whykeeper_indexers.catalog.records import VectorKey, chunk_id, clean, dump_strings, load_strings
from whykeeper_indexers.catalog.schema import KINDS, create_word_tables, kind_of, row_range, word_table
from whykeeper_indexers.catalog.words import COLUMNS, WORDS_VERSION, words_row
from whykeeper_indexers.types import Chunk, Kind, LineRange, Role

__all__ = [
    "CHUNK_COLUMNS",
    "ROLES",
    "DraftChunk",
    "PreparedChunk",
    "as_json",
    "draft",
    "insert_chunks",
    "load_chunk",
    "prepare",
    "rebuild_words_if_due",
    "remove_chunks",
    "symbol_segments",
]

CHUNK_COLUMNS: Final = (
    "c.rowid, c.id, c.role, c.title, c.text, c.path, c.breadcrumb, c.symbol, c.signature, c.docstring, "
    "c.language, c.part, c.vector_key, c.previous_key"
)
"""What ``load_chunk`` reads, from ``chunks AS c``, in this order."""

_INSERT: Final = (
    "INSERT INTO chunks (rowid, id, role, title, text, path, commit_id, breadcrumb, symbol, symbol_name, "
    "signature, docstring, language, part, vector_key) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_WORD_COLUMNS: Final = ", ".join(COLUMNS)
_WORD_VALUES: Final = ", ".join("?" * len(COLUMNS))
_SEGMENT = re.compile(r"[^\w$?!]+")
_REBUILD_BATCH: Final = 2_000

ROLES: Final = {str(role): role for role in Role}
"""By their values: calling the enumeration takes three times as long."""


class PreparedChunk(NamedTuple):
    """A chunk with everything computed that takes no catalog: any process can do that."""

    id: str
    chunk: Chunk
    words: tuple[str, ...]


class DraftChunk(NamedTuple):
    """A chunk with everything computed that can be before the write lock is taken."""

    id: str
    chunk: Chunk
    vector_key: str
    words: tuple[str, ...]


def as_json(values: Iterable[Any]) -> str:
    """Values for ``json_each(?)``, which has no limit on how many there are."""
    return json.dumps(list(values))


def symbol_segments(symbol: str) -> list[str]:
    """The names a qualified name consists of, whatever separates them."""
    return [segment for segment in _SEGMENT.split(symbol) if segment]


def _cleaned(chunk: Chunk) -> Chunk:
    if chunk.text.isascii() and chunk.title.isascii() and (chunk.path or "").isascii():
        return chunk
    return Chunk(
        kind=chunk.kind,
        role=chunk.role,
        title=clean(chunk.title),
        text=clean(chunk.text),
        path=clean(chunk.path) if chunk.path is not None else None,
        lines=chunk.lines,
        commit=chunk.commit,
        breadcrumb=tuple(map(clean, chunk.breadcrumb)),
        symbol=clean(chunk.symbol) if chunk.symbol is not None else None,
        signature=clean(chunk.signature) if chunk.signature is not None else None,
        docstring=clean(chunk.docstring) if chunk.docstring is not None else None,
        language=chunk.language,
        part=chunk.part,
    )


def prepare(chunk: Chunk) -> PreparedChunk:
    """Compute a chunk's id and words: half of what it costs to store it."""
    chunk = _cleaned(chunk)
    return PreparedChunk(chunk_id(chunk), chunk, words_row(chunk))


def draft(given: Chunk | PreparedChunk, vector_key: VectorKey) -> DraftChunk:
    """Compute a chunk's vector key, and what else is not prepared yet."""
    id_, chunk, words = given if isinstance(given, PreparedChunk) else prepare(given)
    return DraftChunk(id_, chunk, vector_key(chunk), words)


def _reserve_rows(connection: sqlite3.Connection, kind: Kind, count: int) -> int:
    """Take ``count`` row ids of a kind that were never used, and return the first."""
    first, _ = row_range(kind)
    found = connection.execute("SELECT next_row FROM counters WHERE kind = ?", (kind,)).fetchone()
    start: int = found[0] if found else first
    connection.execute("INSERT OR REPLACE INTO counters VALUES (?, ?)", (kind, start + count))
    return start


def _row(rowid: int, new: DraftChunk, commit_id: int | None) -> tuple[Any, ...]:
    chunk = new.chunk
    segments = symbol_segments(chunk.symbol) if chunk.symbol else []
    return (
        rowid,
        new.id,
        chunk.role,
        chunk.title,
        chunk.text,
        chunk.path,
        commit_id,
        dump_strings(chunk.breadcrumb),
        chunk.symbol,
        segments[-1] if segments else None,
        chunk.signature,
        chunk.docstring,
        chunk.language,
        chunk.part,
        new.vector_key,
    )


def insert_chunks(
    connection: sqlite3.Connection, drafts: Iterable[DraftChunk], commit_ids: Mapping[str, int] | None = None
) -> tuple[dict[str, int], int]:
    """Store the chunks that are not stored yet.

    Args:
        connection: In a write transaction.
        drafts: Chunks, repeats allowed.
        commit_ids: For chunks of commits, the commit's row by its hash.

    Returns:
        The row of every chunk given, by its id, and how many of them are new.
    """
    wanted = {each.id: each for each in drafts}
    query = "SELECT id, rowid FROM chunks WHERE id IN (SELECT value FROM json_each(?))"
    rows: dict[str, int] = dict(connection.execute(query, (as_json(wanted),)))
    new = [each for each in wanted.values() if each.id not in rows]
    new.sort(key=lambda each: KINDS.index(each.chunk.kind))
    for kind, group in groupby(new, key=lambda each: each.chunk.kind):
        _insert_kind(connection, kind, list(group), rows, commit_ids or {})
    return rows, len(new)


def _insert_kind(
    connection: sqlite3.Connection,
    kind: Kind,
    new: list[DraftChunk],
    rows: dict[str, int],
    commit_ids: Mapping[str, int],
) -> None:
    # Row ids ascend within a full-text table: FTS5 flushes to disk whenever they do not.
    numbered = list(enumerate(new, start=_reserve_rows(connection, kind, len(new))))
    rows.update((each.id, rowid) for rowid, each in numbered)
    connection.executemany(
        _INSERT, (_row(rowid, each, commit_ids.get(each.chunk.commit or "")) for rowid, each in numbered)
    )
    _insert_words(connection, word_table(kind), ((rowid, each.words) for rowid, each in numbered))
    connection.executemany(
        "INSERT OR IGNORE INTO vectors (kind, key) VALUES (?, ?)", ((kind, each.vector_key) for each in new)
    )


def _insert_words(
    connection: sqlite3.Connection, table: str, rows: Iterable[tuple[int, tuple[str, ...]]]
) -> None:
    connection.executemany(
        f"INSERT INTO {table} (rowid, {_WORD_COLUMNS}) VALUES (?, {_WORD_VALUES})",
        ((rowid, *words) for rowid, words in rows),
    )


def load_chunk(row: tuple[Any, ...], lines: LineRange | None = None, commit: str | None = None) -> Chunk:
    """The chunk of a row of ``CHUNK_COLUMNS``.

    Args:
        row: May be longer; what follows those columns is not looked at.
        lines: Where it stands in the checkout that asks.
        commit: Hash, for a chunk of a commit.
    """
    rowid, _, role, title, text, path, breadcrumb, symbol, signature, docstring, language, part = row[:12]
    return Chunk(
        kind=kind_of(rowid),
        role=ROLES[role],
        title=title,
        text=text,
        path=path,
        lines=lines,
        commit=commit,
        breadcrumb=load_strings(breadcrumb),
        symbol=symbol,
        signature=signature,
        docstring=docstring,
        language=language,
        part=part,
    )


def remove_chunks(connection: sqlite3.Connection, rowids: Iterable[int]) -> int:
    """Take chunks and their words out; their vectors become unreferenced.

    Returns:
        How many there were.
    """
    wanted = as_json(sorted(rowids))
    query = (
        f"SELECT {CHUNK_COLUMNS} FROM json_each(?) j CROSS JOIN chunks c ON c.rowid = j.value "
        "ORDER BY c.rowid"
    )
    doomed = [(row[0], load_chunk(row)) for row in connection.execute(query, (wanted,))]
    for table, group in groupby(doomed, key=lambda pair: word_table(pair[1].kind)):
        connection.executemany(
            f"INSERT INTO {table} ({table}, rowid, {_WORD_COLUMNS}) VALUES ('delete', ?, {_WORD_VALUES})",
            ((rowid, *words_row(chunk)) for rowid, chunk in group),
        )
    connection.execute("DELETE FROM chunks WHERE rowid IN (SELECT value FROM json_each(?))", (wanted,))
    return len(doomed)


def _all_chunks(connection: sqlite3.Connection) -> Iterator[list[tuple[int, Chunk]]]:
    last = 0
    query = f"SELECT {CHUNK_COLUMNS} FROM chunks c WHERE c.rowid > ? ORDER BY c.rowid LIMIT ?"
    while rows := connection.execute(query, (last, _REBUILD_BATCH)).fetchall():
        last = rows[-1][0]
        yield [(row[0], load_chunk(row)) for row in rows]


def rebuild_words_if_due(connection: sqlite3.Connection) -> None:
    """Index the words of every chunk anew, if that was last done by another version, in the transaction."""
    version = str(WORDS_VERSION)
    if connection.execute("SELECT value FROM meta WHERE name = 'words_version'").fetchone() == (version,):
        return
    create_word_tables(connection)
    for batch in _all_chunks(connection):
        for table, group in groupby(batch, key=lambda pair: word_table(pair[1].kind)):
            _insert_words(connection, table, ((rowid, words_row(chunk)) for rowid, chunk in group))
    connection.execute("INSERT OR REPLACE INTO meta VALUES ('words_version', ?)", (version,))

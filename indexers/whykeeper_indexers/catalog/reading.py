"""Reading a checkout: its chunks, records, names and numbers, from one snapshot."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from sys import intern
from typing import Any, Final, TypeAlias

from whykeeper_indexers.catalog.chunk_rows import CHUNK_COLUMNS, ROLES, as_json, load_chunk, symbol_segments
from whykeeper_indexers.catalog.commits import Reachable, reachable_from
from whykeeper_indexers.catalog.records import (
    FileEntry,
    Statistics,
    StoredChunk,
    StoredFile,
    StoredOutline,
    load_content,
    load_convention,
    load_decision,
    load_redactions,
    load_strings,
)
from whykeeper_indexers.catalog.relations import SAID_BY_OTHERS, related
from whykeeper_indexers.catalog.schema import KIND_SHIFT, KINDS, kind_of, row_range
from whykeeper_indexers.catalog.vectors import encoding_counts
from whykeeper_indexers.types import (
    Chunk,
    ChunkOutline,
    ConventionRecord,
    DecisionContent,
    DecisionRecord,
    Exclusion,
    ExclusionReason,
    Kind,
    LineRange,
)

__all__ = [
    "chunk_by_id",
    "chunks",
    "conventions",
    "count_files",
    "decision_contents",
    "decisions",
    "file_chunks",
    "file_entries",
    "file_text",
    "folders_with",
    "live_rows",
    "outline_rows",
    "outlines",
    "paths_like",
    "rows_behind",
    "rows_within",
    "service_documents",
    "statistics",
    "symbols",
]

_FILE_COLUMNS: Final = (
    "d.path, d.kind, d.title, d.digest, d.language, d.decision, d.convention, d.service_folder, d.notes, "
    f"{SAID_BY_OTHERS}"
)
# CROSS JOIN and INDEXED BY keep SQLite from going through all files of the checkout for every chunk.
_LIVE: Final = (
    f"SELECT {CHUNK_COLUMNS}, p.first_line, p.last_line, f.mtime_ns, d.id, {_FILE_COLUMNS} FROM "
    "json_each(?) j CROSS JOIN chunks c ON c.rowid = j.value CROSS JOIN placements p ON p.chunk = c.rowid "
    "CROSS JOIN files f INDEXED BY files_parsed ON f.parsed_id = p.parsed_id AND f.checkout = ? "
    "CROSS JOIN parsed d ON d.id = p.parsed_id ORDER BY p.ordinal"
)
OutlineRow: TypeAlias = tuple[ChunkOutline, int | None]
"""What never changes of a row, whatever is written."""
_CHUNK_WIDTH: Final = CHUNK_COLUMNS.count(",") + 1
_COMMITS_FIRST_ROW: Final = row_range(Kind.COMMIT)[0]


def _load_file(row: tuple[Any, ...]) -> StoredFile:
    path, kind, title, digest, language, decision, convention, service_folder, notes, said = row
    return StoredFile(
        path=path,
        kind=Kind(kind),
        title=title,
        digest=digest,
        language=language,
        decision=related(load_decision(decision), said),
        convention=load_convention(convention),
        service_folder=service_folder,
        notes=load_strings(notes),
    )


def _load_live(rows: Iterable[tuple[Any, ...]]) -> dict[int, StoredChunk]:
    """The chunks of ``_LIVE`` rows by row id, each where it stands first."""
    files: dict[int, StoredFile] = {}
    found: dict[int, StoredChunk] = {}
    for row in rows:
        if row[0] in found:
            continue
        first, last, mtime_ns, parsed_id = row[_CHUNK_WIDTH : _CHUNK_WIDTH + 4]
        file = files.get(parsed_id)
        if file is None:
            file = files[parsed_id] = _load_file(row[_CHUNK_WIDTH + 4 :])
        lines = LineRange(first, last) if first is not None else None
        found[row[0]] = _stored(row, load_chunk(row, lines), file=file, mtime_ns=mtime_ns)
    return found


def _stored(
    row: tuple[Any, ...],
    chunk: Chunk,
    *,
    file: StoredFile | None = None,
    mtime_ns: int | None = None,
) -> StoredChunk:
    key, previous = row[_CHUNK_WIDTH - 2 : _CHUNK_WIDTH]
    return StoredChunk(row[0], row[1], chunk, key, previous, file, mtime_ns)


def _commit_chunks(
    connection: sqlite3.Connection, live: Reachable, rowids: Collection[int]
) -> dict[int, StoredChunk]:
    query = (
        f"SELECT {CHUNK_COLUMNS}, c.commit_id, m.sha FROM json_each(?) j "
        "JOIN chunks c ON c.rowid = j.value JOIN commits m ON m.id = c.commit_id"
    )
    return {
        row[0]: _stored(row, load_chunk(row, commit=row[_CHUNK_WIDTH + 1]))
        for row in connection.execute(query, (as_json(rowids),))
        if row[_CHUNK_WIDTH] in live
    }


def chunks(connection: sqlite3.Connection, checkout: int, rowids: Collection[int]) -> list[StoredChunk]:
    """The chunks of these rows that are live in a checkout, in the order given."""
    from_files = [rowid for rowid in rowids if rowid < _COMMITS_FIRST_ROW]
    found = _load_live(connection.execute(_LIVE, (as_json(from_files), checkout)))
    if len(from_files) < len(rowids):
        from_commits = [rowid for rowid in rowids if rowid >= _COMMITS_FIRST_ROW]
        found |= _commit_chunks(connection, reachable_from(connection, checkout), from_commits)
    return [found[rowid] for rowid in rowids if rowid in found]


def chunk_by_id(connection: sqlite3.Connection, checkout: int, chunk_id: str) -> StoredChunk | None:
    """The live chunk with this id."""
    row = connection.execute("SELECT rowid FROM chunks WHERE id = ?", (chunk_id.strip().lower(),)).fetchone()
    found = chunks(connection, checkout, [row[0]]) if row else []
    return found[0] if found else None


def file_chunks(connection: sqlite3.Connection, checkout: int, path: str) -> list[StoredChunk]:
    """A file's chunks, in its order."""
    query = (
        "SELECT p.chunk FROM files f JOIN placements p ON p.parsed_id = f.parsed_id "
        "WHERE f.checkout = ? AND f.path = ? ORDER BY p.ordinal"
    )
    rows = dict.fromkeys(row for (row,) in connection.execute(query, (checkout, path)))
    return chunks(connection, checkout, list(rows))


def file_text(connection: sqlite3.Connection, checkout: int, path: str) -> str:
    """The text of a file's chunks, in its order; empty where nothing is indexed."""
    query = (
        "SELECT c.text FROM files f JOIN placements p ON p.parsed_id = f.parsed_id "
        "JOIN chunks c ON c.rowid = p.chunk WHERE f.checkout = ? AND f.path = ? ORDER BY p.ordinal"
    )
    return "\n".join(text for (text,) in connection.execute(query, (checkout, path)))


def live_rows(connection: sqlite3.Connection, checkout: int, rowids: Collection[int]) -> dict[int, str | int]:
    """Which of these chunks are live in a checkout: to each its path, or its commit's row."""
    query = (
        "SELECT j.value, f.path FROM json_each(?) j CROSS JOIN placements p ON p.chunk = j.value "
        "CROSS JOIN files f INDEXED BY files_parsed ON f.parsed_id = p.parsed_id AND f.checkout = ?"
    )
    from_files = [rowid for rowid in rowids if rowid < _COMMITS_FIRST_ROW]
    found: dict[int, str | int] = dict(connection.execute(query, (as_json(from_files), checkout)))
    if len(from_files) < len(rowids):
        live = reachable_from(connection, checkout)
        query = "SELECT c.rowid, c.commit_id FROM json_each(?) j CROSS JOIN chunks c ON c.rowid = j.value"
        from_commits = as_json(rowid for rowid in rowids if rowid >= _COMMITS_FIRST_ROW)
        found.update(row for row in connection.execute(query, (from_commits,)) if row[1] in live)
    return found


def rows_within(
    connection: sqlite3.Connection, checkout: int, within: Callable[[str], bool]
) -> frozenset[int]:
    """The chunks of a checkout's files whose path is wanted."""
    query = "SELECT path, parsed_id FROM files WHERE checkout = ? AND parsed_id IS NOT NULL"
    contents = as_json(
        parsed_id for path, parsed_id in connection.execute(query, (checkout,)) if within(path)
    )
    query = "SELECT p.chunk FROM json_each(?) j CROSS JOIN placements p ON p.parsed_id = j.value"
    return frozenset(row for (row,) in connection.execute(query, (contents,)))


def rows_behind(
    connection: sqlite3.Connection, keys: Collection[str], kind: Kind | None = None
) -> list[tuple[str, int]]:
    """The chunks behind vectors, live or not: pairs of a key and a row."""
    first, end = row_range(kind) if kind else (0, row_range(KINDS[-1])[1])
    query = "SELECT j.value, c.rowid FROM json_each(?) j CROSS JOIN chunks c ON c.vector_key = j.value"
    return [pair for pair in connection.execute(query, (as_json(keys),)) if first <= pair[1] < end]


def outline_rows(connection: sqlite3.Connection, rowids: Collection[int]) -> dict[int, OutlineRow]:
    """What these chunks are ranked by, live or not, and the commit each belongs to."""
    query = (
        "SELECT c.rowid, c.role, c.title, c.path, c.breadcrumb, c.symbol, c.part, length(c.text), "
        "c.commit_id FROM json_each(?) j CROSS JOIN chunks c ON c.rowid = j.value"
    )
    return {
        rowid: (
            ChunkOutline(
                kind_of(rowid),
                ROLES[role],
                title,
                # Once for all chunks of a file.
                intern(path) if path else path,
                load_strings(breadcrumb),
                title if symbol == title else symbol,
                part,
                characters,
            ),
            commit,
        )
        for rowid, role, title, path, breadcrumb, symbol, part, characters, commit in connection.execute(
            query, (as_json(rowids),)
        )
    }


def outlines(
    connection: sqlite3.Connection, checkout: int, rows: Mapping[int, OutlineRow]
) -> dict[int, StoredOutline]:
    """Those of the chunks that are live in a checkout, with the decision record each stands in."""
    query = (
        "SELECT j.value, p.parsed_id FROM json_each(?) j CROSS JOIN placements p ON p.chunk = j.value "
        "CROSS JOIN files f INDEXED BY files_parsed ON f.parsed_id = p.parsed_id AND f.checkout = ? "
        "ORDER BY p.ordinal DESC"
    )
    in_files = [rowid for rowid, (_, commit) in rows.items() if commit is None]
    contents: dict[int, int] = dict(connection.execute(query, (as_json(in_files), checkout)))
    records = _decisions_in(connection, checkout, set(contents.values()))
    live = reachable_from(connection, checkout) if len(in_files) < len(rows) else Reachable()
    return {
        rowid: StoredOutline(rowid, chunk, commit, records.get(contents.get(rowid, 0)))
        for rowid, (chunk, commit) in rows.items()
        if (rowid in contents if commit is None else commit in live)
    }


def _decisions_in(
    connection: sqlite3.Connection, checkout: int, contents: Collection[int]
) -> dict[int, DecisionRecord]:
    query = (
        f"SELECT d.id, d.decision, {SAID_BY_OTHERS} FROM json_each(?) j CROSS JOIN parsed d "
        "INDEXED BY parsed_decisions ON d.id = j.value AND d.decision IS NOT NULL "
        "CROSS JOIN files f INDEXED BY files_parsed ON f.parsed_id = d.id AND f.checkout = ?"
    )
    rows = connection.execute(query, (as_json(contents), checkout)) if contents else ()
    loaded = ((row, related(load_decision(value), said)) for row, value, said in rows)
    return {row: record for row, record in loaded if record}


def decisions(connection: sqlite3.Connection, checkout: int) -> dict[str, DecisionRecord]:
    """The decision records of a checkout by path."""
    query = (
        f"SELECT f.path, d.decision, {SAID_BY_OTHERS} FROM files f JOIN parsed d ON d.id = f.parsed_id "
        "WHERE f.checkout = ? AND d.decision IS NOT NULL ORDER BY f.path"
    )
    rows = connection.execute(query, (checkout,))
    loaded = ((path, related(load_decision(value), said)) for path, value, said in rows)
    return {path: record for path, record in loaded if record}


def decision_contents(connection: sqlite3.Connection, checkout: int) -> dict[str, DecisionContent]:
    """What the decision records of a checkout say, part by part, by path."""
    query = (
        "SELECT f.path, d.decision_content FROM files f JOIN parsed d ON d.id = f.parsed_id "
        "WHERE f.checkout = ? AND d.decision IS NOT NULL ORDER BY f.path"
    )
    loaded = ((path, load_content(value)) for path, value in connection.execute(query, (checkout,)))
    return {path: content for path, content in loaded if content}


def conventions(connection: sqlite3.Connection, checkout: int) -> dict[str, ConventionRecord]:
    """The convention files of a checkout by path."""
    query = (
        "SELECT f.path, d.convention FROM files f JOIN parsed d ON d.id = f.parsed_id "
        "WHERE f.checkout = ? AND d.convention IS NOT NULL ORDER BY f.path"
    )
    loaded = ((path, load_convention(value)) for path, value in connection.execute(query, (checkout,)))
    return {path: record for path, record in loaded if record}


def service_documents(connection: sqlite3.Connection, checkout: int) -> dict[str, str]:
    """Documents that describe a folder: to each path its folder."""
    query = (
        "SELECT f.path, d.service_folder FROM files f JOIN parsed d ON d.id = f.parsed_id "
        "WHERE f.checkout = ? AND d.service_folder IS NOT NULL ORDER BY f.path"
    )
    return dict(connection.execute(query, (checkout,)))


def symbols(connection: sqlite3.Connection, checkout: int, name: str) -> list[int]:
    """Live chunks that define a symbol, by its name or any qualified form of it, case folded."""
    segments = [segment.lower() for segment in symbol_segments(name)]
    if not segments:
        return []
    query = "SELECT rowid, symbol FROM chunks WHERE symbol_name = ? ORDER BY part, rowid"
    found = []
    for rowid, symbol in connection.execute(query, (segments[-1],)):
        own = [segment.lower() for segment in symbol_segments(symbol)]
        if own[-len(segments) :] == segments:
            found.append(rowid)
    live = live_rows(connection, checkout, found)
    return [rowid for rowid in found if rowid in live]


def paths_like(connection: sqlite3.Connection, checkout: int, fragment: str, limit: int) -> list[str]:
    """Indexed paths that contain a fragment, case folded: whole names first, then the shortest."""
    wanted = fragment.strip().lower()
    if not wanted:
        return []
    query = (
        "SELECT path FROM files WHERE checkout = ? AND parsed_id IS NOT NULL AND instr(lower(path), ?) > 0"
    )
    found = [path for (path,) in connection.execute(query, (checkout, wanted))]

    def closeness(path: str) -> tuple[bool, bool, int, str]:
        folded = path.lower()
        name = folded.rpartition("/")[2]
        whole = folded.endswith(wanted) and folded[-len(wanted) - 1 : -len(wanted)] in ("", "/")
        return not whole, wanted not in name, len(path), path

    return sorted(found, key=closeness)[:limit]


def count_files(
    connection: sqlite3.Connection, checkout: int, kinds: Collection[Kind], below: str = ""
) -> int:
    """How many files of these kinds a checkout has, below a folder or anywhere."""
    query = (
        "SELECT count(*) FROM files f JOIN parsed d ON d.id = f.parsed_id "
        "WHERE f.checkout = ? AND d.kind IN (SELECT value FROM json_each(?))"
    )
    given: list[Any] = [checkout, as_json(kinds)]
    if below:
        # The sign after the slash ends the names that begin with the folder's.
        query += " AND f.path >= ? AND f.path < ?"
        given += [f"{below}/", f"{below}0"]
    (count,) = connection.execute(query, given).fetchone()
    return int(count)


def folders_with(connection: sqlite3.Connection, checkout: int, kind: Kind) -> set[str]:
    """The folders that hold a file of a kind, at any depth; the root's name is empty."""
    query = (
        "SELECT f.path FROM files f JOIN parsed d ON d.id = f.parsed_id WHERE f.checkout = ? AND d.kind = ?"
    )
    folders: set[str] = set()
    for (path,) in connection.execute(query, (checkout, kind)):
        folder = path.rpartition("/")[0]
        while folder not in folders:
            folders.add(folder)
            folder = folder.rpartition("/")[0]
    return folders


def file_entries(
    connection: sqlite3.Connection, checkout: int, paths: Collection[str] | None = None
) -> list[FileEntry]:
    """What the catalog has for paths of a checkout; all of them by default."""
    query = (
        "SELECT f.path, d.kind, (SELECT count(*) FROM placements p WHERE p.parsed_id = d.id), "
        "f.reason, f.detail, d.redactions, d.notes FROM files f "
        "LEFT JOIN parsed d ON d.id = f.parsed_id WHERE f.checkout = ?"
    )
    wanted: tuple[Any, ...] = (checkout,)
    if paths is not None:
        query, wanted = query + " AND f.path IN (SELECT value FROM json_each(?))", (checkout, as_json(paths))
    entries = []
    for path, kind, count, reason, detail, redactions, notes in connection.execute(query, wanted):
        exclusion = Exclusion(path, ExclusionReason(reason), detail) if reason is not None else None
        found = load_redactions(redactions)
        entries.append(
            FileEntry(path, Kind(kind) if kind else None, count, exclusion, found, load_strings(notes))
        )
    return entries


def statistics(connection: sqlite3.Connection, checkout: int, chunker_version: int) -> Statistics:
    """A checkout in numbers."""
    head, scanned_at = connection.execute(
        "SELECT head, scanned_at FROM checkouts WHERE id = ?", (checkout,)
    ).fetchone() or (None, None)
    files, stale = connection.execute(
        "SELECT count(*), coalesce(sum(d.chunker_version <> ?), 0) FROM files f "
        "JOIN parsed d ON d.id = f.parsed_id WHERE f.checkout = ?",
        (chunker_version, checkout),
    ).fetchone()
    entries = file_entries(connection, checkout)
    reachable = reachable_from(connection, checkout)
    counts = encoding_counts(connection, checkout, reachable.__contains__)
    return Statistics(
        files=files,
        stale_files=stale,
        chunks=_live_counts(connection, checkout, reachable),
        encoded={kind: encoded for kind, (encoded, _) in counts.items()},
        waiting={kind: waiting for kind, (_, waiting) in counts.items()},
        excluded=Counter(entry.exclusion.reason.value for entry in entries if entry.exclusion),
        redactions=sum(len(entry.redactions) for entry in entries),
        commits=len(reachable),
        notes={entry.path: entry.notes for entry in entries if entry.notes},
        head=head,
        scanned_at=scanned_at,
        size_bytes=_size(connection),
    )


def _size(connection: sqlite3.Connection) -> int:
    (pages,), (page_size,) = (
        connection.execute(f"PRAGMA {name}").fetchone() for name in ("page_count", "page_size")
    )
    return int(pages * page_size)


def _live_counts(connection: sqlite3.Connection, checkout: int, reachable: Reachable) -> dict[Kind, int]:
    query = (
        f"SELECT p.chunk >> {KIND_SHIFT}, count(DISTINCT p.chunk) FROM files f "
        "JOIN placements p ON p.parsed_id = f.parsed_id WHERE f.checkout = ? GROUP BY 1"
    )
    counts = dict.fromkeys(KINDS, 0)
    counts.update((KINDS[number - 1], count) for number, count in connection.execute(query, (checkout,)))
    of_commits = connection.execute("SELECT commit_id FROM chunks WHERE commit_id IS NOT NULL")
    counts[Kind.COMMIT] = sum(row in reachable for (row,) in of_commits)
    return counts

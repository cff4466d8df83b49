"""Changing a checkout's files: one call, one transaction."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Final, NamedTuple

from whykeeper_indexers.catalog.chunk_rows import (
    DraftChunk,
    PreparedChunk,
    as_json,
    draft,
    insert_chunks,
    prepare,
    remove_chunks,
)
from whykeeper_indexers.catalog.defining import insert_defined
from whykeeper_indexers.catalog.linking import insert_references
from whykeeper_indexers.catalog.records import (
    ApplyResult,
    KnownFile,
    VectorKey,
    clean,
    dump_content,
    dump_convention,
    dump_decision,
    dump_redactions,
    dump_strings,
)
from whykeeper_indexers.catalog.relations import note_relations
from whykeeper_indexers.types import Exclusion, ExclusionReason, FileStat, ParsedFile, Redaction

__all__ = [
    "DraftFile",
    "FileChanges",
    "PreparedFile",
    "apply_changes",
    "discard_contents",
    "draft_files",
    "forget_checkout",
    "forget_stats",
    "generation",
    "known_files",
    "mark_stale",
    "parsed_digests",
    "prepare_file",
]

KEPT_VERSIONS: Final = 3
"""Contents kept of one path that no checkout holds: enough for going to and fro between
branches, few enough that a file saved all day does not fill the index with its past."""

_UPSERT: Final = (
    "INSERT OR REPLACE INTO files (checkout, path, size, mtime_ns, inode, digest, parsed_id, reason, detail) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


class DraftFile(NamedTuple):
    """A parsed file, ready to be written."""

    stat: FileStat
    digest: str
    parsed: ParsedFile
    redactions: tuple[Redaction, ...]
    chunks: tuple[DraftChunk, ...]


class FileChanges(NamedTuple):
    """What ``Catalog.apply`` was given."""

    parsed: Sequence[DraftFile]
    reused: Sequence[tuple[FileStat, str]]
    excluded: Sequence[tuple[FileStat | None, Exclusion]]
    removed: Sequence[str]

    def paths(self) -> set[str]:
        """Every path that changes."""
        given = (
            (each.stat.path for each in self.parsed),
            (stat.path for stat, _ in self.reused),
            (exclusion.path for _, exclusion in self.excluded),
            self.removed,
        )
        return {clean(path) for paths in given for path in paths}


class PreparedFile(NamedTuple):
    """A parsed file whose chunks are prepared.

    Attributes:
        about: The file, without its chunks.
        chunks: They, in source order.
    """

    about: ParsedFile
    chunks: tuple[PreparedChunk, ...]


def generation(connection: sqlite3.Connection, checkout: int) -> int:
    """How often what a checkout's searches can find has changed."""
    found = connection.execute("SELECT generation FROM checkouts WHERE id = ?", (checkout,)).fetchone()
    return int(found[0]) if found else 0


def prepare_file(parsed: ParsedFile) -> PreparedFile:
    """Prepare a file's chunks, in whatever process it was parsed."""
    return PreparedFile(replace(parsed, chunks=()), tuple(map(prepare, parsed.chunks)))


def draft_files(
    parsed: Iterable[tuple[FileStat, str, ParsedFile | PreparedFile, tuple[Redaction, ...]]],
    vector_key: VectorKey,
) -> list[DraftFile]:
    """Do the work of an insertion that needs no lock."""
    return [
        DraftFile(
            stat,
            digest,
            file.about if isinstance(file, PreparedFile) else file,
            redactions,
            tuple(draft(chunk, vector_key) for chunk in file.chunks),
        )
        for stat, digest, file, redactions in parsed
    ]


def parsed_digests(
    connection: sqlite3.Connection, paths: Iterable[str], chunker_version: int
) -> dict[str, set[str]]:
    """For each of these paths, the contents that need no parsing."""
    query = (
        "SELECT p.path, p.digest FROM json_each(?) j CROSS JOIN parsed p ON p.path = j.value "
        "WHERE p.chunker_version = ?"
    )
    asked = {clean(path): path for path in paths}
    found: dict[str, set[str]] = {}
    for path, digest in connection.execute(query, (as_json(asked), chunker_version)):
        found.setdefault(asked[path], set()).add(digest)
    return found


def known_files(
    connection: sqlite3.Connection, checkout: int, chunker_version: int, below: Iterable[str] | None = None
) -> dict[str, KnownFile]:
    """Every path the catalog knows in a checkout, or those that are or lie below some paths."""
    query = (
        "SELECT f.path, f.size, f.mtime_ns, f.inode, f.digest, f.reason, f.detail, p.chunker_version "
        "FROM files f LEFT JOIN parsed p ON p.id = f.parsed_id WHERE f.checkout = ?"
    )
    rows: Iterable[Any] = connection.execute(query, (checkout,)) if below is None else ()
    if below is not None:
        # A folder's paths are those between "folder/" and "folder0": "0" follows "/".
        query += " AND (f.path = ? OR (f.path >= ? AND f.path < ?))"
        names = [clean(path) for path in below]
        rows = (
            row
            for name in names
            for row in connection.execute(query, (checkout, name, f"{name}/", f"{name}0"))
        )
    known = {}
    for path, size, mtime_ns, inode, digest, reason, detail, version in rows:
        stat = FileStat(path, size, mtime_ns, inode) if size is not None else None
        exclusion = Exclusion(path, ExclusionReason(reason), detail) if reason is not None else None
        known[path] = KnownFile(stat, digest, exclusion, exclusion is None and version != chunker_version)
    return known


def forget_stats(connection: sqlite3.Connection, checkout: int) -> None:
    """Have every file of a checkout read again, as if it had been written to."""
    connection.execute(
        "UPDATE files SET size = NULL, mtime_ns = NULL, inode = NULL WHERE checkout = ?", (checkout,)
    )


def mark_stale(connection: sqlite3.Connection, checkout: int) -> None:
    """Have every file of a checkout parsed again."""
    # A version of its own for each, so that another checkout's stale content is never in the way.
    connection.execute(
        "UPDATE parsed SET chunker_version = -id WHERE id IN "
        "(SELECT parsed_id FROM files WHERE checkout = ? AND parsed_id IS NOT NULL)",
        (checkout,),
    )


def forget_checkout(connection: sqlite3.Connection, checkout: int, chunker_version: int) -> None:
    """Drop a checkout; what it shared stays."""
    found = connection.execute("SELECT path FROM files WHERE checkout = ?", (checkout,))
    gone = FileChanges((), (), (), [path for (path,) in found])
    apply_changes(connection, checkout, gone, chunker_version)
    connection.execute("DELETE FROM freshness WHERE checkout = ?", (checkout,))
    connection.execute("DELETE FROM checkouts WHERE id = ?", (checkout,))


def apply_changes(
    connection: sqlite3.Connection, checkout: int, changes: FileChanges, chunker_version: int
) -> ApplyResult:
    """Bring a checkout's files up to date, in the transaction under way."""
    paths = as_json(changes.paths())
    before = _referenced(connection, checkout, paths)
    replaced, added, kept = _insert_parsed(connection, changes.parsed, chunker_version)
    missing = _point_files(connection, checkout, changes, chunker_version)
    removed = discard_contents(connection, replaced)
    after = _referenced(connection, checkout, paths)
    _note_references(connection, before.values(), after.values())
    removed += _drop_superseded(connection, paths, chunker_version)
    changed = before != after
    if changed:
        note_relations(connection, checkout)
        connection.execute("UPDATE checkouts SET generation = generation + 1 WHERE id = ?", (checkout,))
    return ApplyResult(added, kept, removed, changed, tuple(missing))


def _referenced(connection: sqlite3.Connection, checkout: int, paths: str) -> dict[str, int]:
    query = (
        "SELECT f.path, f.parsed_id FROM json_each(?) j "
        "CROSS JOIN files f ON f.checkout = ? AND f.path = j.value WHERE f.parsed_id IS NOT NULL"
    )
    return dict(connection.execute(query, (paths, checkout)))


def _insert_parsed(
    connection: sqlite3.Connection, drafts: Sequence[DraftFile], chunker_version: int
) -> tuple[list[int], int, int]:
    """Store parsed files; returns the contents they replace, and chunks added and kept."""
    rows, added = insert_chunks(connection, (chunk for each in drafts for chunk in each.chunks))
    replaced = []
    for each in drafts:
        old = _set_aside(connection, each, chunker_version)
        new = _insert_content(connection, each, chunker_version)
        _place(connection, new, each.chunks, rows)
        insert_references(connection, new, each.parsed.references)
        insert_defined(connection, new, each.parsed.defined)
        if old is not None:
            connection.execute("UPDATE files SET parsed_id = ? WHERE parsed_id = ?", (new, old))
            replaced.append(old)
    return replaced, added, len(rows) - added


def _set_aside(connection: sqlite3.Connection, each: DraftFile, chunker_version: int) -> int | None:
    """Make room for a content that is parsed again, as when its neighbours made it a decision."""
    key = (clean(each.stat.path), each.digest, chunker_version)
    query = "DELETE FROM parsed WHERE path = ? AND digest = ? AND chunker_version = ? RETURNING id"
    found = connection.execute(query, key).fetchall()
    return found[0][0] if found else None


def _insert_content(connection: sqlite3.Connection, each: DraftFile, chunker_version: int) -> int:
    file = each.parsed
    values = (
        clean(each.stat.path),
        each.digest,
        chunker_version,
        file.kind,
        clean(file.title),
        file.language,
        dump_decision(file.decision),
        dump_convention(file.convention),
        clean(file.service_folder) if file.service_folder is not None else None,
        dump_strings(file.notes),
        dump_redactions(each.redactions),
        dump_content(file.content),
    )
    inserted = connection.execute(
        "INSERT INTO parsed (path, digest, chunker_version, kind, title, language, decision, convention, "
        "service_folder, notes, redactions, decision_content) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        values,
    )
    assert inserted.lastrowid is not None
    return inserted.lastrowid


def _place(
    connection: sqlite3.Connection, parsed_id: int, chunks: Sequence[DraftChunk], rows: dict[str, int]
) -> None:
    placed = []
    for ordinal, each in enumerate(chunks):
        first, last = each.chunk.lines or (None, None)
        placed.append((parsed_id, ordinal, rows[each.id], first, last))
    connection.executemany("INSERT INTO placements VALUES (?, ?, ?, ?, ?)", placed)


def _point_files(
    connection: sqlite3.Connection, checkout: int, changes: FileChanges, chunker_version: int
) -> list[str]:
    """Write the checkout's rows; returns the reused paths whose content is not there any more."""
    connection.executemany(
        "DELETE FROM files WHERE checkout = ? AND path = ?",
        ((checkout, clean(path)) for path in changes.removed),
    )
    held = [*((each.stat, each.digest) for each in changes.parsed), *changes.reused]
    missing = []
    for stat, digest in held:
        parsed_id = _content(connection, clean(stat.path), digest, chunker_version)
        if parsed_id is None:
            missing.append(stat.path)
            continue
        values = (
            checkout,
            clean(stat.path),
            stat.size,
            stat.mtime_ns,
            stat.inode,
            digest,
            parsed_id,
            None,
            None,
        )
        connection.execute(_UPSERT, values)
    connection.executemany(
        _UPSERT, (_excluded_row(checkout, stat, exclusion) for stat, exclusion in changes.excluded)
    )
    return missing


def _content(connection: sqlite3.Connection, path: str, digest: str, chunker_version: int) -> int | None:
    # A content that only an older chunker has parsed still answers until it is parsed again.
    query = (
        "SELECT id FROM parsed WHERE path = ? AND digest = ? "
        "ORDER BY chunker_version = ? DESC, chunker_version DESC LIMIT 1"
    )
    found = connection.execute(query, (path, digest, chunker_version)).fetchone()
    return found[0] if found else None


def _excluded_row(checkout: int, stat: FileStat | None, exclusion: Exclusion) -> tuple[Any, ...]:
    size, mtime_ns, inode = (stat.size, stat.mtime_ns, stat.inode) if stat else (None, None, None)
    path, detail = clean(exclusion.path), clean(exclusion.detail)
    return (checkout, path, size, mtime_ns, inode, "", None, exclusion.reason, detail)


def _note_references(connection: sqlite3.Connection, before: Iterable[int], after: Iterable[int]) -> None:
    """Start the clock of contents that lost their last checkout, stop it for those in use."""
    connection.execute(
        "UPDATE parsed SET unreferenced_at = ? WHERE id IN (SELECT value FROM json_each(?)) "
        "AND NOT EXISTS (SELECT 1 FROM files f WHERE f.parsed_id = parsed.id)",
        (time.time(), as_json(before)),
    )
    connection.execute(
        "UPDATE parsed SET unreferenced_at = NULL WHERE unreferenced_at IS NOT NULL "
        "AND id IN (SELECT value FROM json_each(?))",
        (as_json(after),),
    )


def _drop_superseded(connection: sqlite3.Connection, paths: str, chunker_version: int) -> int:
    """Of the changed paths, drop contents nobody can come back to, and the oldest beyond a few."""
    query = (
        "SELECT id FROM (SELECT id, chunker_version, row_number() OVER ("
        "PARTITION BY path ORDER BY unreferenced_at DESC, id DESC) AS age FROM parsed "
        "WHERE path IN (SELECT value FROM json_each(?)) AND unreferenced_at IS NOT NULL) "
        "WHERE age > ? OR chunker_version <> ?"
    )
    doomed = [row for (row,) in connection.execute(query, (paths, KEPT_VERSIONS, chunker_version))]
    return discard_contents(connection, doomed)


def discard_contents(connection: sqlite3.Connection, parsed_ids: Sequence[int]) -> int:
    """Remove parsed contents and the chunks that were theirs alone; returns how many chunks."""
    if not parsed_ids:
        return 0
    doomed = as_json(parsed_ids)
    query = "SELECT DISTINCT chunk FROM placements WHERE parsed_id IN (SELECT value FROM json_each(?))"
    chunks = as_json(row for (row,) in connection.execute(query, (doomed,)))
    connection.execute(
        "DELETE FROM placements WHERE parsed_id IN (SELECT value FROM json_each(?))", (doomed,)
    )
    for table in ("named", "defined"):
        connection.execute(
            f"DELETE FROM {table} WHERE parsed_id IN (SELECT value FROM json_each(?))", (doomed,)
        )
    connection.execute("DELETE FROM parsed WHERE id IN (SELECT value FROM json_each(?))", (doomed,))
    query = (
        "SELECT j.value FROM json_each(?) j "
        "WHERE NOT EXISTS (SELECT 1 FROM placements p WHERE p.chunk = j.value)"
    )
    return remove_chunks(connection, [row for (row,) in connection.execute(query, (chunks,))])

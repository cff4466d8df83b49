"""Which chunks have their vector, which wait for it, and which vectors nothing needs."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from typing import Final

from whykeeper_indexers.catalog.chunk_rows import CHUNK_COLUMNS, as_json, load_chunk
from whykeeper_indexers.catalog.records import VectorKey, Waiting
from whykeeper_indexers.catalog.schema import KIND_SHIFT, KINDS, kind_of, row_range
from whykeeper_indexers.types import Kind

__all__ = [
    "encoded_keys",
    "encoding_counts",
    "encoding_progress",
    "fingerprint",
    "forget_encoded",
    "forget_previous",
    "mark_encoded",
    "previous_keys",
    "rekey_batch",
    "start_rekey",
    "unencoded",
    "unreferenced_keys",
    "vectors_of",
    "waiting_keys",
]

_LIVE_ANYWHERE: Final = (
    "(c.commit_id IS NOT NULL OR EXISTS ("
    "SELECT 1 FROM placements p JOIN files f ON f.parsed_id = p.parsed_id WHERE p.chunk = c.rowid))"
)
_ENCODED: Final = (
    "EXISTS (SELECT 1 FROM vectors v WHERE v.kind = ? AND v.key = chunks.vector_key AND v.encoded = 1)"
)
_KEYS: Final = "SELECT value FROM json_each(?)"


def unencoded(connection: sqlite3.Connection, kind: Kind, limit: int) -> list[Waiting]:
    """Chunks live in any checkout whose vector is not there, the newest first, one per vector."""
    query = (
        f"SELECT {CHUNK_COLUMNS}, v.key FROM vectors v JOIN chunks c ON c.rowid = ("
        f"SELECT c.rowid FROM chunks c WHERE c.vector_key = v.key AND c.rowid >= ? AND c.rowid < ? "
        f"AND {_LIVE_ANYWHERE} LIMIT 1) "
        "WHERE v.kind = ? AND v.encoded = 0 ORDER BY v.id DESC LIMIT ?"
    )
    rows = connection.execute(query, (*row_range(kind), kind, limit))
    return [Waiting(row[0], row[-1], load_chunk(row)) for row in rows]


def waiting_keys(connection: sqlite3.Connection, keys: Iterable[tuple[Kind, str]]) -> set[str]:
    """Those of the keys whose vectors are still to be made."""
    by_kind: defaultdict[Kind, list[str]] = defaultdict(list)
    for kind, key in keys:
        by_kind[kind].append(key)
    # By kind and key, for which there is an index: going through all that wait takes 5 ms amid an index.
    query = (
        "SELECT v.key FROM json_each(?) j CROSS JOIN vectors v ON v.kind = ? AND v.key = j.value "
        "WHERE v.encoded = 0"
    )
    return {
        key for kind, some in by_kind.items() for (key,) in connection.execute(query, (as_json(some), kind))
    }


def vectors_of(connection: sqlite3.Connection, rowids: Collection[int]) -> dict[int, tuple[str, bool]]:
    """To each chunk the key of its vector, and whether that is still to be made."""
    by_kind: defaultdict[Kind, list[int]] = defaultdict(list)
    for rowid in rowids:
        by_kind[kind_of(rowid)].append(rowid)
    query = (
        "SELECT c.rowid, c.vector_key, v.encoded FROM json_each(?) j CROSS JOIN chunks c "
        "ON c.rowid = j.value LEFT JOIN vectors v ON v.kind = ? AND v.key = c.vector_key"
    )
    return {
        rowid: (key, encoded == 0)
        for kind, some in by_kind.items()
        for rowid, key, encoded in connection.execute(query, (as_json(some), kind))
    }


def mark_encoded(connection: sqlite3.Connection, kind: Kind, keys: Collection[str]) -> None:
    """Note that these vectors are in the vector store."""
    connection.executemany(
        "INSERT INTO vectors (kind, key, encoded) VALUES (?, ?, 1) "
        "ON CONFLICT (kind, key) DO UPDATE SET encoded = 1",
        ((kind, key) for key in keys),
    )


def forget_encoded(connection: sqlite3.Connection, kind: Kind, keys: Collection[str] | None = None) -> int:
    """Note that vectors are not in the vector store: these, or all of the kind.

    Those that a chunk names are due again; the others, an earlier model's among them, are dropped.

    Returns:
        How many are due again.
    """
    if keys is None:
        query = "UPDATE vectors SET encoded = 0 WHERE kind = ? AND encoded = 1"
        return connection.execute(query, (kind,)).rowcount
    given = (kind, as_json(keys))
    connection.execute(
        f"DELETE FROM vectors WHERE kind = ? AND key IN ({_KEYS}) AND NOT EXISTS (SELECT 1 FROM chunks "
        "WHERE vector_key = vectors.key AND rowid >= ? AND rowid < ?)",
        (*given, *row_range(kind)),
    )
    return connection.execute(
        f"UPDATE vectors SET encoded = 0 WHERE kind = ? AND key IN ({_KEYS})", given
    ).rowcount


def previous_keys(connection: sqlite3.Connection, kind: Kind, limit: int) -> dict[str, str]:
    """Of live chunks that had another model's vector: to the key of theirs now, that of the one before.

    The oldest come first: they are encoded last.
    """
    query = (
        "SELECT c.vector_key, c.previous_key FROM chunks c INDEXED BY chunks_previous_key "
        f"WHERE c.previous_key IS NOT NULL AND c.rowid >= ? AND c.rowid < ? AND {_LIVE_ANYWHERE} "
        "ORDER BY c.rowid LIMIT ?"
    )
    return dict(connection.execute(query, (*row_range(kind), limit)).fetchall())


def forget_previous(connection: sqlite3.Connection, kind: Kind) -> None:
    """Note that the vectors of earlier models are needed no more."""
    connection.execute(
        "UPDATE chunks SET previous_key = NULL WHERE previous_key IS NOT NULL AND rowid >= ? AND rowid < ?",
        row_range(kind),
    )


def encoded_keys(connection: sqlite3.Connection, kind: Kind) -> set[str]:
    """Vectors the vector store should have."""
    query = "SELECT key FROM vectors WHERE kind = ? AND encoded = 1"
    return {key for (key,) in connection.execute(query, (kind,))}


def unreferenced_keys(connection: sqlite3.Connection, kind: Kind, limit: int) -> list[str]:
    """Vectors no chunk names any more, live or kept."""
    query = (
        "SELECT v.key FROM vectors v WHERE v.kind = ? "
        "AND NOT EXISTS (SELECT 1 FROM chunks WHERE vector_key = v.key AND rowid >= ? AND rowid < ?) LIMIT ?"
    )
    return [key for (key,) in connection.execute(query, (kind, *row_range(kind), limit))]


def _meta(connection: sqlite3.Connection, name: str) -> str | None:
    found = connection.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
    return found[0] if found else None


def _set_meta(connection: sqlite3.Connection, name: str, value: str) -> None:
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))


def fingerprint(connection: sqlite3.Connection, kind: Kind) -> str | None:
    """Of the encoder that the kind's vector keys are made for."""
    return _meta(connection, f"fingerprint:{kind}")


def start_rekey(connection: sqlite3.Connection, kind: Kind, new_fingerprint: str) -> None:
    """Note the encoder to use from now on; a different one makes every key of the kind due."""
    if fingerprint(connection, kind) == new_fingerprint:
        return
    first, end = row_range(kind)
    _set_meta(connection, f"fingerprint:{kind}", new_fingerprint)
    (newest,) = connection.execute(
        "SELECT max(rowid) FROM chunks WHERE rowid >= ? AND rowid < ?", (first, end)
    ).fetchone()
    _set_meta(connection, f"rekey:{kind}", f"{first - 1}:{newest or first - 1}")


def rekey_batch(connection: sqlite3.Connection, kind: Kind, vector_key: VectorKey, batch: int) -> bool:
    """Give the next chunks their new key; False when none are left.

    The old key stays beside it until it is forgotten: its vector may answer meanwhile.
    """
    done, _, newest = (_meta(connection, f"rekey:{kind}") or "0:0").partition(":")
    query = (
        f"SELECT {CHUNK_COLUMNS} FROM chunks c WHERE c.rowid > ? AND c.rowid <= ? ORDER BY c.rowid LIMIT ?"
    )
    rows = connection.execute(query, (int(done), int(newest), batch)).fetchall()
    if not rows:
        return False
    _change_keys(connection, kind, [(vector_key(load_chunk(row)), row[0]) for row in rows])
    _set_meta(connection, f"rekey:{kind}", f"{rows[-1][0]}:{newest}")
    return True


def _change_keys(connection: sqlite3.Connection, kind: Kind, keyed: Collection[tuple[str, int]]) -> None:
    # Only a key that has its vector is worth keeping; and the model of an older one has read more.
    connection.executemany(
        f"UPDATE chunks SET previous_key = CASE WHEN previous_key IS NULL AND {_ENCODED} "
        "THEN vector_key ELSE previous_key END, "
        "vector_key = ? WHERE rowid = ? AND vector_key <> ?",
        ((kind, key, rowid, key) for key, rowid in keyed),
    )
    connection.executemany(
        "INSERT OR IGNORE INTO vectors (kind, key) VALUES (?, ?)", ((kind, key) for key, _ in keyed)
    )
    # Back to an encoder used before: its vectors may be there still.
    connection.execute(
        f"UPDATE chunks SET previous_key = NULL WHERE rowid IN ({_KEYS}) AND previous_key IS NOT NULL "
        f"AND {_ENCODED}",
        (as_json(rowid for _, rowid in keyed), kind),
    )


def encoding_progress(connection: sqlite3.Connection) -> tuple[int, int]:
    """How many vectors that a live chunk of any checkout names are there, and how many it names in all."""
    query = (
        "SELECT count(*), coalesce(sum(v.encoded), 0) FROM vectors v WHERE v.kind = ? "
        "AND EXISTS (SELECT 1 FROM chunks c WHERE c.vector_key = v.key AND c.rowid >= ? AND c.rowid < ? "
        f"AND {_LIVE_ANYWHERE})"
    )
    counted = [connection.execute(query, (kind, *row_range(kind))).fetchone() for kind in KINDS]
    return sum(there for _, there in counted), sum(total for total, _ in counted)


def encoding_counts(
    connection: sqlite3.Connection, checkout: int, is_reachable: Callable[[int], bool]
) -> dict[Kind, tuple[int, int]]:
    """How many vectors of one checkout's chunks are there, and how many are waited for, by kind.

    Args:
        connection: To the catalog.
        checkout: Whose files count.
        is_reachable: Whether a commit, by its row, is in the checkout's history.
    """
    kinds = " ".join(f"WHEN {number} THEN '{kind}'" for number, kind in enumerate(KINDS, start=1))
    query = (
        f"SELECT p.chunk >> {KIND_SHIFT}, count(DISTINCT c.vector_key), "
        "count(DISTINCT CASE WHEN v.encoded = 1 THEN v.key END) FROM files f "
        "JOIN placements p ON p.parsed_id = f.parsed_id JOIN chunks c ON c.rowid = p.chunk "
        f"LEFT JOIN vectors v ON v.kind = CASE p.chunk >> {KIND_SHIFT} {kinds} END AND v.key = c.vector_key "
        "WHERE f.checkout = ? GROUP BY 1"
    )
    counts = dict.fromkeys(KINDS, (0, 0))
    for number, total, there in connection.execute(query, (checkout,)):
        counts[KINDS[number - 1]] = there, total - there
    query = (
        "SELECT c.commit_id, c.vector_key, v.encoded FROM chunks c "
        "LEFT JOIN vectors v ON v.kind = ? AND v.key = c.vector_key WHERE c.commit_id IS NOT NULL"
    )
    found = connection.execute(query, (Kind.COMMIT,))
    of_commits = {key: encoded == 1 for commit, key, encoded in found if is_reachable(commit)}
    counts[Kind.COMMIT] = sum(of_commits.values()), len(of_commits) - sum(of_commits.values())
    return counts

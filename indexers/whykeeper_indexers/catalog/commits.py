"""Commits: stored once for all checkouts, with a bitmap per head of what it reaches.

A head's bitmap has one bit per commit row: 20,000 commits take 2.5 KB. Moving a checkout to
a head that was seen before, or that another worktree is on, writes one row.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from whykeeper_indexers.catalog.chunk_rows import DraftChunk, as_json, insert_chunks, remove_chunks
from whykeeper_indexers.catalog.records import clean
from whykeeper_indexers.types import CommitRecord

__all__ = [
    "COMMIT_COLUMNS",
    "Reachable",
    "commit_by_prefix",
    "commits_touching",
    "forget_head",
    "insert_commits",
    "known_commits",
    "load_commit",
    "reachable_from",
    "set_head",
    "sweep_commits",
]

COMMIT_COLUMNS: Final = "m.sha, m.subject, m.body, m.author, m.authored_at, m.parents, m.files, m.renames"
"""What ``load_commit`` reads, from ``commits AS m``, in this order."""

SHORTEST_PREFIX: Final = 4
_HEX: Final = frozenset("0123456789abcdef")


class Reachable:
    """The commits a head reaches.

    Args:
        bits: One bit per commit row, the lowest first.
    """

    __slots__ = ("bits",)

    def __init__(self, bits: bytes = b"") -> None:
        self.bits = bits

    def __contains__(self, commit_id: int) -> bool:
        byte = commit_id >> 3
        return byte < len(self.bits) and bool(self.bits[byte] >> (commit_id & 7) & 1)

    def __len__(self) -> int:
        return int.from_bytes(self.bits, "little").bit_count()

    @classmethod
    def of(cls, commit_ids: Iterable[int]) -> Reachable:
        """The set of these rows."""
        ids = list(commit_ids)
        bits = bytearray((max(ids, default=0) >> 3) + 1)
        for each in ids:
            bits[each >> 3] |= 1 << (each & 7)
        return cls(bytes(bits))

    def __or__(self, other: Reachable) -> Reachable:
        both = int.from_bytes(self.bits, "little") | int.from_bytes(other.bits, "little")
        return Reachable(both.to_bytes((both.bit_length() + 7) // 8, "little"))


def load_commit(row: tuple[Any, ...]) -> CommitRecord:
    """The commit of a row of ``COMMIT_COLUMNS``; what follows those is not looked at."""
    sha, subject, body, author, authored_at, parents, files, renames = row[:8]
    return CommitRecord(
        sha=sha,
        subject=subject,
        body=body,
        author=author,
        authored_at=authored_at,
        parents=tuple(json.loads(parents)),
        files=tuple(json.loads(files)),
        renames=json.loads(renames),
    )


def known_commits(connection: sqlite3.Connection) -> frozenset[str]:
    """The hashes of all stored commits."""
    return frozenset(sha for (sha,) in connection.execute("SELECT sha FROM commits"))


def insert_commits(
    connection: sqlite3.Connection, commits: Sequence[tuple[CommitRecord, tuple[DraftChunk, ...]]]
) -> int:
    """Store the commits that are not stored yet; returns how many chunks are new."""
    ids: dict[str, int] = {}
    for commit, _ in commits:
        inserted = connection.execute(
            "INSERT OR IGNORE INTO commits (sha, subject, body, author, authored_at, parents, files, "
            "renames) VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
            _commit_row(commit),
        ).fetchall()
        if not inserted:
            continue
        ids[commit.sha] = inserted[0][0]
        paths = {clean(path) for path in (*commit.files, *commit.renames.values())}
        connection.executemany(
            "INSERT INTO commit_paths VALUES (?, ?)", ((path, ids[commit.sha]) for path in sorted(paths))
        )
    new = (chunk for commit, chunks in commits if commit.sha in ids for chunk in chunks)
    return insert_chunks(connection, new, ids)[1]


def _commit_row(commit: CommitRecord) -> tuple[Any, ...]:
    return (
        commit.sha,
        clean(commit.subject),
        clean(commit.body),
        clean(commit.author),
        commit.authored_at,
        json.dumps(commit.parents),
        json.dumps(commit.files),
        json.dumps(dict(commit.renames)),
    )


def forget_head(connection: sqlite3.Connection, checkout: int) -> None:
    """Leave a checkout without a history."""
    connection.execute(
        "UPDATE checkouts SET head = NULL, generation = generation + 1 WHERE id = ? AND head IS NOT NULL",
        (checkout,),
    )


def set_head(
    connection: sqlite3.Connection,
    checkout: int,
    head: str,
    reachable: Iterable[str] | None = None,
    *,
    anew: bool = False,
) -> bool:
    """Say which commit a checkout is on.

    Args:
        connection: In a write transaction.
        checkout: Whose head.
        head: Full hash.
        reachable: Hashes it reaches, where the caller knows; otherwise the stored parents
            are followed.
        anew: Follow them even if that was done for this head before.

    Returns:
        False when the head is unknown: its commits are to be applied first.
    """
    if reachable is not None:
        _store_head(connection, head, _rows_of(connection, reachable))
    elif anew or not connection.execute("SELECT 1 FROM heads WHERE sha = ?", (head,)).fetchone():
        found = _follow(connection, head)
        if found is None:
            return False
        _store_head(connection, head, found)
    connection.execute("UPDATE heads SET used_at = ? WHERE sha = ?", (time.time(), head))
    connection.execute(
        "UPDATE checkouts SET head = ?, generation = generation + 1 WHERE id = ?", (head, checkout)
    )
    return True


def _store_head(connection: sqlite3.Connection, head: str, reachable: Reachable) -> None:
    connection.execute("INSERT OR REPLACE INTO heads VALUES (?, ?, ?)", (head, reachable.bits, time.time()))


def _rows_of(connection: sqlite3.Connection, hashes: Iterable[str]) -> Reachable:
    query = "SELECT m.id FROM json_each(?) j CROSS JOIN commits m ON m.sha = j.value"
    return Reachable.of(row for (row,) in connection.execute(query, (as_json(hashes),)))


def _parents(connection: sqlite3.Connection, sha: str) -> tuple[int, list[str]] | None:
    found = connection.execute("SELECT id, parents FROM commits WHERE sha = ?", (sha,)).fetchone()
    return (found[0], json.loads(found[1])) if found else None


def _follow(connection: sqlite3.Connection, head: str) -> Reachable | None:
    """Walk from a head to its ancestors; another head met on the way stands for all of its own."""
    if _parents(connection, head) is None:
        return None
    rows: list[int] = []
    seen, waiting = {head}, deque([head])
    inherited = Reachable()
    while waiting:
        sha = waiting.popleft()
        stored = connection.execute(
            "SELECT reachable FROM heads WHERE sha = ? AND sha <> ?", (sha, head)
        ).fetchone()
        if stored:
            inherited |= Reachable(stored[0])
            continue
        found = _parents(connection, sha)
        if found is None or found[0] in inherited:
            continue
        rows.append(found[0])
        waiting.extend(parent for parent in found[1] if parent not in seen)
        seen.update(found[1])
    return Reachable.of(rows) | inherited


def reachable_from(connection: sqlite3.Connection, checkout: int) -> Reachable:
    """The commits that are live in a checkout."""
    query = "SELECT h.reachable FROM checkouts c JOIN heads h ON h.sha = c.head WHERE c.id = ?"
    found = connection.execute(query, (checkout,)).fetchone()
    return Reachable(found[0]) if found else Reachable()


def commit_by_prefix(connection: sqlite3.Connection, prefix: str) -> CommitRecord | None:
    """The one commit whose hash begins so; None when there is none or more than one."""
    folded = prefix.strip().lower()
    if len(folded) < SHORTEST_PREFIX or not _HEX.issuperset(folded):
        return None
    query = f"SELECT {COMMIT_COLUMNS} FROM commits m WHERE m.sha >= ? AND m.sha < ? LIMIT 2"
    found = connection.execute(query, (folded, folded + "g")).fetchall()
    return load_commit(found[0]) if len(found) == 1 else None


def commits_touching(
    connection: sqlite3.Connection, checkout: int, path: str, limit: int
) -> list[CommitRecord]:
    """Commits live in a checkout that touched a path, under this name or an older one, newest first."""
    live = reachable_from(connection, checkout)
    found: dict[str, tuple[int, CommitRecord]] = {}
    names, seen = deque([clean(path)]), {clean(path)}
    while names:
        for commit in _touching(connection, live, names.popleft()):
            found[commit.sha] = (commit.authored_at, commit)
            older = {old for new, old in commit.renames.items() if new in seen} - seen
            seen |= older
            names.extend(sorted(older))
    newest = sorted(found.values(), key=lambda pair: (-pair[0], pair[1].sha))
    return [commit for _, commit in newest[:limit]]


def _touching(connection: sqlite3.Connection, live: Reachable, path: str) -> Iterator[CommitRecord]:
    query = (
        f"SELECT {COMMIT_COLUMNS}, m.id FROM commit_paths p JOIN commits m ON m.id = p.commit_id "
        "WHERE p.path = ?"
    )
    for row in connection.execute(query, (path,)).fetchall():
        if row[-1] in live:
            yield load_commit(row)


def sweep_commits(connection: sqlite3.Connection, older_than: float) -> tuple[int, int]:
    """Drop heads no checkout is on and was on lately, then commits no head reaches.

    Returns:
        Commits and chunks removed.
    """
    connection.execute(
        "DELETE FROM heads WHERE used_at < ? "
        "AND sha NOT IN (SELECT head FROM checkouts WHERE head IS NOT NULL)",
        (older_than,),
    )
    kept = Reachable()
    for (bits,) in connection.execute("SELECT reachable FROM heads"):
        kept |= Reachable(bits)
    doomed = [row for (row,) in connection.execute("SELECT id FROM commits") if row not in kept]
    gone = as_json(doomed)
    query = "SELECT rowid FROM chunks WHERE commit_id IN (SELECT value FROM json_each(?))"
    chunks = remove_chunks(connection, [row for (row,) in connection.execute(query, (gone,))])
    connection.execute(
        "DELETE FROM commit_paths WHERE commit_id IN (SELECT value FROM json_each(?))", (gone,)
    )
    connection.execute("DELETE FROM commits WHERE id IN (SELECT value FROM json_each(?))", (gone,))
    return len(doomed), chunks

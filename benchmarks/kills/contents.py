"""What an index holds, read from its files, so that two can be compared."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass, fields
from pathlib import Path

from benchmarks.sandbox import BenchmarkError
from whykeeper_indexers.vectors import VectorStore

__all__ = ["Contents", "contents_of", "differences"]

_FILES = (
    "SELECT f.path, f.digest, coalesce(d.kind, ''), coalesce(f.reason, '') "
    "FROM files f LEFT JOIN parsed d ON d.id = f.parsed_id"
)
_PASSAGES = (
    "SELECT c.id, f.path, p.first_line, p.last_line FROM files f "
    "JOIN placements p ON p.parsed_id = f.parsed_id JOIN chunks c ON c.rowid = p.chunk"
)
_COMMITS = "SELECT c.id, m.sha FROM chunks c JOIN commits m ON m.id = c.commit_id"
_KEYS = (
    "SELECT c.vector_key FROM files f JOIN placements p ON p.parsed_id = f.parsed_id "
    "JOIN chunks c ON c.rowid = p.chunk UNION SELECT vector_key FROM chunks WHERE commit_id IS NOT NULL"
)


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything that can be found, by identity.

    Attributes:
        files: Path, digest, kind, and the reason it was left out for.
        passages: Id, path, first and last line.
        commits: Id and hash.
        unencoded: Vector keys of the above that the vector store does not have.
    """

    files: frozenset[tuple[object, ...]]
    passages: frozenset[tuple[object, ...]]
    commits: frozenset[tuple[object, ...]]
    unencoded: frozenset[tuple[object, ...]]


def contents_of(data: Path) -> Contents:
    """Read the index of the one repository in a data folder, whose daemon has ended.

    Raises:
        BenchmarkError: There is none, or more than one, or its database is damaged.
    """
    folders = list((data / "repositories").iterdir())
    if len(folders) != 1:
        raise BenchmarkError(f"{len(folders)} repositories where one was expected")
    with closing(sqlite3.connect(folders[0] / "catalog" / "catalog.sqlite3")) as connection:
        (said,) = connection.execute("PRAGMA integrity_check").fetchone()
        if said != "ok":
            raise BenchmarkError(f"the catalog is damaged: {said}")
        files, passages, commits, keys = (
            frozenset(connection.execute(query)) for query in (_FILES, _PASSAGES, _COMMITS, _KEYS)
        )
    store = VectorStore.open(folders[0] / "vectors")
    try:
        stored = {(key,) for space in store.spaces() for key in store.keys(space)}
    finally:
        store.close()
    return Contents(files, passages, commits, frozenset(keys - stored))


def differences(one: Contents, other: Contents) -> dict[str, int]:
    """How many things of each sort only one of two indexes has; empty when they are alike."""
    found = {
        field.name: len(getattr(one, field.name) ^ getattr(other, field.name)) for field in fields(Contents)
    }
    return {name: number for name, number in found.items() if number}

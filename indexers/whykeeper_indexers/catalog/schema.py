"""The catalog's tables, as migrations in order.

    checkouts ──< files >── parsed ──< placements >── chunks ── words_prose | words_code | words_commits
        │                                               │  └── vectors
        └── head: heads (reachable commits, a bitmap) ──┴── commits ──< commit_paths

A chunk is stored once for as long as any parsed content has it, whatever version of the
file that is: an edit adds the passages it changed and no others. A chunk's row id carries
its kind in the high bits, so that a kind is a range of row ids.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Final

from whykeeper_indexers.catalog.link_tables import CREATE_DEFINED, CREATE_LINKS
from whykeeper_indexers.catalog.relations import CREATE_RELATIONS, note_relations
from whykeeper_indexers.catalog.words import COLUMNS, TOKENIZER
from whykeeper_indexers.errors import UserError
from whykeeper_indexers.types import Kind

__all__ = [
    "KINDS",
    "KIND_SHIFT",
    "SCHEMA_VERSION",
    "WORD_TABLES",
    "create_word_tables",
    "kind_of",
    "migrate",
    "row_range",
    "word_table",
]

KINDS: Final = (Kind.DECISION, Kind.CONVENTION, Kind.DOCUMENT, Kind.PLAN, Kind.CODE, Kind.COMMIT)
"""A kind's number in the database is its place here plus one. Append only."""

KIND_SHIFT: Final = 40
"""Room for 2**40 chunks of a kind below the kind's number, within SQLite's 63 bits."""

WORD_TABLES: Final = ("words_prose", "words_code", "words_commits")
"""Apart, because a word's rarity differs between them, and because the time of a ranked
full-text query grows with everything that shares its words."""

_NUMBERS: Final = {kind: number for number, kind in enumerate(KINDS, start=1)}


def row_range(kind: Kind) -> tuple[int, int]:
    """The first row id of a kind, and the first past its last."""
    number = _NUMBERS[kind]
    return number << KIND_SHIFT, (number + 1) << KIND_SHIFT


def kind_of(rowid: int) -> Kind:
    """The kind a chunk's row id carries."""
    return KINDS[(rowid >> KIND_SHIFT) - 1]


def word_table(kind: Kind) -> str:
    """The full-text table that holds a kind."""
    if kind is Kind.CODE:
        return "words_code"
    return "words_commits" if kind is Kind.COMMIT else "words_prose"


def create_word_tables(connection: sqlite3.Connection) -> None:
    """Create the full-text tables, empty.

    They are contentless: the text is stored in ``chunks`` alone. SQLite before 3.43 deletes
    from such a table only when told the words again, which ``words_row`` can always do.
    """
    columns = ", ".join(COLUMNS)
    for table in WORD_TABLES:
        connection.execute(f"DROP TABLE IF EXISTS {table}")
        connection.execute(
            f"CREATE VIRTUAL TABLE {table} USING fts5({columns}, content='', tokenize=\"{TOKENIZER}\")"
        )


_M001: Final = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE checkouts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    root TEXT NOT NULL UNIQUE,
    head TEXT,
    scanned_at REAL,
    generation INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE parsed (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    path TEXT NOT NULL,
    digest TEXT NOT NULL,
    chunker_version INTEGER NOT NULL,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    language TEXT,
    decision TEXT,
    convention TEXT,
    service_folder TEXT,
    notes TEXT,
    redactions TEXT,
    unreferenced_at REAL,
    UNIQUE (path, digest, chunker_version)
);
CREATE INDEX parsed_unreferenced ON parsed (unreferenced_at) WHERE unreferenced_at IS NOT NULL;

CREATE TABLE files (
    checkout INTEGER NOT NULL,
    path TEXT NOT NULL,
    size INTEGER,
    mtime_ns INTEGER,
    inode INTEGER,
    digest TEXT NOT NULL DEFAULT '',
    parsed_id INTEGER,
    reason TEXT,
    detail TEXT,
    PRIMARY KEY (checkout, path)
) WITHOUT ROWID;
CREATE INDEX files_parsed ON files (parsed_id, checkout);

CREATE TABLE chunks (
    rowid INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    path TEXT,
    commit_id INTEGER,
    breadcrumb TEXT,
    symbol TEXT,
    symbol_name TEXT COLLATE NOCASE,
    signature TEXT,
    docstring TEXT,
    language TEXT,
    part INTEGER NOT NULL,
    vector_key TEXT NOT NULL,
    previous_key TEXT
);
CREATE INDEX chunks_vector_key ON chunks (vector_key);
CREATE INDEX chunks_previous_key ON chunks (previous_key) WHERE previous_key IS NOT NULL;
CREATE INDEX chunks_symbol_name ON chunks (symbol_name) WHERE symbol_name IS NOT NULL;
CREATE INDEX chunks_commit ON chunks (commit_id) WHERE commit_id IS NOT NULL;
CREATE TABLE counters (kind TEXT PRIMARY KEY, next_row INTEGER NOT NULL) WITHOUT ROWID;

CREATE TABLE placements (
    parsed_id INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    chunk INTEGER NOT NULL,
    first_line INTEGER,
    last_line INTEGER,
    PRIMARY KEY (parsed_id, ordinal)
) WITHOUT ROWID;
CREATE INDEX placements_chunk ON placements (chunk, parsed_id);

CREATE TABLE vectors (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    encoded INTEGER NOT NULL DEFAULT 0,
    UNIQUE (kind, key)
);
CREATE INDEX vectors_waiting ON vectors (kind, id) WHERE encoded = 0;

CREATE TABLE commits (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    sha TEXT NOT NULL UNIQUE,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    author TEXT NOT NULL,
    authored_at INTEGER NOT NULL,
    parents TEXT NOT NULL,
    files TEXT NOT NULL,
    renames TEXT NOT NULL
);
CREATE TABLE commit_paths (
    path TEXT NOT NULL,
    commit_id INTEGER NOT NULL,
    PRIMARY KEY (path, commit_id)
) WITHOUT ROWID;
CREATE TABLE heads (sha TEXT PRIMARY KEY, reachable BLOB NOT NULL, used_at REAL NOT NULL) WITHOUT ROWID;
"""


def _execute_all(connection: sqlite3.Connection, script: str) -> None:
    # executescript() would commit the transaction that makes a migration atomic.
    for statement in script.split(";\n"):
        if statement.strip():
            connection.execute(statement)


def m001_initial(connection: sqlite3.Connection) -> None:
    """Everything the first release stores."""
    _execute_all(connection, _M001)
    create_word_tables(connection)


def m002_decisions(connection: sqlite3.Connection) -> None:
    """Decision records are found without going through everything else."""
    connection.execute("CREATE INDEX parsed_decisions ON parsed (id) WHERE decision IS NOT NULL")


def m003_relations(connection: sqlite3.Connection) -> None:
    """What decisions are to one another, and what they say part by part."""
    # A table of successors alone was there before.
    connection.execute("DROP TABLE IF EXISTS successors")
    connection.execute("ALTER TABLE parsed ADD COLUMN decision_content TEXT")
    _execute_all(connection, CREATE_RELATIONS)
    for (checkout,) in connection.execute("SELECT id FROM checkouts").fetchall():
        note_relations(connection, checkout)


def m004_links(connection: sqlite3.Connection) -> None:
    """What documents name, and whether they still hold."""
    _execute_all(connection, CREATE_LINKS)


def m005_defined(connection: sqlite3.Connection) -> None:
    """What code defines, name by name."""
    _execute_all(connection, CREATE_DEFINED)


_MIGRATIONS: Final[tuple[Callable[[sqlite3.Connection], None], ...]] = (
    m001_initial,
    m002_decisions,
    m003_relations,
    m004_links,
    m005_defined,
)

SCHEMA_VERSION: Final = len(_MIGRATIONS)


def migrate(connection: sqlite3.Connection) -> None:
    """Bring a database to this version's schema; each step is one transaction.

    Raises:
        UserError: The database was written by a newer version.
    """
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > SCHEMA_VERSION:
        raise UserError(
            f"the index has schema version {version}, this whykeeper knows {SCHEMA_VERSION}",
            "update whykeeper, or run `whykeeper purge` to build the index anew",
        )
    for number in range(version, SCHEMA_VERSION):
        connection.execute("BEGIN IMMEDIATE")
        with connection:
            _MIGRATIONS[number](connection)
            connection.execute(f"PRAGMA user_version = {number + 1}")

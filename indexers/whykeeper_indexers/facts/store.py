"""Where facts are kept: one SQLite file for each repository, derived and deletable.

A file's contents decide what it says, so that a branch switch, an older commit or another worktree costs
nothing that has been read before. The daemon writes it and the verifying process reads it.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter

from whykeeper_indexers.errors import StorageError
from whykeeper_indexers.facts.types import FACTS_VERSION, FileFacts

__all__ = ["FactStore"]

MOST_KEPT: Final = 200_000
"""Files; those that nobody has asked for the longest go first."""
MOST_SHARING: Final = 1_500
"""Functions that have a hash: one that more of them have is how a language is written."""
_AT_ONCE: Final = 500
_DAY_S: Final = 24 * 3600.0
_FACTS: Final = TypeAdapter(FileFacts)


class FactStore:
    """Facts by the hash of what they were read from.

    Args:
        file: Made when it is missing; None keeps them in memory.
    """

    def __init__(self, file: Path | None) -> None:
        self.file = file
        self.filled: dict[Path, str] = {}
        """To a checkout the commit at which facts of all its files were kept by this process."""
        self._lock = threading.RLock()
        try:
            self._connection = self._open(file)
        except sqlite3.DatabaseError as error:
            # Derived: what cannot be read is made again; a file that is merely locked is whole.
            if file is None or isinstance(error, sqlite3.OperationalError):
                raise StorageError(f"what code says cannot be kept: {error}", "free some room") from error
            file.unlink(missing_ok=True)
            self._connection = self._open(file)

    def _open(self, file: Path | None) -> sqlite3.Connection:
        connection = sqlite3.connect(file or ":memory:", check_same_thread=False, isolation_level=None)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version != FACTS_VERSION:
            connection.execute("DROP TABLE IF EXISTS sketches")
            connection.execute("DROP TABLE IF EXISTS facts")
            connection.execute(f"PRAGMA user_version = {FACTS_VERSION:d}")
        connection.execute(
            "CREATE TABLE IF NOT EXISTS facts "
            "(id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, data BLOB NOT NULL, used_at REAL NOT NULL)"
        )
        connection.execute(
            "CREATE TABLE IF NOT EXISTS sketches (hash INTEGER NOT NULL, "
            "file INTEGER NOT NULL REFERENCES facts (id) ON DELETE CASCADE, number INTEGER NOT NULL, "
            "PRIMARY KEY (hash, file, number)) WITHOUT ROWID"
        )
        connection.execute("CREATE INDEX IF NOT EXISTS sketches_by_file ON sketches (file)")
        return connection

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    def known(self, keys: Iterable[str]) -> set[str]:
        """Which of some keys there are facts for."""
        return {key for (key,) in self._asked("SELECT key FROM facts WHERE key IN ({})", list(keys))}

    def get(self, keys: Iterable[str]) -> dict[str, FileFacts]:
        """Facts by key, as far as they are known."""
        asked = list(keys)
        rows = self._asked("SELECT key, data FROM facts WHERE key IN ({})", asked)
        self._used([key for key, _ in rows])
        return {key: _FACTS.validate_json(data) for key, data in rows}

    def put(self, facts: Mapping[str, FileFacts]) -> None:
        """Keep facts.

        Raises:
            StorageError: They cannot be written.
        """
        now = time.time()
        with self._lock:
            try:
                self._connection.execute("BEGIN")
                for key, each in facts.items():
                    self._keep(key, each, now)
                self._connection.execute("COMMIT")
            except sqlite3.Error as error:
                self._connection.rollback()
                raise StorageError(f"what code says cannot be kept: {error}", "free some room") from error

    def _keep(self, key: str, facts: FileFacts, now: float) -> None:
        self._connection.execute("DELETE FROM facts WHERE key = ?", (key,))
        kept = self._connection.execute(
            "INSERT INTO facts (key, data, used_at) VALUES (?, ?, ?)", (key, _FACTS.dump_json(facts), now)
        )
        self._connection.executemany(
            "INSERT OR IGNORE INTO sketches VALUES (?, ?, ?)",
            [
                (each, kept.lastrowid, number)
                for number, function in enumerate(facts.functions)
                for each in (*function.hashes, function.job)
                if each is not None
            ],
        )

    def sharing(self, hashes: Collection[int]) -> list[tuple[str, int, int]]:
        """Functions whose sketch or job is among some numbers; one that very many have tells nothing.

        Returns:
            Key of the file, number of the function in its facts, hash.
        """
        counted = self._asked(
            "SELECT hash, COUNT(*) FROM sketches WHERE hash IN ({}) GROUP BY hash", list(hashes)
        )
        telling = [found for found, count in counted if count <= MOST_SHARING]
        return self._asked(
            "SELECT key, number, hash FROM sketches JOIN facts ON id = file WHERE hash IN ({})", telling
        )

    def tidy(self) -> None:
        """Let go of what has not been used for the longest, beyond what is kept."""
        with self._lock:
            self._connection.execute(
                "DELETE FROM facts WHERE key IN "
                "(SELECT key FROM facts ORDER BY used_at DESC LIMIT -1 OFFSET ?)",
                (MOST_KEPT,),
            )

    def _used(self, keys: Sequence[str]) -> None:
        now = time.time()
        with self._lock:
            for at in range(0, len(keys), _AT_ONCE):
                some = keys[at : at + _AT_ONCE]
                marks = ", ".join("?" * len(some))
                self._connection.execute(
                    f"UPDATE facts SET used_at = ? WHERE used_at < ? AND key IN ({marks})",
                    (now, now - _DAY_S, *some),
                )

    def _asked(self, query: str, keys: Sequence[object]) -> list[tuple[Any, ...]]:
        rows: list[tuple[Any, ...]] = []
        with self._lock:
            for at in range(0, len(keys), _AT_ONCE):
                some = keys[at : at + _AT_ONCE]
                rows += self._connection.execute(query.format(", ".join("?" * len(some))), some).fetchall()
        return rows

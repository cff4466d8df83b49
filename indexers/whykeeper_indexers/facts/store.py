"""Where facts are kept: one SQLite file for each repository, derived and deletable.

A file's contents decide what it says, so that a branch switch, an older commit or another worktree costs
nothing that has been read before. Other processes never open it; threads of one take turns.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter

from whykeeper_indexers.errors import StorageError
from whykeeper_indexers.facts.types import FACTS_VERSION, FileFacts

__all__ = ["FactStore"]

MOST_KEPT: Final = 200_000
"""Files; those that nobody has asked for the longest go first."""
_AT_ONCE: Final = 500
_DAY_S: Final = 24 * 3600.0
_FACTS: Final = TypeAdapter(FileFacts)


class FactStore:
    """Facts by the hash of what they were read from.

    Args:
        file: Made when it is missing; None keeps them in memory.
    """

    def __init__(self, file: Path | None) -> None:
        self._lock = threading.RLock()
        try:
            self._connection = self._open(file)
        except sqlite3.DatabaseError:
            # Derived: what cannot be read is made again.
            if file is None:
                raise
            file.unlink(missing_ok=True)
            self._connection = self._open(file)

    def _open(self, file: Path | None) -> sqlite3.Connection:
        connection = sqlite3.connect(file or ":memory:", check_same_thread=False, isolation_level=None)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version != FACTS_VERSION:
            connection.execute("DROP TABLE IF EXISTS facts")
            connection.execute(f"PRAGMA user_version = {FACTS_VERSION:d}")
        connection.execute(
            "CREATE TABLE IF NOT EXISTS facts "
            "(key TEXT PRIMARY KEY, data BLOB NOT NULL, used_at REAL NOT NULL) WITHOUT ROWID"
        )
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
        rows = [(key, _FACTS.dump_json(each), now) for key, each in facts.items()]
        with self._lock:
            try:
                self._connection.execute("BEGIN")
                self._connection.executemany("INSERT OR REPLACE INTO facts VALUES (?, ?, ?)", rows)
                self._connection.execute("COMMIT")
            except sqlite3.Error as error:
                self._connection.rollback()
                raise StorageError(f"what code says cannot be kept: {error}", "free some room") from error

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

    def _asked(self, query: str, keys: Sequence[str]) -> list[tuple[str, ...]]:
        rows: list[tuple[str, ...]] = []
        with self._lock:
            for at in range(0, len(keys), _AT_ONCE):
                some = keys[at : at + _AT_ONCE]
                rows += self._connection.execute(query.format(", ".join("?" * len(some))), some).fetchall()
        return rows

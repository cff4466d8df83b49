"""The SQLite file: one connection that writes, as many as are needed that read.

Write-ahead logging lets readers go on while a write is under way, each in a snapshot of its
own. Every error of SQLite leaves here as one of ours.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from whykeeper_indexers.errors import (
    DamagedStoreError,
    InternalError,
    LockedError,
    StorageError,
    WhykeeperError,
)

__all__ = ["BUSY_TIMEOUT_S", "FILE_NAME", "Database", "put_aside"]

FILE_NAME: Final = "catalog.sqlite3"

_SIDE_FILES: Final = ("-wal", "-shm")
_DAMAGED_KEPT: Final = 2
BUSY_TIMEOUT_S: Final = 10.0
"""How long a writer waits for another process, which should not be there at all."""

_CHECKPOINT_PAGES: Final = 8_000
"""32 MB: a first index writes its upper pages again and again; each is copied once a checkpoint."""
_LOG_KEPT_BYTES: Final = 8_000_000
_READER_CACHE_KIB: Final = 8_192
_WRITER_CACHE_KIB: Final = 32_768
_IDLE_READERS: Final = 4
_OPCODES_BETWEEN_LOOKS_AT_THE_CLOCK: Final = 1_000

_DAMAGED: Final = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_BUSY: Final = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_STORAGE: Final = {
    sqlite3.SQLITE_FULL: ("no room left for the index", "free some disk space"),
    sqlite3.SQLITE_READONLY: ("the index cannot be written: read-only", "make the data folder writable"),
    sqlite3.SQLITE_CANTOPEN: ("the index cannot be opened", "check the permissions of the data folder"),
    sqlite3.SQLITE_PERM: ("no permission to write the index", "make the data folder writable"),
    sqlite3.SQLITE_IOERR: ("the disk failed while reading or writing the index", "check the disk"),
}


def _translated(error: sqlite3.Error, file: Path) -> WhykeeperError:
    # The low byte is the primary code; the rest says more than a user can act on.
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in _DAMAGED:
        return DamagedStoreError(
            f"the index is damaged ({error}): {file}", "it is rebuilt from the repository"
        )
    if code in _BUSY:
        return LockedError(
            f"another process holds the index: {file}", "end the other whykeeper and try again"
        )
    if code in _STORAGE:
        message, hint = _STORAGE[code]
        return StorageError(f"{message}: {file}", hint)
    return InternalError(f"the index failed ({error}): {file}")


class Database:
    """One catalog file, open.

    Args:
        folder: Where the file is, or is created; made when missing.

    Raises:
        StorageError: The folder cannot be made or written.
        DamagedStoreError: The file is not a database.
    """

    def __init__(self, folder: Path) -> None:
        self.file = folder / FILE_NAME
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StorageError(f"the index folder cannot be made: {folder} ({error.strerror})") from error
        self._writing = threading.RLock()
        self._idle: list[sqlite3.Connection] = []
        self._idle_lock = threading.Lock()
        self._closed = False
        self._local = threading.local()
        self._begun = self._done = 0
        with self._our_errors():
            self._writer = self._connect(_WRITER_CACHE_KIB)
            self._prepare_writer()

    def _connect(self, cache_kib: int) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.file,
            timeout=BUSY_TIMEOUT_S,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=256,
        )
        connection.execute(f"PRAGMA cache_size = -{cache_kib}")
        return connection

    def _prepare_writer(self) -> None:
        try:
            self._writer.execute("PRAGMA journal_mode = WAL")
            self._writer.execute("PRAGMA synchronous = NORMAL")
            self._writer.execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT_PAGES}")
            self._writer.execute(f"PRAGMA journal_size_limit = {_LOG_KEPT_BYTES}")
            # Takes the write lock once, so that a read-only file is noticed now and not at the first change.
            self._writer.execute("BEGIN IMMEDIATE")
            self._writer.execute("ROLLBACK")
        except sqlite3.Error:
            self._writer.close()
            raise

    @contextmanager
    def _our_errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise _translated(error, self.file) from error

    @contextmanager
    def setup(self) -> Iterator[sqlite3.Connection]:
        """The writing connection outside a transaction, for migrations."""
        with self._writing, self._our_errors():
            yield self._writer

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """One transaction: readers see all of it or nothing, and so does the next start."""
        with self._writing, self._our_errors():
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                yield self._writer
                self._begun += 1
                try:
                    self._writer.execute("COMMIT")
                finally:
                    self._done += 1
            except BaseException:
                # SQLite has already rolled back by itself after some errors, a full disk among them.
                with suppress(sqlite3.Error):
                    self._writer.execute("ROLLBACK")
                raise

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """A snapshot: what it yields does not change until it ends. Nests within a thread."""
        current: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if current is not None:
            yield current
            return
        with self._our_errors():
            connection = self._borrow()
            try:
                self._local.version = self._begin(connection)
                self._local.connection = connection
                yield connection
            finally:
                self._local.connection = None
                self._give_back(connection)

    def _begin(self, connection: sqlite3.Connection) -> int | None:
        before = self._done
        connection.execute("BEGIN")
        # The state is that of the first read, not that of BEGIN.
        connection.execute("SELECT 1 FROM sqlite_schema").fetchone()
        return before if before == self._begun else None

    @property
    def version(self) -> int | None:
        """Of the state that this thread reads, within ``read``: another number after every write.

        None where a write ended just when the reading began, so that it may be of either state.
        """
        version: int | None = self._local.version
        return version

    def _borrow(self) -> sqlite3.Connection:
        with self._idle_lock:
            if self._closed:
                raise InternalError(f"the index is closed: {self.file}")
            if self._idle:
                return self._idle.pop()
        connection = self._connect(_READER_CACHE_KIB)
        connection.execute("PRAGMA query_only = ON")
        return connection

    def _give_back(self, connection: sqlite3.Connection) -> None:
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        with self._idle_lock:
            if not self._closed and len(self._idle) < _IDLE_READERS:
                self._idle.append(connection)
                return
        connection.close()

    def release(self) -> None:
        """Give the memory of caches back; they fill again as they are needed."""
        with self._idle_lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()
        with self._writing, self._our_errors():
            self._writer.execute("PRAGMA shrink_memory")

    def quick_check(self, time_limit_s: float) -> bool:
        """Ask SQLite whether the file is consistent.

        Args:
            time_limit_s: Give up after this long. SQLite before 3.41 looks at the clock only
                while it checks rows, not while it walks the pages, which is the faster part.

        Returns:
            True when all of it was checked; False when time ran out before.

        Raises:
            DamagedStoreError: It is not.
        """
        deadline = time.monotonic() + time_limit_s
        with self._our_errors():
            connection = self._connect(_READER_CACHE_KIB)
            try:
                connection.set_progress_handler(
                    lambda: time.monotonic() > deadline, _OPCODES_BETWEEN_LOOKS_AT_THE_CLOCK
                )
                (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
                    return False
                raise
            finally:
                connection.close()
        if found != "ok":
            raise DamagedStoreError(
                f"the index is damaged ({found}): {self.file}", "it is rebuilt from the repository"
            )
        return True

    def close(self) -> None:
        """Close every connection that is not in use; those in use close when given back."""
        with self._idle_lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()
        with self._writing:
            self._writer.close()


def put_aside(folder: Path) -> Path:
    """Move a damaged catalog out of the way, so that a new one can be built.

    The last two are kept for whoever wants to look into them.

    Args:
        folder: The folder given to ``Catalog.open``; no process may have it open.

    Returns:
        Where the database file is now.

    Raises:
        StorageError: It cannot be moved.
    """
    stamp = time.strftime("%Y%m%dT%H%M%S", time.gmtime()) + f"-{time.time_ns() % 1_000_000_000:09d}"
    target = folder / f"catalog.damaged-{stamp}"
    try:
        for suffix in (*_SIDE_FILES, ""):
            source = folder / f"{FILE_NAME}{suffix}"
            if source.exists():
                source.replace(target.with_name(target.name + suffix))
        _forget_older_damage(folder)
    except OSError as error:
        raise StorageError(f"the damaged index cannot be moved: {folder} ({error.strerror})") from error
    return target


def _forget_older_damage(folder: Path) -> None:
    aside = [path for path in folder.glob("catalog.damaged-*") if not path.name.endswith(_SIDE_FILES)]
    for old in sorted(aside)[:-_DAMAGED_KEPT]:
        for suffix in ("", *_SIDE_FILES):
            old.with_name(old.name + suffix).unlink(missing_ok=True)

"""One owner: the lock on a vector store's folder."""

from __future__ import annotations

from pathlib import Path

from filelock import FileLock, Timeout

from whykeeper_indexers.errors import LockedError, StorageError
from whykeeper_indexers.vectors.health import Layout

__all__ = ["acquire", "unwritable"]


def acquire(layout: Layout) -> FileLock:
    """Own a store, and make its folder where there is none.

    Raises:
        LockedError: Another process has it open.
        StorageError: The folder cannot be written.
    """
    # Whoever closes the store is rarely the thread that opened it.
    lock = FileLock(layout.lock, timeout=0, thread_local=False)
    try:
        layout.folder.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as error:
        raise LockedError(
            f"another process has the vectors in {layout.folder} open", "run: whykeeper daemon status"
        ) from error
    except OSError as error:
        raise unwritable(layout.folder, error) from error
    return lock


def unwritable(folder: Path, error: OSError) -> StorageError:
    """What to say of a folder that cannot be written."""
    return StorageError(f"{folder} cannot be written: {error.strerror}", "check its permissions and its disk")

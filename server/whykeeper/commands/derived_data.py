"""What whykeeper keeps in its data folder, and deleting it."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from whykeeper.daemon.oslock import OsLock
from whykeeper_indexers.errors import LockedError, StorageError

__all__ = ["Item", "delete", "everything_derived", "kept_questions", "repository_data"]

_REPOSITORIES = "repositories"
_DERIVED = (_REPOSITORIES, "models")
"""What may be deleted, by name: the folder can be one that a user chose, with other things in it."""

_LOCK = "daemon.lock"
LOCK_WAIT_S = 20.0
_POLL_S = 0.05


@dataclass(frozen=True, slots=True)
class Item:
    """A folder or file, and the bytes in it."""

    path: Path
    size: int


def repository_data(data_dir: Path, checkout: Path) -> list[Item]:
    """Find what was derived from one repository, shared by all its worktrees.

    Raises:
        RepositoryError: It cannot be read.
    """
    from whykeeper_indexers.scan import open_repository

    identity = open_repository(checkout).identity
    folder = data_dir / _REPOSITORIES
    found = folder.glob(f"*-{identity[:12]}*") if folder.is_dir() else ()
    return [Item(path, _size(path)) for path in sorted(found)]


def everything_derived(data_dir: Path) -> list[Item]:
    """Find everything that was derived from any repository."""
    paths = [data_dir / name for name in _DERIVED]
    return [Item(path, _size(path)) for path in paths if path.exists() and not path.is_symlink()]


def kept_questions(data_dir: Path, checkout: Path | None) -> list[Path]:
    """Find the unanswered questions of one repository, or of all, which are not derived from any."""
    from whykeeper.gaps.questions import FOLDER, QuestionStore
    from whykeeper_indexers.scan import open_repository

    if checkout is None:
        return sorted((data_dir / FOLDER).glob("*.sqlite3"))
    file = QuestionStore.of_repository(data_dir, open_repository(checkout)).file
    return [file] if file.exists() else []


def delete(items: Sequence[Item], data_dir: Path) -> None:
    """Delete items below the data folder, while no daemon can open them.

    Raises:
        LockedError: A daemon holds them.
        StorageError: Something lies outside the folder, or cannot be deleted.
    """
    for item in items:
        if not item.path.resolve().is_relative_to(data_dir.resolve()) or item.path.is_symlink():
            raise StorageError(f"{item.path} is not below {data_dir}, so it is not deleted")
    lock = _hold(data_dir)
    try:
        for item in items:
            shutil.rmtree(item.path)
    except OSError as error:
        raise StorageError(f"{error.filename or data_dir} cannot be deleted: {error.strerror}") from error
    finally:
        lock.release()


def _hold(data_dir: Path) -> OsLock:
    """Take the daemon's lock, waiting for one that is on its way out."""
    lock = OsLock(str(data_dir / _LOCK))
    deadline = time.monotonic() + LOCK_WAIT_S
    while not lock.acquire():
        if time.monotonic() > deadline:
            raise LockedError("the daemon still holds the data", "run `whykeeper daemon stop` and try again")
        time.sleep(_POLL_S)
    return lock


def _size(path: Path) -> int:
    """Add up the bytes of a folder; what vanishes meanwhile counts nothing."""
    if not path.is_dir():
        return path.stat().st_size
    total = 0
    for folder, _, names in os.walk(path):
        for name in names:
            try:
                total += (Path(folder) / name).lstat().st_size
            except OSError:
                continue
    return total

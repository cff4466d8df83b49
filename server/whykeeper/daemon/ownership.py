"""Who owns a data folder. Light: the front-end imports this."""

from __future__ import annotations

import os

from whykeeper.daemon.oslock import OsLock
from whykeeper_indexers.errors import LockedError

__all__ = ["ALONE", "holder", "lock_of", "owned_elsewhere", "serves_alone"]

ALONE = "serve --in-process"
"""What an owner of the data folder that has no socket calls itself in the lock file."""


def lock_of(data_dir: str) -> OsLock:
    """Return the lock that makes a process the owner of a data folder; not taken."""
    return OsLock(os.path.join(data_dir, "daemon.lock"))  # noqa: PTH118 -- as light as the pipe


def holder(lock: OsLock) -> str:
    """Say which process took a lock last, for a message; empty when it did not say."""
    try:
        with open(lock.path, encoding="ascii") as file:  # noqa: PTH123 -- likewise
            pid, _, what = file.read(200).strip().partition(" ")
    except (OSError, ValueError):
        return ""
    return f" ({what}, process {pid})" if pid.isdigit() else ""


def serves_alone(data_dir: str) -> bool:
    """Tell whether the owner of a data folder is a process that serves its own client only."""
    lock = lock_of(data_dir)
    if ALONE not in holder(lock):
        return False
    try:
        if not lock.acquire():
            return True
    except OSError:
        return False
    lock.release()
    return False


def owned_elsewhere(data_dir: str) -> LockedError:
    """Return the error for a data folder that another process owns."""
    said = holder(lock_of(data_dir))
    what = "session" if ALONE in said else "process"
    return LockedError(
        f"another whykeeper process{said} owns {data_dir}", f"close that {what}, or set WHYKEEPER_DATA_DIR"
    )

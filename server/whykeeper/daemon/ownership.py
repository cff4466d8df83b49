"""Who owns a data folder. Light: the front-end imports this."""

from __future__ import annotations

import json
import os

from whykeeper.daemon.oslock import OsLock
from whykeeper_indexers.errors import LockedError

__all__ = ["ALONE", "Owner", "lock_of", "owned_elsewhere", "owner", "serving_alone", "write_owner"]

ALONE = "serve --in-process"
"""What an owner of the data folder that has no socket calls itself in the lock file."""
_LONGEST = 50_000


class Owner:
    """The process that took a data folder's lock last, as it says of itself.

    Attributes:
        pid: Its process.
        what: What it is: the daemon, or `ALONE`.
        checkout: Root of the one checkout it serves; None when it serves any, or did not say.
    """

    __slots__ = ("checkout", "pid", "what")

    def __init__(self, pid: int, what: str, checkout: str | None) -> None:
        self.pid = pid
        self.what = what
        self.checkout = checkout

    @property
    def is_alone(self) -> bool:
        """Whether it serves its own client only."""
        return self.what == ALONE

    @property
    def described(self) -> str:
        """What to tell a person of one that serves alone."""
        served = self.checkout or "no checkout"
        return f"process {self.pid} serves {served} alone (`whykeeper {self.what}`) until its client ends it"


def lock_of(data_dir: str) -> OsLock:
    """Return the lock that makes a process the owner of a data folder; not taken."""
    return OsLock(os.path.join(data_dir, "daemon.lock"))  # noqa: PTH118 -- as light as the pipe


def write_owner(lock: OsLock, what: str, checkout: str | None = None) -> None:
    """Say in a lock file which process holds it.

    Args:
        lock: Held by this process.
        what: What this process is.
        checkout: The one checkout it serves.

    Raises:
        OSError: The file cannot be written.
    """
    # The path as JSON: whatever a folder is called, it stays one line of ASCII.
    served = "" if checkout is None else f"{json.dumps(checkout)}\n"
    with open(lock.path, "w", encoding="ascii") as file:  # noqa: PTH123 -- likewise
        file.write(f"{os.getpid()} {what}\n{served}")


def owner(lock: OsLock) -> Owner | None:
    """Return who took a lock last, whether it still holds it or not; None when it did not say."""
    try:
        with open(lock.path, encoding="ascii") as file:  # noqa: PTH123 -- likewise
            first, _, second = file.read(_LONGEST).partition("\n")
        pid, _, what = first.strip().partition(" ")
        checkout = json.loads(second) if second.strip() else None
    except (OSError, ValueError):
        return None
    return Owner(int(pid), what, checkout if isinstance(checkout, str) else None) if pid.isdigit() else None


def serving_alone(data_dir: str) -> Owner | None:
    """Return the owner of a data folder when it is a process that serves its own client only."""
    lock = lock_of(data_dir)
    found = owner(lock)
    if found is None or not found.is_alone:
        return None
    try:
        if not lock.acquire():
            return found
    except OSError:
        return None
    lock.release()
    return None


def owned_elsewhere(data_dir: str) -> LockedError:
    """Return the error for a data folder that another process owns."""
    found = owner(lock_of(data_dir))
    said = f" ({found.what}, process {found.pid})" if found else ""
    remedy = (
        "close that session"
        if found and found.is_alone
        else "close the sessions that use it and run `whykeeper daemon stop`"
    )
    return LockedError(
        f"another whykeeper process{said} owns {data_dir}", f"{remedy}, or set WHYKEEPER_DATA_DIR"
    )

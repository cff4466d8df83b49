"""The errors whykeeper raises on purpose.

A message says what failed; a hint says what to do next. The border (command line, tool
call, control socket) turns them into an exit code, a tool error or a JSON error.

    WhykeeperError
    ├── UserError                 exit code 1: the caller can put it right
    │   ├── ConfigurationError    an unknown key, a value of the wrong kind
    │   ├── RepositoryError       not there, not readable, outside the checkout
    │   ├── QueryError            empty, too long, an unknown kind
    │   ├── NotFoundError         no remembered item has that id
    │   ├── RecordingError        what is to be recorded may not or cannot be written
    │   ├── ModelError            unknown, incomplete, or not the bytes it should be
    │   ├── StorageError          no permission, no room, a read-only data folder
    │   ├── LockedError           another process owns the stores
    │   └── DaemonStoppedError    somebody stopped the daemon while it worked on a request
    └── InternalError             exit code 3: our fault, with the log's place
        ├── WorkerError           a helper process died or answered nonsense
        ├── DaemonError           the daemon could not be started or reached
        │   └── DaemonLostError   it died, or made way for the next one, while it worked on a request
        └── DamagedStoreError     a store failed its health check
"""

from __future__ import annotations

__all__ = [
    "ConfigurationError",
    "DaemonError",
    "DaemonLostError",
    "DaemonStoppedError",
    "DamagedStoreError",
    "InternalError",
    "LockedError",
    "ModelError",
    "NotFoundError",
    "QueryError",
    "RecordingError",
    "RepositoryError",
    "StorageError",
    "UserError",
    "WhykeeperError",
    "WorkerError",
]


class WhykeeperError(Exception):
    """What failed, in one line, and what to do next.

    Args:
        message: One clear line, without a trailing full stop when it ends in a path.
        hint: The next command to run or thing to change; empty when there is none.
    """

    exit_code = 3

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} ({self.hint})" if self.hint else self.message


class UserError(WhykeeperError):
    """Something the caller can put right."""

    exit_code = 1


class ConfigurationError(UserError):
    """An unknown key or a value of the wrong kind."""


class RepositoryError(UserError):
    """A path that is missing, unreadable or outside the checkout."""


class QueryError(UserError):
    """A question that cannot be asked: empty, too long, an unknown kind."""


class NotFoundError(UserError):
    """No remembered item has that id."""


class RecordingError(UserError):
    """What is to be recorded may not or cannot be written: a secret in it, an ignored or read-only place."""


class ModelError(UserError):
    """An embedding model that is unknown, incomplete, or not the bytes it should be."""


class StorageError(UserError):
    """The data folder cannot be written: permission, room, read-only."""


class LockedError(UserError):
    """Another process owns the stores."""


class DaemonStoppedError(UserError):
    """Somebody stopped the daemon while it worked on a request: the next is not to be started for it."""

    @classmethod
    def during(cls, verb: str) -> DaemonStoppedError:
        """For whoever asked for a verb."""
        return cls(f"the daemon was stopped during {verb}", "run the command again to start it")


class InternalError(WhykeeperError):
    """Our fault."""


class WorkerError(InternalError):
    """A helper process died, or answered nonsense."""


class DaemonError(InternalError):
    """The daemon could not be started or reached."""


class DaemonLostError(DaemonError):
    """The daemon died, or made way for the next one, while it worked on a request."""


class DamagedStoreError(InternalError):
    """A store failed its health check."""

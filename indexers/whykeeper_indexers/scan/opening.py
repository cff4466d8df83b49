"""Opening a file that someone else may be changing, without being led astray or held up."""

from __future__ import annotations

import errno
import os
import stat as stat_module

__all__ = ["NotRegularError", "open_beneath", "open_regular", "read_bounded", "read_small"]

_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_BINARY", 0)
)
_FOLDER_FLAGS = (
    os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
)
_HAS_OPENAT = os.open in os.supports_dir_fd and hasattr(os, "O_NOFOLLOW")
_SMALL = 1 << 18


class NotRegularError(OSError):
    """The path is a folder, link, pipe, socket or device by now."""


def open_beneath(root: str, path: str) -> tuple[int, os.stat_result]:
    """Open a regular file below a folder, following no symbolic link on the way.

    Args:
        root: The folder; links above it are followed.
        path: Relative to it, with forward slashes and no ``..``.

    Returns:
        The descriptor, which the caller closes, and what it says of itself.

    Raises:
        NotRegularError: It is not a regular file.
        OSError: It is missing, may not be read, or a link stands in its way (``ELOOP``, ``ENOTDIR``).
    """
    if not _HAS_OPENAT:
        folder = os.path.realpath(f"{root}/{path}/..")
        if folder != os.path.normpath(f"{root}/{path}/.."):
            raise OSError(errno.ELOOP, "a symbolic link stands in the way")
        return open_regular(f"{root}/{path}")
    *folders, name = path.split("/")
    here = os.open(root, _FOLDER_FLAGS & ~os.O_NOFOLLOW)
    try:
        for folder in folders:
            above, here = here, os.open(folder, _FOLDER_FLAGS, dir_fd=here)
            os.close(above)
        return open_regular(name, dir_fd=here)
    finally:
        os.close(here)


def open_regular(path: str, *, dir_fd: int | None = None) -> tuple[int, os.stat_result]:
    """Open a regular file for reading; its last component is never followed as a link.

    A pipe is opened without waiting for a writer and closed again unread.

    Args:
        path: The file.
        dir_fd: The folder it is relative to; None for the working folder.

    Returns:
        The descriptor, which the caller closes, and what it says of itself.

    Raises:
        NotRegularError: It is not a regular file.
        OSError: It is missing or may not be read.
    """
    descriptor = os.open(path, _FLAGS, dir_fd=dir_fd)
    try:
        facts = os.fstat(descriptor)
        if not stat_module.S_ISREG(facts.st_mode):
            raise NotRegularError(f"{path} is not a regular file")
    except OSError:
        os.close(descriptor)
        raise
    return descriptor, facts


def read_bounded(descriptor: int, limit: int) -> bytes:
    """Read at most ``limit`` bytes."""
    pieces: list[bytes] = []
    left = limit
    while left > 0 and (piece := os.read(descriptor, left)):
        pieces.append(piece)
        left -= len(piece)
    return b"".join(pieces)


def read_small(path: str) -> bytes:
    """The first 256 KiB of a regular file; nothing when it cannot be read."""
    try:
        descriptor, _ = open_regular(path)
    except OSError:
        return b""
    try:
        return read_bounded(descriptor, _SMALL)
    except OSError:
        return b""
    finally:
        os.close(descriptor)

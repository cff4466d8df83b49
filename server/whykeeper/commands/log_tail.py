"""The end of a log file, and what is added to it."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from whykeeper_indexers.errors import StorageError

__all__ = ["follow_lines", "last_lines"]

_BLOCK_BYTES = 65_536
_MAX_TAIL_BYTES = 32 * 1024 * 1024
_POLL_S = 0.2


def last_lines(path: Path, count: int) -> tuple[list[str], int]:
    """Return the last lines of a file, and where it ended.

    Raises:
        StorageError: It cannot be read.
    """
    try:
        with path.open("rb") as file:
            end = file.seek(0, os.SEEK_END)
            raw = _tail(file, end, count)
    except FileNotFoundError:
        return [], 0
    except OSError as error:
        raise StorageError(f"{path} cannot be read: {error.strerror}") from error
    lines = raw.decode("utf-8", "backslashreplace").splitlines()
    return lines[len(lines) - min(count, len(lines)) :], end


def _tail(file: BinaryIO, end: int, count: int) -> bytes:
    """Read whole blocks from the end until they hold enough lines."""
    raw, start = b"", end
    while start > 0 and raw.count(b"\n") <= count and len(raw) < _MAX_TAIL_BYTES:
        step = min(_BLOCK_BYTES, start)
        start = file.seek(start - step)
        raw = file.read(step) + raw
    return raw


def follow_lines(path: Path, offset: int) -> Iterator[str]:
    """Yield the lines that are added behind an offset; a new or shortened file is read anew."""
    partial = b""
    inode = _inode(path)
    while True:
        added, offset, inode = _added(path, offset, inode)
        *lines, partial = (partial + added).split(b"\n")
        for line in lines:
            yield line.decode("utf-8", "backslashreplace").rstrip("\r")
        if not added:
            time.sleep(_POLL_S)


def _added(path: Path, offset: int, inode: int) -> tuple[bytes, int, int]:
    try:
        with path.open("rb") as file:
            found = os.fstat(file.fileno())
            if found.st_ino != inode or found.st_size < offset:
                offset = 0
            file.seek(offset)
            added = file.read(_BLOCK_BYTES)
            return added, offset + len(added), found.st_ino
    except OSError:
        return b"", offset, inode


def _inode(path: Path) -> int:
    try:
        return path.stat().st_ino
    except OSError:
        return 0

"""What can be said of a path by its letters alone."""

from __future__ import annotations

import os
from collections.abc import Iterator

__all__ = ["folders_above", "normalised", "shown"]


def folders_above(path: str) -> Iterator[str]:
    """The folders above a path, nearest first, without the root."""
    end = path.rfind("/", 0, len(path.rstrip("/")))
    while end > 0:
        yield path[:end]
        end = path.rfind("/", 0, end)


def normalised(path: str) -> str | None:
    """A path relative to the root in its one spelling; None when it leaves the root."""
    parts: list[str] = []
    for part in path.split("/"):
        if part == "..":
            return None
        if part not in {"", "."}:
            parts.append(part)
    return None if path.startswith("/") or "\0" in path else "/".join(parts)


def shown(path: str) -> str:
    """A path as text that can be stored anywhere; bytes that are no UTF-8 are escaped."""
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        return os.fsencode(path).decode("utf-8", "backslashreplace")
    return path

"""Splits a byte stream into lines at a cost linear in its length.

Shared by the front-end pipe and the daemon; imports nothing.
"""

from __future__ import annotations

__all__ = ["MAX_LINE_BYTES", "LineSplitter"]

MAX_LINE_BYTES = 64 * 1024 * 1024
"""Longest message passed on. Agents send a few kilobytes; a whole diff may be megabytes."""


class LineSplitter:
    """Collects bytes and gives back whole lines, each with its line feed.

    A line past the limit is dropped as it arrives, so that memory stays bounded; the line after
    it is given back as usual.

    Args:
        limit: Longest line kept, in bytes.
    """

    __slots__ = ("_held", "_limit", "_pieces", "_skipping", "dropped")

    def __init__(self, limit: int = MAX_LINE_BYTES) -> None:
        self._limit = limit
        self._pieces: list[bytes] = []
        self._held = 0
        self._skipping = False
        self.dropped = 0

    def feed(self, data: bytes) -> list[bytes]:
        """Take the next bytes and return the lines they complete."""
        if b"\n" not in data:
            self._hold(data)
            return []
        first, *rest = _split(data)
        self._hold(first)
        lines = self._complete()
        if rest and not rest[-1].endswith(b"\n"):
            self._hold(rest.pop())
        return lines + rest

    def _hold(self, data: bytes) -> None:
        if self._skipping:
            return
        self._held += len(data)
        if self._held > self._limit:
            self._skipping = True
            self._pieces.clear()
        else:
            self._pieces.append(data)

    def _complete(self) -> list[bytes]:
        lines = [] if self._skipping else [b"".join(self._pieces)]
        self.dropped += self._skipping
        self._pieces.clear()
        self._held = 0
        self._skipping = False
        return lines


def _split(data: bytes) -> list[bytes]:
    pieces = data.split(b"\n")
    last = pieces.pop()
    lines = [piece + b"\n" for piece in pieces]
    return [*lines, last] if last else lines

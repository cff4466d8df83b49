"""What earlier questions read of a checkout, for as long as nothing is written to the catalog."""

from __future__ import annotations

import threading
from typing import Final

from whykeeper_indexers.catalog.records import StoredChunk
from whykeeper_indexers.types import Kind

__all__ = ["Remembered", "View"]

MOST_CHARACTERS: Final = 8_000_000
"""Of the passages remembered; then all are forgotten. What else there is of them is about as much.

Of the passages that a question needs, earlier ones needed a third over 27 unlike questions on 26,000
passages, and half over 107 (a third with half of this)."""


class View:
    """What is remembered of one checkout in one state of the catalog.

    Attributes:
        chunks: By row; None for one that is not live.
        live: The live rows behind a vector, by kind (None for any) and key.
    """

    def __init__(self) -> None:
        self.chunks: dict[int, StoredChunk | None] = {}
        self.live: dict[tuple[Kind | None, str], list[int]] = {}


class Remembered:
    """Views by checkout. Thread-safe; a view may be used by several threads at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._version = -1
        self._views: dict[int, View] = {}
        self._characters = 0

    def of(self, checkout: int, version: int) -> View:
        """What is remembered of a checkout.

        Args:
            checkout: Whose chunks.
            version: Of the catalog, as ``Database.read`` found it: with another one all is forgotten.
        """
        with self._lock:
            if version != self._version or self._characters > MOST_CHARACTERS:
                self._views, self._characters, self._version = {}, 0, version
            return self._views.setdefault(checkout, View())

    def note(self, chunks: list[StoredChunk]) -> None:
        """Say that these chunks are now in a view."""
        with self._lock:
            self._characters += sum(len(each.chunk.text) for each in chunks)

    def clear(self) -> None:
        """Forget everything, to give its memory back."""
        with self._lock:
            self._views, self._characters = {}, 0

"""What earlier questions read of a checkout, for as long as it stays true."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Collection
from typing import Final

from whykeeper_indexers.catalog import reading, vectors
from whykeeper_indexers.catalog.reading import OutlineRow
from whykeeper_indexers.catalog.records import StoredChunk, StoredOutline
from whykeeper_indexers.types import Kind

__all__ = ["Remembered", "View"]

MOST_CHARACTERS: Final = 4_000_000
"""Of the passages remembered whole; then all are forgotten. What else there is of them is about as much."""
MOST_OUTLINES: Final = 30_000
"""Half a kilobyte each, 15 MB; then all are forgotten."""


class View:
    """One checkout in one state of the catalog. Several threads may ask at once.

    Args:
        checkout: Whose chunks.
        rows: What is known of rows in whatever state; added to.
    """

    def __init__(self, checkout: int, rows: dict[int, OutlineRow]) -> None:
        self._checkout = checkout
        self._rows = rows
        # None for a row that is not live.
        self._outlines: dict[int, StoredOutline | None] = {}
        self._chunks: dict[int, StoredChunk | None] = {}
        self._live: dict[Kind | None, dict[str, list[int]]] = {}
        self._vectors: dict[int, tuple[str, bool]] = {}
        self.characters = 0

    def outlines(self, connection: sqlite3.Connection, rowids: Collection[int]) -> dict[int, StoredOutline]:
        """What the live ones of these chunks are ranked by, in the order given."""
        known = self._outlines
        if unknown := [rowid for rowid in rowids if rowid not in known]:
            found = reading.outlines(connection, self._checkout, self._unchanging(connection, unknown))
            # At once: another thread must not find a passage missing that is only not noted yet.
            known.update({**dict.fromkeys(unknown), **found})
        return {rowid: outline for rowid in rowids if (outline := known[rowid]) is not None}

    def _unchanging(self, connection: sqlite3.Connection, rowids: Collection[int]) -> dict[int, OutlineRow]:
        if unread := [rowid for rowid in rowids if rowid not in self._rows]:
            self._rows.update(reading.outline_rows(connection, unread))
        return {rowid: row for rowid in rowids if (row := self._rows.get(rowid)) is not None}

    def chunks(self, connection: sqlite3.Connection, rowids: Collection[int]) -> list[StoredChunk]:
        """The live ones of these chunks, whole, in the order given."""
        known = self._chunks
        if unknown := [rowid for rowid in rowids if rowid not in known]:
            found = reading.chunks(connection, self._checkout, unknown)
            known.update({**dict.fromkeys(unknown), **{each.rowid: each for each in found}})
            self.characters += sum(len(each.chunk.text) for each in found)
        return [chunk for rowid in rowids if (chunk := known[rowid]) is not None]

    def live(
        self, connection: sqlite3.Connection, keys: Collection[str], kind: Kind | None
    ) -> dict[str, list[int]]:
        """The live chunks behind vectors; a vector that has none is left out."""
        known = self._live.setdefault(kind, {})
        if unknown := [key for key in keys if key not in known]:
            pairs = reading.rows_behind(connection, unknown, kind)
            outlines = self.outlines(connection, [rowid for _, rowid in pairs])
            found: dict[str, list[int]] = {key: [] for key in unknown}
            for key, rowid in pairs:
                if rowid in outlines:
                    found[key].append(rowid)
            known.update(found)
        return {key: rows for key in keys if (rows := known[key])}

    def vectors(self, connection: sqlite3.Connection, rowids: Collection[int]) -> dict[int, tuple[str, bool]]:
        """To each of these chunks the key of its vector, and whether that is still to be made."""
        known = self._vectors
        if unknown := [rowid for rowid in rowids if rowid not in known]:
            known.update(vectors.vectors_of(connection, unknown))
        return {rowid: known[rowid] for rowid in rowids}


class Remembered:
    """Views by checkout. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._version = -1
        self._views: dict[int, View] = {}
        # A row is never given twice, and neither what it says nor its place among others ever changes.
        self._rows: dict[int, OutlineRow] = {}

    def of(self, checkout: int, version: int | None) -> View:
        """What is remembered of a checkout.

        Args:
            checkout: Whose chunks.
            version: Of the catalog, as ``Database.read`` found it: with another one all is forgotten
                that another state may have otherwise. None has nothing in common with any.
        """
        with self._lock:
            if version is None:
                return View(checkout, self._rows)
            if len(self._rows) > MOST_OUTLINES:
                self._views, self._rows = {}, {}
            characters = sum(view.characters for view in self._views.values())
            if version != self._version or characters > MOST_CHARACTERS:
                self._views, self._version = {}, version
            view = self._views.get(checkout)
            if view is None:
                view = self._views[checkout] = View(checkout, self._rows)
            return view

    def clear(self) -> None:
        """Forget everything, to give its memory back."""
        with self._lock:
            self._views, self._rows = {}, {}

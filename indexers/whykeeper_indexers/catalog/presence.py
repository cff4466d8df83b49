"""In which passages a frequent word is, remembered between questions.

A row id is never given twice and its words never change, so a list of them stays true: only rows that were
inserted since are looked up. What was deleted meanwhile does no harm to whoever asks for rows that are there.
"""

from __future__ import annotations

import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Presences"]

MOST_ROWS = 1_000_000
"""Remembered in all: 8 MB. Terms that were not asked for lately go first."""


class _Known(NamedTuple):
    """The rows that have a term, ascending, and for each range's first row how far it was read."""

    rows: NDArray[np.int64]
    until: dict[int, int]


class Presences:
    """Row lists by table and term. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: OrderedDict[tuple[str, str], _Known] = OrderedDict()
        self._size = 0

    def among(
        self,
        connection: sqlite3.Connection,
        table: str,
        term: str,
        ranges: Mapping[int, int],
        rows: NDArray[np.int64],
    ) -> NDArray[np.bool_]:
        """Say which rows have a term.

        Args:
            connection: In the snapshot that the rows were found in.
            table: A full-text table.
            term: As its query language has it.
            ranges: All ranges of its rows: the first row, and the first that is not given yet.
            rows: To look for.

        Returns:
            A truth value for each of the rows.
        """
        import numpy as np

        known = self._extended(connection, table, term, ranges)
        if not len(known):
            return np.zeros(len(rows), dtype=np.bool_)
        places = np.searchsorted(known, rows)
        found: NDArray[np.bool_] = known[np.minimum(places, len(known) - 1)] == rows
        return found

    def clear(self) -> None:
        """Forget everything, to give its memory back."""
        with self._lock:
            self._known.clear()
            self._size = 0

    def _extended(
        self, connection: sqlite3.Connection, table: str, term: str, ranges: Mapping[int, int]
    ) -> NDArray[np.int64]:
        import numpy as np

        with self._lock:
            known = self._known.get((table, term)) or _Known(np.empty(0, dtype=np.int64), {})
        query = f"SELECT rowid FROM {table} WHERE {table} MATCH ? AND rowid >= ? AND rowid < ?"
        new = [
            row
            for first, end in ranges.items()
            if known.until.get(first, first) < end
            for (row,) in connection.execute(query, (term, known.until.get(first, first), end))
        ]
        if not new and all(known.until.get(first, first) >= end for first, end in ranges.items()):
            self._touch(table, term, known)
            return known.rows
        until = {first: max(end, known.until.get(first, first)) for first, end in ranges.items()}
        known = _Known(np.sort(np.concatenate([known.rows, np.array(new, dtype=np.int64)])), until)
        self._touch(table, term, known)
        return known.rows

    def _touch(self, table: str, term: str, known: _Known) -> None:
        with self._lock:
            before = self._known.pop((table, term), None)
            self._size += len(known.rows) - (len(before.rows) if before else 0)
            self._known[table, term] = known
            while self._size > MOST_ROWS and len(self._known) > 1:
                _, oldest = self._known.popitem(last=False)
                self._size -= len(oldest.rows)

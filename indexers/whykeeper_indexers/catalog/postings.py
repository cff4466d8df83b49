"""Which passages have a term and what it is worth there, remembered between questions.

A row id is never given twice and its words never change, so what was read of a row stays true: only rows
that were inserted since are read. What was deleted meanwhile does no harm to whoever looks for rows that
are there. BM25 is a sum over terms, so a question's scores are sums of what is remembered.
"""

from __future__ import annotations

import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from whykeeper_indexers.catalog.schema import KIND_SHIFT, row_range
from whykeeper_indexers.catalog.words import BM25_WEIGHTS
from whykeeper_indexers.types import Kind

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Postings", "TablePostings"]

MOST_BYTES: Final = 3_000_000
"""Remembered of a full-text table. Terms that were not asked for lately go first."""

_ROOM: Final = 1.5
"""Places for rows to come, in proportion to those that are there."""
_LEAST_ROOM: Final = 256


class _Posting(NamedTuple):
    """What is known of a term.

    Attributes:
        places: Of the passages that have it.
        worth: Its BM25 in each; None where only its presence was asked for.
        bits: One for every place, set where it has the term; None where its BM25 was asked for.
        until: For each kind, the row up to which it was read.
    """

    places: NDArray[np.int32] | None
    worth: NDArray[np.float32] | None
    bits: NDArray[np.uint8] | None
    until: Mapping[Kind, int]

    @property
    def size(self) -> int:
        return sum(each.nbytes for each in (self.places, self.worth, self.bits) if each is not None)


class TablePostings:
    """The terms of one full-text table. Thread-safe.

    The rows of its kinds have places one after another, so that scores are an array.

    Args:
        table: The full-text table.
        ends: To each of its kinds the first row that is not given yet.
    """

    def __init__(self, table: str, ends: Mapping[Kind, int]) -> None:
        self._table = table
        self._lock = threading.Lock()
        self._known: OrderedDict[tuple[str, bool], _Posting] = OrderedDict()
        self._size = 0
        self.starts: dict[Kind, int] = {}
        self._ends: dict[Kind, int] = {}
        self.places = 0
        for kind, end in ends.items():
            given = end - row_range(kind)[0]
            room = max(_LEAST_ROOM, int(given * _ROOM))
            self.starts[kind] = self.places
            self._ends[kind] = row_range(kind)[0] + room
            self.places += room

    def has_room(self, ends: Mapping[Kind, int]) -> bool:
        """Whether there is a place for every row."""
        return all(end <= self._ends[kind] for kind, end in ends.items())

    def rows(self, places: NDArray[np.int64]) -> NDArray[np.int64]:
        """The rows at these places."""
        import numpy as np

        starts = np.array(list(self.starts.values()))
        firsts = np.array([row_range(kind)[0] for kind in self.starts])
        kinds = np.searchsorted(starts, places, side="right") - 1
        rows: NDArray[np.int64] = places - starts[kinds] + firsts[kinds]
        return rows

    def add_worth(
        self, connection: sqlite3.Connection, term: str, ends: Mapping[Kind, int], scores: NDArray[np.float64]
    ) -> None:
        """Add a term's BM25 to the scores of the passages that have it.

        Args:
            connection: In a snapshot.
            term: As the full-text index's query language has it.
            ends: To each kind the first row that is not given yet.
            scores: One a place.
        """
        posting = self._read(connection, term, ends, weighed=True)
        assert posting.worth is not None
        scores[posting.places] += posting.worth

    def presence(
        self,
        connection: sqlite3.Connection,
        weights: Mapping[str, float],
        ends: Mapping[Kind, int],
        places: NDArray[np.int64],
    ) -> NDArray[np.float64]:
        """What terms add to these places for being there, by the weight of each; as above."""
        import numpy as np

        added = np.zeros(len(places))
        byte, bit = places >> 3, (places & 7).astype(np.uint8)
        for term, weight in weights.items():
            bits = self._read(connection, term, ends, weighed=False).bits
            assert bits is not None
            added += weight * (bits[byte] >> bit & 1)
        return added

    def _read(
        self, connection: sqlite3.Connection, term: str, ends: Mapping[Kind, int], *, weighed: bool
    ) -> _Posting:
        with self._lock:
            known = self._known.get((term, weighed))
            if known is not None:
                self._known.move_to_end((term, weighed))
        if known is None or any(known.until[kind] < end for kind, end in ends.items()):
            known = self._extended(connection, term, ends, known, weighed)
            self._remember((term, weighed), known)
        return known

    def _extended(
        self,
        connection: sqlite3.Connection,
        term: str,
        ends: Mapping[Kind, int],
        known: _Posting | None,
        weighed: bool,
    ) -> _Posting:
        import numpy as np

        everything = [(min(row_range(kind)[0] for kind in ends), max(ends.values()))]
        now = dict(ends)
        if known is not None:
            new = [(known.until[kind], end) for kind, end in ends.items() if known.until[kind] < end]
            found = self._find(connection, "1", term, new)
            now = {kind: max(end, known.until[kind]) for kind, end in ends.items()}
            if not found:
                return known._replace(until=now)
            if known.bits is not None:
                return known._replace(bits=known.bits | self._bits(found), until=now)
        # All of them anew: one passage more makes the term less rare in the others too.
        found = self._find(
            connection, f"-bm25({self._table}, {BM25_WEIGHTS})" if weighed else "1", term, everything
        )
        if weighed:
            places = self.at(_rows(found))
            worth = np.fromiter((worth for _, worth in found), np.float32, len(found))
            return _Posting(places.astype(np.int32), worth, None, now)
        return _Posting(None, None, self._bits(found), now)

    def _bits(self, found: Sequence[tuple[int, float]]) -> NDArray[np.uint8]:
        import numpy as np

        present = np.zeros(self.places, dtype=np.bool_)
        present[self.at(_rows(found))] = True
        return np.packbits(present, bitorder="little")

    def _find(
        self, connection: sqlite3.Connection, value: str, term: str, spans: Iterable[tuple[int, int]]
    ) -> list[tuple[int, float]]:
        """The rows that have a term, in some spans of rows, and a value of each."""
        query = (
            f"SELECT rowid, {value} FROM {self._table} "
            f"WHERE {self._table} MATCH ? AND rowid >= ? AND rowid < ?"
        )
        return [pair for span in spans for pair in connection.execute(query, (term, *span))]

    def at(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """The places of these rows."""
        import numpy as np

        offsets = np.zeros(max(row_range(kind)[0] >> KIND_SHIFT for kind in self.starts) + 1, dtype=np.int64)
        for kind, start in self.starts.items():
            offsets[row_range(kind)[0] >> KIND_SHIFT] = start - row_range(kind)[0]
        places: NDArray[np.int64] = rows + offsets[rows >> KIND_SHIFT]
        return places

    def _remember(self, name: tuple[str, bool], posting: _Posting) -> None:
        with self._lock:
            before = self._known.pop(name, None)
            self._size += posting.size - (before.size if before else 0)
            self._known[name] = posting
            while self._size > MOST_BYTES and len(self._known) > 1:
                _, oldest = self._known.popitem(last=False)
                self._size -= oldest.size


def _rows(found: Sequence[tuple[int, float]]) -> NDArray[np.int64]:
    import numpy as np

    return np.fromiter((row for row, _ in found), np.int64, len(found))


class Postings:
    """The terms of all full-text tables. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._tables: dict[str, tuple[int, TablePostings]] = {}

    def of(self, table: str, counted_at: int, ends: Mapping[Kind, int]) -> TablePostings:
        """What is known of a table.

        Args:
            table: The full-text table.
            counted_at: A number that changes when what passages are worth is to be computed anew.
            ends: To each of its kinds the first row that is not given yet.
        """
        with self._lock:
            since, known = self._tables.get(table, (0, None))
            if known is None or since != counted_at or not known.has_room(ends):
                known = TablePostings(table, ends)
                self._tables[table] = (counted_at, known)
            return known

    def clear(self) -> None:
        """Forget everything, to give its memory back."""
        with self._lock:
            self._tables.clear()

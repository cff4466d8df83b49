"""Vectors of a quick model, in memory, for passages that wait for those of a slow one.

On two cores the transformer reads about 50 passages a second, and the static model distilled from
it 5,000. So prose is found by the static model's vectors, less finely, until the transformer has
read it. They compare with one another only, and go as the others come; the disk never sees them.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from whykeeper_indexers.types import Kind
from whykeeper_indexers.vectors.table import VectorTable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["ProvisionalVectors"]


class ProvisionalVectors:
    """Unit vectors by kind and key, all of one space. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._tables: dict[Kind, VectorTable] = {}

    def add(self, kind: Kind, keys: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Take vectors in.

        Args:
            kind: Of the passages.
            keys: Which the vectors to come will have.
            vectors: float32 [len(keys), dimensions].
        """
        with self._lock:
            self._tables.setdefault(kind, VectorTable()).add(keys, vectors)

    def discard(self, kind: Kind, keys: Collection[str]) -> None:
        """Let vectors go; keys that are not held do no harm."""
        with self._lock:
            if (table := self._tables.get(kind)) is not None:
                table.discard(keys)
                if not len(table):
                    del self._tables[kind]

    def clear(self) -> None:
        """Let all of them go."""
        with self._lock:
            self._tables.clear()

    def held(self, kind: Kind, keys: Collection[str]) -> set[str]:
        """Those of the keys that are here."""
        table = self._tables.get(kind)
        return set() if table is None else table.held(keys)

    def counts(self) -> dict[Kind, int]:
        """How many there are, for kinds that have any."""
        with self._lock:
            return {kind: len(table) for kind, table in self._tables.items()}

    def query(self, kind: Kind, vector: NDArray[np.float32], n: int) -> list[tuple[str, float]]:
        """The nearest keys with their cosine similarity, best first."""
        table = self._tables.get(kind)
        return [] if table is None else table.query(vector, n)

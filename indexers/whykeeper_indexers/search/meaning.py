"""Search by meaning: begun before the search by words, and waited for after it.

The question is encoded in another process, and vectors are compared outside of the interpreter's
lock, so on a second core both cost nothing while the full-text index is read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from whykeeper_indexers.encoder.models import Tier
from whykeeper_indexers.search.recall import GROUPS, Recall, SearchRequest, depth
from whykeeper_indexers.types import Kind

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["MeaningSearch"]

NEIGHBOURS = 1.25
"""Vectors to ask for, in units of the candidates wanted: some belong to other checkouts or to content
that is gone."""
MORE_NEIGHBOURS = 5
"""So many times more when too many did."""
NARROWED_NEIGHBOURS = 6
"""The same as the first when paths narrow the search."""

_BESIDE = ThreadPoolExecutor(4, thread_name_prefix="question")


@dataclass(frozen=True, slots=True)
class _Space:
    """Vectors of one kind and one model.

    Attributes:
        kind: Of the passages.
        group: What ranks together: similarities of two models do not compare.
        ask: Gives the nearest keys.
    """

    kind: Kind
    group: str
    ask: Callable[[NDArray[np.float32], int], list[tuple[str, float]]]

    @property
    def depth(self) -> int:
        """Candidates that it shall give."""
        return depth(self.group)


class MeaningSearch:
    """The passages nearest to one question, sought from the moment this is made.

    Attributes:
        ready: Kinds whose vectors can be compared with the question.
        bridged: Kinds of which some passages are compared by the quick model, and how many.
    """

    def __init__(self, request: SearchRequest, recall: Recall, text: str, kinds: Sequence[Kind]) -> None:
        self._recall = recall
        self._ample = NARROWED_NEIGHBOURS if request.paths else NEIGHBOURS
        encoder = recall.encoder
        self.ready = [kind for kind in kinds if recall.vectors is not None and encoder.ready_for(kind)]
        self.bridged = recall.bridged(kinds) if recall.vectors is not None else {}
        spaces: defaultdict[Tier, list[_Space]] = defaultdict(list)
        for kind in self.ready:
            assert recall.vectors is not None
            spaces[encoder.tier(kind)].append(_Space(kind, GROUPS[kind], partial(recall.vectors.query, kind)))
        for kind in self.bridged:
            assert recall.provisional is not None
            ask = partial(recall.provisional.query, kind)
            spaces[Tier.STATIC].append(_Space(kind, f"{GROUPS[kind]}, bridged", ask))
        self._under_way = [
            _BESIDE.submit(self._nearest, partial(encoder.encode_query, text, tier), of_tier)
            for tier, of_tier in spaces.items()
        ]

    def similar(self) -> dict[str, dict[int, float]]:
        """Cosine similarities of live chunks by row, for each group that ranks by itself.

        Raises:
            WhykeeperError: The encoder or the vector store failed.
        """
        groups: defaultdict[str, dict[int, float]] = defaultdict(dict)
        for near, vector, space in (found for job in self._under_way for found in job.result()):
            live = self._live(space.kind, near)
            wanted = self._wanted(space)
            if len(near) == wanted and len(live) < space.depth:
                # Most belong to other checkouts, or to content that is gone.
                live = self._live(space.kind, dict(space.ask(vector, MORE_NEIGHBOURS * wanted)))
            groups[space.group].update(live)
        return groups

    def _nearest(
        self, encode: Callable[[], NDArray[np.float32]], spaces: Sequence[_Space]
    ) -> list[tuple[dict[str, float], NDArray[np.float32], _Space]]:
        vector = encode()
        return [(dict(space.ask(vector, self._wanted(space))), vector, space) for space in spaces]

    def _wanted(self, space: _Space) -> int:
        return int(self._ample * space.depth)

    def _live(self, kind: Kind, near: Mapping[str, float]) -> dict[int, float]:
        live = self._recall.catalog.live(self._recall.checkout, list(near), kind)
        return {rowid: similarity for key, similarity in near.items() for rowid in live.get(key, ())}

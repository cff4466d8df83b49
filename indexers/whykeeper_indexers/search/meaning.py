"""Search by meaning: begun before the search by words, and waited for after it.

The question is encoded in another process, and vectors are compared outside of the interpreter's
lock, so on a second core both cost nothing while the full-text index is read. Whoever waits compares
prose itself, while another thread compares the rest.
"""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from whykeeper_indexers.encoder.by_kind import KindEncoder
from whykeeper_indexers.encoder.models import Tier
from whykeeper_indexers.errors import WhykeeperError
from whykeeper_indexers.search.recall import GROUPS, Recall, SearchRequest, depth
from whykeeper_indexers.types import Kind

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from whykeeper_indexers.vectors import StandIn

__all__ = ["MeaningSearch"]

_log = logging.getLogger(__name__)

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
        by: The model, in words.
        present: Whether the model is the one that is configured now.
    """

    kind: Kind
    group: str
    ask: Callable[[NDArray[np.float32], int], list[tuple[str, float]]]
    by: str
    present: bool

    @property
    def depth(self) -> int:
        """Candidates that it shall give."""
        return depth(self.group)


_Nearest = list[tuple[dict[str, float], "NDArray[np.float32]", _Space]]


@dataclass(frozen=True, slots=True)
class _UnderWay:
    """One model's answers, as they come.

    Attributes:
        model: Which.
        vector: The question's.
        spaces: What is compared with it.
        here: Those of them that whoever waits compares.
        beside: What is nearest in the others.
    """

    model: KindEncoder
    vector: Future[NDArray[np.float32]]
    spaces: Sequence[_Space]
    here: Sequence[_Space]
    beside: Future[_Nearest]


class MeaningSearch:
    """The passages nearest to one question, sought from the moment this is made.

    Attributes:
        ready: Kinds whose vectors can be compared with the question.
        bridged: What is compared by another model than the one that is to read it, and how many
            passages of each kind.
    """

    def __init__(self, request: SearchRequest, recall: Recall, text: str, kinds: Sequence[Kind]) -> None:
        self._recall = recall
        self._kinds = kinds
        self._ample = NARROWED_NEIGHBOURS if request.paths else NEIGHBOURS
        encoder = recall.encoder
        self.ready = [kind for kind in kinds if recall.vectors is not None and encoder.ready_for(kind)]
        self.bridged = recall.bridged(kinds) if recall.vectors is not None else {}
        spaces: defaultdict[tuple[KindEncoder, Tier], list[_Space]] = defaultdict(list)
        for kind in self.ready:
            assert recall.vectors is not None
            by = f"meaning by {_model(encoder, encoder.tier(kind))}"
            asked = _Space(kind, GROUPS[kind], partial(recall.vectors.query, kind), by, present=True)
            spaces[encoder, encoder.tier(kind)].append(asked)
        for number, (each, counts) in enumerate(self.bridged.items()):
            for kind in counts:
                group = f"{GROUPS[kind]}, bridged {number}"
                asked = _Space(kind, group, partial(each.vectors.query, kind), _stand_in(each), present=False)
                spaces[each.encoder, each.tier].append(asked)
        self._under_way = [
            self._begin(model, partial(model.encode_query, text, tier), of_tier)
            for (model, tier), of_tier in spaces.items()
        ]

    @property
    def kinds(self) -> set[Kind]:
        """Kinds of which at least some passages are compared."""
        return {*self.ready, *(kind for counts in self.bridged.values() for kind in counts)}

    @property
    def awaited(self) -> bool:
        """Whether a model has not encoded the question yet."""
        return not all(each.vector.done() for each in self._under_way)

    def wake(self) -> None:
        """Have models loaded that this question could not ask, for the next one."""
        if len(self.ready) < len(self._kinds):
            self._recall.encoder.warm()
        for each in self._recall.stand_ins:
            if each.earlier and not each.ready:
                each.encoder.warm()

    def notes(self) -> Iterator[str]:
        """Say which passages were compared by another model than the one that is to read them."""
        encoder = self._recall.encoder
        reading = encoder.unready if encoder.failed else "the embedding model is reading them"
        for by, count in _passages(self.bridged).items():
            yield f"{_counted(count)} still compared by {by.rstrip(',')}: {reading}"
        for by, count in _passages(self._recall.bridged(self._kinds, ready=False)).items():
            yield f"{_counted(count)} found by words only: {by} is being loaded"
        if self.bridged and not encoder.ready:
            loading = "" if encoder.failed else ": the embedding model is loading"
            yield f"what came since is found by words only{loading}"

    def similar(self) -> dict[tuple[str, str], dict[int, float]]:
        """Cosine similarities of live chunks by row, for each group that ranks by itself and who compared it.

        Raises:
            WhykeeperError: The encoder or the vector store failed.
        """
        groups: defaultdict[tuple[str, str], dict[int, float]] = defaultdict(dict)
        # All of them first: only then it is known which models have answered.
        answers = [found for each in self._under_way for found in self._found(each)]
        for near, vector, space in answers:
            live = self._live(space, near)
            wanted = self._wanted(space)
            if len(near) == wanted and len(live) < space.depth:
                # Most belong to other checkouts, or to content that is gone.
                live = self._live(space, dict(space.ask(vector, MORE_NEIGHBOURS * wanted)))
            groups[space.group, space.by].update(live)
        return groups

    def _begin(
        self, model: KindEncoder, encode: Callable[[], NDArray[np.float32]], spaces: Sequence[_Space]
    ) -> _UnderWay:
        prose = [space for space in spaces if GROUPS[space.kind] == GROUPS[Kind.DOCUMENT]]
        here = prose if len(prose) < len(spaces) else []
        vector: Future[NDArray[np.float32]] = Future()
        beside = _BESIDE.submit(self._beside, encode, vector, [each for each in spaces if each not in here])
        return _UnderWay(model, vector, spaces, here, beside)

    def _beside(
        self,
        encode: Callable[[], NDArray[np.float32]],
        vector: Future[NDArray[np.float32]],
        spaces: Sequence[_Space],
    ) -> _Nearest:
        try:
            vector.set_result(encode())
        except BaseException as error:
            vector.set_exception(error)
            raise
        return self._nearest(vector.result(), spaces)

    def _found(self, each: _UnderWay) -> _Nearest:
        """Wait for one model's answer; without an earlier one's, that of the present one is still good."""
        try:
            found = [*self._nearest(each.vector.result(), each.here), *each.beside.result()]
            return sorted(found, key=lambda one: each.spaces.index(one[2]))
        except WhykeeperError as error:
            model = each.model
            if model is self._recall.encoder:
                raise
            _log.warning("no comparison by the model used before: %s", error)
            self.bridged = {
                each: counts for each, counts in self.bridged.items() if each.encoder is not model
            }
            return []

    def _nearest(self, vector: NDArray[np.float32], spaces: Sequence[_Space]) -> _Nearest:
        return [(dict(space.ask(vector, self._wanted(space))), vector, space) for space in spaces]

    def _wanted(self, space: _Space) -> int:
        return int(self._ample * space.depth)

    def _live(self, space: _Space, near: Mapping[str, float]) -> dict[int, float]:
        keys = set(near)
        if space.present:
            # What an earlier model still answers for would rank twice.
            keys = keys.difference(*(each.vectors.held(space.kind, near) for each in self.bridged))
        live = self._recall.catalog.live(self._recall.checkout, list(keys), space.kind)
        return {rowid: similarity for key, similarity in near.items() for rowid in live.get(key, ())}


def _model(encoder: KindEncoder, tier: Tier) -> str:
    return encoder.name if tier is Tier.TRANSFORMER else f"{encoder.name}'s static table"


def _stand_in(model: StandIn) -> str:
    before = "used before" if model.earlier else "standing in"
    return f"meaning by {_model(model.encoder, model.tier)} ({before})"


def _passages(bridged: Mapping[StandIn, Mapping[Kind, int]]) -> Counter[str]:
    """How many passages each model stands in for, under what a note calls it."""
    counts: Counter[str] = Counter()
    for each, of_kinds in bridged.items():
        by = f"the model used before, {each.encoder.name}," if each.earlier else "a quick, rougher model"
        counts[by] += sum(of_kinds.values())
    return counts


def _counted(count: int) -> str:
    return "1 passage is" if count == 1 else f"{count:,} passages are"

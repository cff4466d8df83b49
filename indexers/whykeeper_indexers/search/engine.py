"""Question in, ranked answer out: the read path, in one place."""

from __future__ import annotations

import logging
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from whykeeper_indexers.catalog import Catalog, PathFilter, query_terms
from whykeeper_indexers.encoder.by_kind import KindEncoder
from whykeeper_indexers.errors import QueryError, WhykeeperError
from whykeeper_indexers.search.analysis import analyse
from whykeeper_indexers.search.budget import fit
from whykeeper_indexers.search.candidates import Candidate, SearchAnswer
from whykeeper_indexers.search.confidence import is_confident
from whykeeper_indexers.search.fusion import fuse
from whykeeper_indexers.search.ranking import collapse, rank
from whykeeper_indexers.types import Kind
from whykeeper_indexers.vectors import ProvisionalVectors, VectorStore

__all__ = ["Recall", "SearchRequest", "search"]

_log = logging.getLogger(__name__)

DEPTH = 30
"""Candidates a kind and retriever: deeper ones were never in an answer's first ten."""
NEIGHBOURS = 2 * DEPTH
"""Vectors to ask for: some belong to other checkouts or to content that is gone."""
NARROWED_NEIGHBOURS = 10 * DEPTH
"""The same when paths narrow the search."""
MAX_QUERY_CHARACTERS = 20_000


_GROUPS = dict.fromkeys(Kind, "prose") | {Kind.CODE: "code", Kind.COMMIT: "history"}
"""Kinds whose scores compare: one model encodes them, one full-text table holds them. Each group is
ranked by itself, and its ranks are what is fused."""


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """What is asked, and how much may come back.

    Attributes:
        query: The question.
        limit: Most results.
        budget: Most tokens of text.
        kinds: Only these; all when empty.
        paths: Only below these folders, files or globs; everywhere when empty.
    """

    query: str
    limit: int = 10
    budget: int = 1_500
    kinds: tuple[Kind, ...] = ()
    paths: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recall:
    """Where to look: one checkout's view of its repository's stores.

    Attributes:
        checkout: Whose files count as there.
        catalog: Words, and everything known of a chunk.
        vectors: Meanings; None while the store is opening.
        encoder: Encodes the question, counts tokens.
        provisional: Stands in for vectors that are still awaited; None while nothing does.
    """

    checkout: int
    catalog: Catalog
    vectors: VectorStore | None
    encoder: KindEncoder
    provisional: ProvisionalVectors | None = None

    def bridged(self, kinds: Sequence[Kind]) -> dict[Kind, int]:
        """Kinds of which some passages have a provisional vector that can be asked for, and how many."""
        if self.provisional is None or not self.encoder.quick_ready:
            return {}
        return {kind: count for kind, count in self.provisional.counts().items() if kind in kinds}


def search(request: SearchRequest, recall: Recall) -> SearchAnswer:
    """Answer a question from one checkout's memory.

    Args:
        request: The question.
        recall: Where to look.

    Returns:
        The answer, found by words alone when the model or the vectors are not ready.

    Raises:
        QueryError: The question is empty or far too long.
    """
    _check(request)
    analysis = analyse(request.query)
    kinds = request.kinds or tuple(Kind)
    notes: list[str] = []
    encoded = _encode_ahead(recall, analysis.text, kinds)
    with recall.catalog.snapshot():
        candidates = _by_words(request, recall, analysis.text, kinds)
        for thread in encoded:
            thread.join()
        hybrid = _add_meanings(candidates, request, recall, analysis.text, kinds, notes)
        _stand_in(candidates.values(), recall)
    fuse(candidates.values())
    top = collapse(rank(candidates.values(), analysis), request.limit)
    results, tokens = fit(top, request.budget, recall.encoder)
    confident = is_confident(top, query_terms(analysis.text))
    return SearchAnswer(analysis.text, confident, "hybrid" if hybrid else "lexical", results, tokens, notes)


def _encode_ahead(recall: Recall, text: str, kinds: Sequence[Kind]) -> list[threading.Thread]:
    """Have the question encoded while it is searched by words; the encoder keeps what it has encoded."""
    if recall.vectors is None:
        return []
    encoder = recall.encoder
    first_of_tier = {encoder.tier(kind): kind for kind in kinds if encoder.ready_for(kind)}
    encodings = [partial(encoder.encode_query, text, kind) for kind in first_of_tier.values()]
    if recall.bridged(kinds):
        encodings.append(partial(encoder.encode_query_quickly, text))
    threads = [
        threading.Thread(target=_quietly, args=(encode,), name="question", daemon=True)
        for encode in encodings
    ]
    for thread in threads:
        thread.start()
    return threads


def _quietly(encode: Callable[[], object]) -> None:
    # What goes wrong here is met again, and told, where the vector is asked for.
    with suppress(WhykeeperError):
        encode()


def _check(request: SearchRequest) -> None:
    if not request.query.strip():
        raise QueryError(
            "the question is empty", "ask in plain words, for example: why is the front-end a pipe?"
        )
    if len(request.query) > MAX_QUERY_CHARACTERS:
        raise QueryError(
            f"the question has {len(request.query):,} characters; {MAX_QUERY_CHARACTERS:,} is the most",
            "ask about the part that matters",
        )


def _by_words(
    request: SearchRequest, recall: Recall, text: str, kinds: Sequence[Kind]
) -> dict[int, Candidate]:
    hits = recall.catalog.search_words(recall.checkout, text, kinds=kinds, paths=request.paths, limit=DEPTH)
    stored = {
        each.rowid: each for each in recall.catalog.chunks(recall.checkout, [hit.rowid for hit in hits])
    }
    places: Counter[str] = Counter()
    candidates: dict[int, Candidate] = {}
    for hit in hits:
        if hit.rowid in stored:
            candidates[hit.rowid] = Candidate(stored[hit.rowid], word_rank=places[_GROUPS[hit.kind]])
            places[_GROUPS[hit.kind]] += 1
    return candidates


def _add_meanings(
    candidates: dict[int, Candidate],
    request: SearchRequest,
    recall: Recall,
    text: str,
    kinds: Sequence[Kind],
    notes: list[str],
) -> bool:
    if recall.vectors is None or not recall.encoder.ready:
        recall.encoder.warm()
        notes.append(
            "found by words only: the embedding model is loading; ask again in a few seconds for more"
        )
        return False
    similar: defaultdict[str, dict[int, float]] = defaultdict(dict)
    ready = [kind for kind in kinds if recall.encoder.ready_for(kind)]
    bridged = recall.bridged(kinds)
    by_words_only = {each.chunk.kind for each in candidates.values()} - {*ready, *bridged}
    if by_words_only:
        named = " and ".join(sorted(by_words_only))
        notes.append(f"{named} found by words only: the embedding model is being prepared")
    try:
        for kind in ready:
            similar[_GROUPS[kind]].update(_nearest(request, recall, text, kind))
        # A list of their own: similarities of two models do not compare.
        for kind in bridged:
            similar[f"{_GROUPS[kind]}, bridged"].update(_nearest_bridged(request, recall, text, kind))
    except WhykeeperError as error:
        _log.warning("no search by meaning: %s", error)
        notes.append(f"found by words only: {error.message}")
        return False
    if bridged:
        notes.append(
            f"{sum(bridged.values()):,} passages of prose are still compared by a quick, rougher model: "
            "the embedding model is reading them"
        )
    for similarities in similar.values():
        _merge(candidates, request, recall, similarities)
    return not by_words_only


def _stand_in(candidates: Iterable[Candidate], recall: Recall) -> None:
    """Let the rank by words stand in where a passage's meaning cannot be asked for yet.

    Without it, a file saved a moment ago would lose to whatever resembles the question.
    """
    silent = [each for each in candidates if each.meaning_rank is None]
    waiting = recall.catalog.waiting_keys([each.stored.vector_key for each in silent])
    bridged = recall.bridged(tuple(Kind))
    for each in silent:
        if each.chunk.kind in bridged and recall.provisional is not None:
            waiting -= recall.provisional.held(each.chunk.kind, [each.stored.vector_key])
        if each.stored.vector_key in waiting or not recall.encoder.ready_for(each.chunk.kind):
            each.meaning_rank = each.word_rank


def _nearest(request: SearchRequest, recall: Recall, text: str, kind: Kind) -> dict[int, float]:
    """The live chunks of a kind nearest in meaning: row to cosine similarity."""
    assert recall.vectors is not None
    wanted = NARROWED_NEIGHBOURS if request.paths else NEIGHBOURS
    near = recall.vectors.query(kind, recall.encoder.encode_query(text, kind), wanted)
    return _live(recall, kind, dict(near))


def _nearest_bridged(request: SearchRequest, recall: Recall, text: str, kind: Kind) -> dict[int, float]:
    """The same among chunks whose vectors are still awaited."""
    assert recall.provisional is not None
    wanted = NARROWED_NEIGHBOURS if request.paths else NEIGHBOURS
    near = recall.provisional.query(kind, recall.encoder.encode_query_quickly(text), wanted)
    return _live(recall, kind, dict(near))


def _live(recall: Recall, kind: Kind, near: Mapping[str, float]) -> dict[int, float]:
    live = recall.catalog.live(recall.checkout, list(near), kind)
    return {rowid: similarity for key, similarity in near.items() for rowid in live.get(key, ())}


def _merge(
    candidates: dict[int, Candidate],
    request: SearchRequest,
    recall: Recall,
    similarities: Mapping[int, float],
) -> None:
    within = PathFilter(request.paths)
    ordered = sorted(similarities, key=lambda rowid: -similarities[rowid])
    unseen = [rowid for rowid in ordered if rowid not in candidates][: None if request.paths else DEPTH]
    found = {
        stored.rowid: stored
        for stored in recall.catalog.chunks(recall.checkout, unseen)
        if within.everything or within(stored.chunk.path or "")
    }
    place = 0
    for rowid in ordered:
        candidate = candidates.get(rowid)
        if candidate is None and rowid in found and place < DEPTH:
            candidate = candidates[rowid] = Candidate(found[rowid])
        if candidate is not None:
            candidate.meaning_rank = place
            candidate.similarity = similarities[rowid]
            place += 1

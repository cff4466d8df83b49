"""A decision that was replaced is shown with the one that holds in its place."""

from __future__ import annotations

from collections.abc import Sequence

from whykeeper_indexers.catalog import PathFilter
from whykeeper_indexers.decisions import heirs_of
from whykeeper_indexers.decisions.sections import is_conclusion
from whykeeper_indexers.search.analysis import QueryAnalysis
from whykeeper_indexers.search.candidates import Candidate
from whykeeper_indexers.search.ranking import is_named
from whykeeper_indexers.search.recall import Recall, SearchRequest
from whykeeper_indexers.types import Kind

__all__ = ["with_successors"]


def with_successors(
    top: Sequence[Candidate], request: SearchRequest, recall: Recall, analysis: QueryAnalysis
) -> list[Candidate]:
    """Put what holds now beside each decision that was replaced, unless it stands before it already.

    Args:
        top: Ranked, best first, more of them than are wanted.
        request: How many are wanted, of which kinds and paths.
        recall: Where the successors are read.
        analysis: Of the question: what it asks for by name stays in front of its successor.

    Returns:
        At most as many as are wanted, best first.
    """
    wanted = list(top[: request.limit])
    overtaken = any(each.decision and each.decision.superseded_by for each in wanted)
    if not overtaken or (request.kinds and Kind.DECISION not in request.kinds):
        return wanted
    records, within = recall.catalog.decisions(recall.checkout), PathFilter(request.paths)
    answer: dict[int, Candidate] = {}
    shown: set[str] = set()
    for candidate in wanted:
        path = candidate.chunk.path or ""
        heirs = [each for each in heirs_of(path, records) if each not in shown and within(each)]
        beside = [found for each in heirs if (found := _passage(each, top, recall, candidate))]
        shown.update((path, *heirs))
        asked_for = is_named(candidate, analysis)
        for each in (candidate, *beside) if asked_for else (*beside, candidate):
            answer.setdefault(each.stored.rowid, each)
    return list(answer.values())[: request.limit]


def _passage(path: str, top: Sequence[Candidate], recall: Recall, replaced: Candidate) -> Candidate | None:
    """Its best passage of those found, else what it concludes; at the score of what it replaces."""
    found = next((each for each in top if each.chunk.path == path), None)
    if found is None:
        chunks = recall.catalog.file_chunks(recall.checkout, path)
        told = next((each for each in chunks if is_conclusion(each.chunk)), None) or next(iter(chunks), None)
        found = Candidate(told) if told else None
    if found is not None and found.score < replaced.score:
        if found.score:
            found.scale("replaces the next", replaced.score / found.score)
        else:
            found.score, found.signals["replaces the next"] = replaced.score, replaced.score
    return found

"""Does anything that was found answer the question?

An agent acts on the first results, so an answer about something else is worse than none. Two
independent signs are weighed: how near the best passage is in meaning, and which share of the
question's own words the best passages hold.
"""

from __future__ import annotations

from collections.abc import Sequence

from whykeeper_indexers.search.candidates import Candidate

__all__ = ["is_confident"]

NEAR = 0.30
"""Cosine under which the default model's best passage is about something else."""
COVERED = 0.34
"""Share of the question's words that must stand in the best passages when meaning is silent."""
CONSIDERED = 5


def is_confident(top: Sequence[Candidate], terms: Sequence[str]) -> bool:
    """Judge an answer.

    Args:
        top: Results, best first.
        terms: The question's distinct words, stemmed as the index stems them; empty when it has
            none that carry meaning.

    Returns:
        False when nothing in ``top`` is likely to answer.
    """
    considered = top[:CONSIDERED]
    if not considered:
        return False
    nearest = max((c.similarity for c in considered if c.similarity is not None), default=None)
    coverage = max(_coverage(candidate, terms) for candidate in considered)
    if nearest is None:
        return coverage >= COVERED
    return nearest >= NEAR or coverage >= 2 * COVERED


def _coverage(candidate: Candidate, terms: Sequence[str]) -> float:
    if not terms:
        return 0.0
    chunk = candidate.chunk
    haystack = " ".join((chunk.title, *chunk.breadcrumb, chunk.text, chunk.path or "")).lower()
    return sum(term in haystack for term in terms) / len(terms)

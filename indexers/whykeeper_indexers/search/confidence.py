"""Does anything that was found answer the question?

An agent acts on the first results, so an answer about something else is worse than none. Two
independent signs are weighed: how near the best passage is in meaning, and which share of the
question's own words the best passages hold.
"""

from __future__ import annotations

from collections.abc import Sequence

from whykeeper_indexers.search.candidates import Candidate

__all__ = ["is_confident"]

NEAR = 0.44
"""Cosine under which the default model's best passage is about something else."""
COVERED = 0.34
"""Share of the question's words that must stand in the best passages when meaning is silent."""
CONSIDERED = 5
SHORT_WORD = 5


def is_confident(top: Sequence[Candidate], terms: Sequence[str]) -> bool:
    """Judge an answer.

    Args:
        top: Results, best first.
        terms: The question's distinct words as ``catalog.query_terms`` gives them; empty when it
            has none that carry meaning.

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
    """The share of the terms that a passage, its headings or its path hold, in any inflection."""
    chunk = candidate.chunk
    haystack = " ".join((chunk.title, *chunk.breadcrumb, chunk.text, chunk.path or "")).lower()
    stems = [_stem(term.strip('"').lower()) for term in terms]
    return sum(stem in haystack for stem in stems) / len(stems) if stems else 0.0


def _stem(word: str) -> str:
    """Cut what inflection may change: enough to tell whether a passage uses the word."""
    return word if len(word) <= SHORT_WORD else word[: max(SHORT_WORD, len(word) - 3)]

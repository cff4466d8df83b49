"""Does anything that was found answer the question?

An agent acts on the first results, so an answer about something else is worse than none. Two
independent signs are weighed: how near the best passage is in meaning, and which share of the
question's own words the best passages hold.
"""

from __future__ import annotations

from collections.abc import Sequence

from whykeeper_indexers.search.candidates import Candidate
from whykeeper_indexers.search.recall import GROUPS

__all__ = ["is_confident"]

NEAR = 0.44
"""Cosine under which the default model's best passage is about something else."""
NEAR_WITHOUT_WORDS = 0.6
"""The same where none of the question's words is in it, and of prose alone: gibberish, too, is near to
something, and to the static model of code and commits to almost everything."""
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
    similarities = [(c.similarity, c.chunk.kind) for c in considered if c.similarity is not None]
    coverage = max(_coverage(candidate, terms) for candidate in considered)
    if not similarities:
        return coverage >= COVERED
    if terms and not coverage:
        prose = (similarity for similarity, kind in similarities if GROUPS[kind] == "prose")
        return max(prose, default=0.0) >= NEAR_WITHOUT_WORDS
    return max(similarities)[0] >= NEAR or coverage >= 2 * COVERED


def _coverage(candidate: Candidate, terms: Sequence[str]) -> float:
    """The share of the terms that a passage, its headings or its path hold, in any inflection."""
    chunk = candidate.chunk
    haystack = " ".join((chunk.title, *chunk.breadcrumb, chunk.text, chunk.path or "")).lower()
    stems = [_stem(term.strip('"').lower()) for term in terms]
    return sum(stem in haystack for stem in stems) / len(stems) if stems else 0.0


def _stem(word: str) -> str:
    """Cut what inflection may change: enough to tell whether a passage uses the word."""
    return word if len(word) <= SHORT_WORD else word[: max(SHORT_WORD, len(word) - 3)]

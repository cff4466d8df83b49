"""Which questions mean the same: agglomerative clustering, and the question in the middle of each group.

Complete linkage: a group takes in what is near to each of its questions. Measured on 120 questions, three
wordings of each of 40 in two halves; see ``docs/decisions/0033-questions-nobody-could-answer.md``.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from whykeeper_indexers.catalog import query_terms

__all__ = ["NEAR_IN_MEANING", "NEAR_IN_WORDS", "by_meaning", "by_words", "grouped"]

NEAR_IN_MEANING = 0.475
"""Cosine of the default model's vectors from which two questions are taken for one."""
NEAR_IN_WORDS = 0.25
"""The same for the share of words that two questions have in common."""
STEM = 4
"""Characters of a word that count: what follows is mostly inflection."""

Similarities = NDArray[np.float32]


def by_meaning(vectors: Sequence[NDArray[np.float32]]) -> Similarities:
    """Compare questions by the cosines of their vectors, which have length 1."""
    stacked = np.stack(vectors)
    return np.asarray(stacked @ stacked.T, dtype=np.float32)


def by_words(questions: Sequence[str]) -> Similarities:
    """Compare questions by the words that carry meaning: those in common, of those in either."""
    words = [{term.strip('"').lower()[:STEM] for term in query_terms(text)} for text in questions]
    shares = [[_shared(one, other) for other in words] for one in words]
    return np.array(shares, dtype=np.float32)


def grouped(similarities: Similarities, least: float) -> list[list[int]]:
    """Group what is alike.

    Args:
        similarities: Of each question to each other.
        least: No two questions of a group are less alike.

    Returns:
        Groups of the questions' places, the one in the middle of each first.
    """
    groups = [[place] for place in range(len(similarities))]
    farthest = similarities.astype(np.float64).copy()
    np.fill_diagonal(farthest, -np.inf)
    while len(groups) > 1:
        first, second = sorted(map(int, np.unravel_index(int(farthest.argmax()), farthest.shape)))
        if farthest[first, second] < least:
            break
        farthest[first] = farthest[:, first] = np.minimum(farthest[first], farthest[second])
        farthest[first, first] = -np.inf
        farthest = np.delete(np.delete(farthest, second, axis=0), second, axis=1)
        groups[first] += groups.pop(second)
    return [_from_the_middle(group, similarities) for group in groups]


def _from_the_middle(group: list[int], similarities: Similarities) -> list[int]:
    nearness = similarities[np.ix_(group, group)].mean(axis=1)
    return [group[place] for place in sorted(range(len(group)), key=lambda place: -float(nearness[place]))]


def _shared(one: set[str], other: set[str]) -> float:
    either = one | other
    return len(one & other) / len(either) if either else 0.0

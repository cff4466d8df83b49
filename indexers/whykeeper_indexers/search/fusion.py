"""From several ranked lists to one score.

Reciprocal rank fusion (Cormack, Clarke, Büttcher: "Reciprocal Rank Fusion outperforms Condorcet
and individual Rank Learning Methods", SIGIR 2009): scores of different retrievers do not compare,
their ranks do.
"""

from __future__ import annotations

from collections.abc import Iterable

from whykeeper_indexers.search.candidates import Candidate

__all__ = ["RRF_K", "fuse"]

RRF_K = 30
"""How slowly a rank loses weight. The paper's 60 was for lists of 1,000; ours hold 50."""

WORD_WEIGHT = 1.0
MEANING_WEIGHT = 1.0


def fuse(candidates: Iterable[Candidate]) -> None:
    """Set each candidate's score from its ranks.

    Args:
        candidates: With ``word_rank`` and ``meaning_rank`` set; changed in place.
    """
    for candidate in candidates:
        words = _share(candidate.word_rank, WORD_WEIGHT)
        meaning = _share(candidate.meaning_rank, MEANING_WEIGHT)
        candidate.score = words + meaning
        candidate.signals.update(words=round(words, 5), meaning=round(meaning, 5))


def _share(rank: int | None, weight: float) -> float:
    return 0.0 if rank is None else weight / (RRF_K + 1 + rank)

"""From several ranked lists to one score.

Reciprocal rank fusion (Cormack, Clarke, Büttcher: "Reciprocal Rank Fusion outperforms Condorcet
and individual Rank Learning Methods", SIGIR 2009): scores of different retrievers do not compare,
their ranks do. But ranks alone hide that one passage holds the question's rare word and no other
does; so the strength of a match by words, which does compare between passages, raises the whole
(what scores carry and ranks lose: Bruch, Gai and Ingber, "An Analysis of Fusion Functions for
Hybrid Retrieval", 2023).
"""

from __future__ import annotations

from collections.abc import Iterable

from whykeeper_indexers.search.candidates import Candidate

__all__ = ["RRF_K", "fuse"]

RRF_K = 30
"""How slowly a rank loses weight. The paper's 60 was for lists of 1,000; ours hold 50."""

WORD_WEIGHT = 1.0
MEANING_WEIGHT = 1.0
STRENGTH_WEIGHT = 1.0
"""The best match by words counts twice. nDCG@10 on the hand-written questions is 0.632 without it,
0.662 at 0.6, 0.672 at 1 and at 1.5, 0.662 at 2.5; on the code set 0.805, 0.803, 0.803 and, at 2, 0.798."""


def fuse(candidates: Iterable[Candidate]) -> None:
    """Set each candidate's score from its ranks.

    Args:
        candidates: With ``word_rank``, ``word_strength`` and ``meaning_rank`` set; changed in place.
    """
    for candidate in candidates:
        words = _share(candidate.word_rank, WORD_WEIGHT)
        meaning = _share(candidate.meaning_rank, MEANING_WEIGHT)
        candidate.score = words + meaning
        candidate.signals.update(words=round(words, 5), meaning=round(meaning, 5))
        candidate.scale("strong words", 1 + STRENGTH_WEIGHT * candidate.word_strength)


def _share(rank: int | None, weight: float) -> float:
    return 0.0 if rank is None else weight / (RRF_K + 1 + rank)

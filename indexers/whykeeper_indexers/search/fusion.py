"""From several ranked lists to one score.

Reciprocal rank fusion (Cormack, Clarke, Büttcher: "Reciprocal Rank Fusion outperforms Condorcet
and individual Rank Learning Methods", SIGIR 2009): scores of different retrievers do not compare,
their ranks do. But ranks alone hide that one passage holds the question's rare word and no other
does, and that in a small repository the second nearest passage may be about something else. So the
strength of a match by words raises the whole, and a passage much farther off than the nearest one
gets less for its rank (what scores carry and ranks lose: Bruch, Gai and Ingber, "An Analysis of
Fusion Functions for Hybrid Retrieval", 2023).
"""

from __future__ import annotations

from collections.abc import Iterable

from whykeeper_indexers.search.candidates import Candidate

__all__ = ["RRF_K", "fuse"]

RRF_K = 30
"""How slowly a rank loses weight. The paper's 60 was for lists of 1,000; ours hold 50."""

WORD_WEIGHT = 1.0
MEANING_WEIGHT = 1.0
STRENGTH_WEIGHT = 1.5
"""What all words of the question add, in units of what the ranks give. nDCG@10 on the hand-written questions
is 0.726 at 1, 0.734 at 1.5 and 0.730 at 2; on the code set 0.892, 0.890 and 0.889."""
NEAR_ENOUGH = 0.7
"""Share of the nearest passage's cosine from which on a rank counts in full; 0.5 to 0.8 score alike."""


def fuse(candidates: Iterable[Candidate]) -> None:
    """Set each candidate's score from its ranks.

    Args:
        candidates: With their ranks, ``word_strength`` and ``nearness`` set; changed in place.
    """
    for candidate in candidates:
        words = _share(candidate.word_rank, WORD_WEIGHT)
        meaning = _share(candidate.meaning_rank, MEANING_WEIGHT)
        if candidate.nearness < NEAR_ENOUGH:
            meaning *= candidate.nearness / NEAR_ENOUGH
        candidate.score = words + meaning
        if candidate.word_rank is not None:
            candidate.signals["words"] = words
        if candidate.meaning_rank is not None:
            candidate.signals[candidate.meaning_by] = meaning
        if candidate.word_strength:
            candidate.scale("strong words", 1 + STRENGTH_WEIGHT * candidate.word_strength)


def _share(rank: int | None, weight: float) -> float:
    return 0.0 if rank is None else weight / (RRF_K + 1 + rank)

"""The metrics that the evaluation sets define, as pure functions.

Ranks are 1-based. Gains are ``2**grade - 1``, the discount ``1 / log2(rank + 1)``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

__all__ = ["ndcg", "recall", "reciprocal_rank", "strict_ndcg"]


def ndcg(ranked: Sequence[str], grades: Mapping[str, int], k: int = 10) -> float:
    """Normalised discounted cumulative gain over distinct files.

    Args:
        ranked: Files, best first, each once.
        grades: Grade of each relevant file.
        k: Where to cut.
    """
    gained = sum(
        (2 ** grades.get(name, 0) - 1) / math.log2(rank + 1) for rank, name in enumerate(ranked[:k], 1)
    )
    best = sorted(grades.values(), reverse=True)[:k]
    ideal = sum((2**grade - 1) / math.log2(rank + 1) for rank, grade in enumerate(best, 1))
    return gained / ideal if ideal else 0.0


def recall(ranked: Sequence[str], grades: Mapping[str, int], k: int = 5) -> float:
    """Share of the relevant files found among the first ``k``."""
    return len(set(ranked[:k]) & set(grades)) / len(grades) if grades else 0.0


def reciprocal_rank(ranked: Sequence[str], grades: Mapping[str, int], k: int = 10) -> float:
    """One over the rank of the first relevant file, 0 beyond ``k``."""
    return next((1 / rank for rank, name in enumerate(ranked[:k], 1) if name in grades), 0.0)


def strict_ndcg(
    chunks: Sequence[tuple[str, int, int]], targets: Sequence[tuple[str, tuple[int, int] | None]], k: int = 10
) -> float:
    """Binary gain over the raw list of chunks: repeated chunks of one file waste ranks.

    Args:
        chunks: Path, first and last line of each result, best first.
        targets: Path and, where given, the lines a result must cover or touch.
        k: Where to cut.
    """
    gained = 0.0
    for path, lines in targets:
        for rank, (found, start, end) in enumerate(chunks[:k], 1):
            if found == path and (lines is None or (start <= lines[1] and end >= lines[0])):
                gained += 1 / math.log2(rank + 1)
                break
    ideal = sum(1 / math.log2(rank + 1) for rank in range(1, min(len(targets), k) + 1))
    return gained / ideal if ideal else 0.0

"""What the passages of one file say together: a file that a question is about has several that answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from whykeeper_indexers.search.candidates import Candidate

__all__ = ["AGREEING_CHUNK", "MAX_AGREEING", "by_file", "lift_best", "lifted"]

AGREEING_CHUNK = 0.12
"""What each further chunk of the same file, found too, adds to the file's best one."""
MAX_AGREEING = 3


def by_file(candidates: Iterable[Candidate]) -> Iterable[list[Candidate]]:
    """Put the candidates that stand in files together, a list for each file."""
    files: defaultdict[str, list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        if candidate.chunk.path:
            files[candidate.chunk.path].append(candidate)
    return files.values()


def lifted(same_file: Sequence[Candidate], share: float, most: int | None) -> float:
    """Give the best score of a file and a share of what its other passages score.

    Args:
        same_file: Passages of one file, at least one.
        share: Of each other's score.
        most: How many others count, the best of them; all when None.
    """
    best, *others = sorted((candidate.score for candidate in same_file), reverse=True)
    return best + share * sum(others[:most])


def lift_best(same_file: Sequence[Candidate], share: float, most: int | None) -> None:
    """Let the best passage of a file score what `lifted` says."""
    best = max(same_file, key=lambda candidate: candidate.score)
    if best.score > 0:
        best.scale("agreeing chunks", lifted(same_file, share, most) / best.score)

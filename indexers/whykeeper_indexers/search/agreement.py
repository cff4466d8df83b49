"""What the passages of one file say together: a file that a question is about has several that answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from whykeeper_indexers.search.candidates import Candidate

__all__ = ["by_file", "lift_best"]


def by_file(candidates: Iterable[Candidate]) -> Iterable[list[Candidate]]:
    """Put the candidates that stand in files together, a list for each file."""
    files: defaultdict[str, list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        if candidate.chunk.path:
            files[candidate.chunk.path].append(candidate)
    return files.values()


def lift_best(same_file: Sequence[Candidate], share: float, most: int | None = None) -> None:
    """Add a share of what a file's other passages score to its best one.

    Args:
        same_file: Passages of one file, at least one; the best is changed in place.
        share: Of each other's score.
        most: How many others count, the best of them; all when None.
    """
    best, *others = sorted(same_file, key=lambda candidate: -candidate.score)
    if best.score > 0:
        more = sum(other.score for other in others[:most])
        best.scale("agreeing chunks", 1 + share * more / best.score)

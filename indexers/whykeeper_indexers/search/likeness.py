"""Documents that speak of what a source file does, in whatever words: found by the vectors of both.

What a file's pieces say of themselves has been encoded like any passage, so nothing is encoded for it:
the vectors that are stored are compared. Pure reading; safe to call from several threads.
"""

from __future__ import annotations

from collections.abc import Sequence

from whykeeper_indexers.catalog import StoredChunk
from whykeeper_indexers.search.recall import Recall
from whykeeper_indexers.types import Kind

__all__ = ["Alike", "comparable", "documents_alike"]

PIECES = 8
"""Of a file, from its beginning, where it says what it is for; 4 or all of them rank the same."""
NEIGHBOURS = 60
"""Passages that count, the nearest of all kinds; 120 give the same, 40 less (nDCG@10 by 0.007)."""

Alike = dict[str, tuple[float, StoredChunk]]
"""To each document its nearest passage, and by how much that is nearer than the last that counts."""


def comparable(recall: Recall, kinds: Sequence[Kind]) -> bool:
    """Say whether one model reads code and passages of these kinds: only then their vectors compare."""
    encoder = recall.encoder
    return all(encoder.tier(kind) is encoder.tier(Kind.CODE) for kind in kinds)


def documents_alike(pieces: Sequence[StoredChunk], recall: Recall, kinds: Sequence[Kind]) -> Alike | None:
    """Find the documents with a passage near to one of a file's pieces.

    Args:
        pieces: Of one file, in its order.
        recall: Where to look.
        kinds: Of the passages; see ``comparable``.

    Returns:
        By path, the nearest first; None while no vector of the file is there yet.

    Raises:
        WhykeeperError: The vector store failed.
    """
    similar = _similarities([piece.vector_key for piece in pieces[:PIECES]], recall, kinds)
    if not similar:
        return None
    nearest = sorted(similar, key=lambda rowid: (-similar[rowid], rowid))[:NEIGHBOURS]
    least = similar[nearest[-1]]
    found: Alike = {}
    for stored in recall.catalog.chunks(recall.checkout, nearest):
        if path := stored.chunk.path:
            found.setdefault(path, (similar[stored.rowid] - least, stored))
    return found


def _similarities(keys: Sequence[str], recall: Recall, kinds: Sequence[Kind]) -> dict[int, float]:
    """The live passages nearest to any of some vectors of code, with their greatest cosine."""
    vectors = recall.vectors.directions(Kind.CODE, keys) if recall.vectors is not None and keys else None
    similar: dict[int, float] = {}
    if recall.vectors is None or vectors is None:
        return similar
    for kind in kinds:
        near = dict(recall.vectors.query(kind, vectors, NEIGHBOURS))
        for key, rows in recall.catalog.live(recall.checkout, list(near), kind).items():
            similar |= dict.fromkeys(rows, near[key])
    return similar

"""Commits that a question spells by their hashes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from whykeeper_indexers.catalog import StoredChunk, chunk_id
from whykeeper_indexers.history import commit_chunks
from whykeeper_indexers.search.recall import Recall

__all__ = ["spelled_commits"]


def spelled_commits(recall: Recall, hashes: Sequence[str]) -> Iterator[StoredChunk]:
    """Give the first passage of each commit that is in the checkout's history.

    Args:
        recall: Where to look.
        hashes: Whole or abbreviated; one that several commits begin with is nobody's.
    """
    for asked in hashes:
        commit = recall.catalog.commit_by_prefix(asked)
        first = commit_chunks(commit)[0] if commit else None
        if first and (stored := recall.catalog.chunk_by_id(recall.checkout, chunk_id(first))):
            yield stored

"""Reading the history: the parse worker's other half."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from whykeeper_indexers.catalog import PreparedChunk, prepare
from whykeeper_indexers.git import run_git
from whykeeper_indexers.history import commit_chunks, read_commits, redacted, worth_remembering
from whykeeper_indexers.secrets import redact
from whykeeper_indexers.types import CommitRecord

__all__ = ["HistoryBatch", "read_history"]


@dataclass(frozen=True, slots=True)
class HistoryBatch:
    """Commits that were not known yet.

    Attributes:
        head: Hash that HEAD stood at; None when there is no commit.
        commits: Newest first, each with its chunks; none for those not worth remembering.
    """

    head: str | None
    commits: tuple[tuple[CommitRecord, tuple[PreparedChunk, ...]], ...]


def read_history(root: Path, known_tips: Sequence[str], limit: int) -> HistoryBatch:
    """Read the commits reachable from HEAD and not from what is known.

    Args:
        root: The checkout.
        known_tips: Hashes whose histories are indexed.
        limit: Most commits to read, newest first.

    Returns:
        The commits; empty where there is no git or no commit.
    """
    head = (
        run_git(root, ["rev-parse", "--verify", "--quiet", "HEAD"], ok=(0, 1, 128)).decode().strip() or None
    )
    if head is None or head in known_tips:
        return HistoryBatch(head, ())
    # All of them before the first is redacted, which may have to wait until the rules are compiled.
    found = list(read_commits(root, limit=limit, exclude_tips=known_tips))
    commits = []
    for commit in (redacted(each, redact) for each in found):
        chunks = commit_chunks(commit) if worth_remembering(commit) else ()
        commits.append((commit, tuple(map(prepare, chunks))))
    return HistoryBatch(head, tuple(commits))

"""The order of commits that bear the same time: a rebase, or a script, makes many within a second."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from time import monotonic

from whykeeper_indexers.git import run_git

__all__ = ["ranks"]

LEAST_S = 0.2


def ranks(root: Path, made_at: Mapping[str, int], deadline: float) -> dict[str, int]:
    """Say which of some commits come first where their times do not: children before their parents.

    Args:
        root: The checkout.
        made_at: To each commit when it was made, seconds since the epoch.
        deadline: By ``time.monotonic``.

    Returns:
        A rank for each commit that shares its time with another, the newest the least.

    Raises:
        GitError: Git refused, or took too long.
    """
    by_time: defaultdict[int, list[str]] = defaultdict(list)
    for commit, at in made_at.items():
        by_time[at].append(commit)
    found: dict[str, int] = {}
    for at, tied in by_time.items():
        if len(tied) > 1:
            # What is older than they are need not be walked: no way from one to another leads there.
            arguments = ["rev-list", "--topo-order", f"--max-age={at}", *tied, "--"]
            said = run_git(root, arguments, timeout_s=max(deadline - monotonic(), LEAST_S))
            found.update((commit, rank) for rank, commit in enumerate(said.decode().split()))
    return {commit: found[commit] for commit in made_at if commit in found}

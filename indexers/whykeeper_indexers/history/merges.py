"""Which merges brought commits into a branch: their messages often hold reason and pull request."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Mapping
from contextlib import closing
from pathlib import Path
from time import monotonic

from whykeeper_indexers.git import GitError, stream_git

__all__ = ["MOST_MERGES", "merges_bringing"]

MOST_MERGES = 3
"""Of one commit: the inmost is the pull request's, the outer ones bring branches together."""
_A_DAY_S = 86_400
"""Clocks differ between machines."""


def merges_bringing(
    root: Path, head: str, commits: Collection[str], since: int, deadline: float
) -> dict[str, tuple[str, ...]] | None:
    """Find the merges through which commits came into the history of a branch.

    A merge brings a commit in when its first parent does not have it yet.

    Args:
        root: The checkout.
        head: Where the branch is.
        commits: Full hashes.
        since: When the oldest of them was made, seconds since the epoch.
        deadline: By ``time.monotonic``.

    Returns:
        To each commit that a merge brought in those merges, the inmost first; None where time ran out.
    """
    try:
        parents = _parents(root, head, since, deadline)
    except GitError as error:
        if error.returncode is None:
            return None
        raise
    children: defaultdict[str, list[str]] = defaultdict(list)
    for child, above in parents.items():
        for parent in above:
            children[parent].append(child)
    found = {commit: _bringing(head, commit, parents, children) for commit in commits}
    return {commit: merges for commit, merges in found.items() if merges}


def _parents(root: Path, head: str, since: int, deadline: float) -> dict[str, list[str]]:
    arguments = ["rev-list", "--parents", f"--since={max(since - _A_DAY_S, 0)}", head, "--"]
    left = max(deadline - monotonic(), 0.05)
    with closing(stream_git(root, arguments, separator=b"\n", timeout_s=left)) as records:
        rows = (record.decode().split() for record in records)
        return {row[0]: row[1:] for row in rows if row}


def _bringing(
    head: str, commit: str, parents: Mapping[str, list[str]], children: Mapping[str, list[str]]
) -> tuple[str, ...]:
    having = _descendants(commit, children)
    merges: list[str] = []
    tip: str | None = head if head in having else None
    while tip is not None and tip != commit:
        at = _first_having(tip, having, parents)
        above = [each for each in parents.get(at, ()) if each in having]
        if at == commit or not above:
            break
        merges.append(at)
        tip = above[0]
    return tuple(reversed(merges))[:MOST_MERGES]


def _first_having(tip: str, having: Collection[str], parents: Mapping[str, list[str]]) -> str:
    """The oldest commit of a line of first parents that has what is sought."""
    at = tip
    while (above := parents.get(at)) and above[0] in having:
        at = above[0]
    return at


def _descendants(commit: str, children: Mapping[str, Iterable[str]]) -> set[str]:
    found, waiting = {commit}, deque([commit])
    while waiting:
        new = [each for each in children.get(waiting.popleft(), ()) if each not in found]
        found.update(new)
        waiting.extend(new)
    return found

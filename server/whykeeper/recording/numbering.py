"""Which names and numbers of records are taken: here, in other worktrees, and on branches.

Two branches that each add record 12 merge without a conflict and leave two of them, so what others have
begun counts as well.
"""

from __future__ import annotations

import logging
import os
import posixpath
from collections.abc import Iterable, Iterator
from pathlib import Path

from whykeeper_indexers.decisions.places import is_aside, record_name
from whykeeper_indexers.documents import is_document
from whykeeper_indexers.git import GitError, run_git
from whykeeper_indexers.scan import Repository

__all__ = ["next_number", "taken_names"]

_log = logging.getLogger(__name__)

MOST_FILES = 20_000
MOST_WORKTREES = 50
MOST_BRANCHES = 500
"""The newest ones; all are asked for in one go."""
MOST_FOLDERS = 60
"""States of the folder among them; most branches share a few."""
_LIMIT_S = 10.0


def next_number(names: Iterable[str]) -> int:
    """One more than the highest number of some records."""
    numbers = (record_name(name).number for name in names if is_document(name) and not is_aside(name))
    return max((number for number in numbers if number is not None), default=0) + 1


def taken_names(repository: Repository, folder: str) -> frozenset[str]:
    """Give the names of files below a folder, in this checkout, other worktrees, and on branches.

    Args:
        repository: The checkout.
        folder: Relative to the root.

    Returns:
        Names without their folders. What git cannot tell is left out, and logged.
    """
    names = set(_below(repository.root / folder))
    if repository.is_git:
        try:
            for root in _worktrees(repository.root):
                names.update(_below(root / folder))
            names.update(_on_branches(repository.root, folder))
        except GitError as error:
            _log.warning("names on branches of %s are not known: %s", repository.root, error)
    return frozenset(names)


def _below(folder: Path) -> Iterator[str]:
    seen = 0
    for _, folders, files in os.walk(folder):
        folders[:] = [each for each in folders if each != ".git"]
        yield from files
        seen += len(files)
        if seen > MOST_FILES:
            return


def _worktrees(root: Path) -> list[Path]:
    said = run_git(root, ["worktree", "list", "--porcelain", "-z"], timeout_s=_LIMIT_S)
    listed = (entry for entry in said.split(b"\0") if entry.startswith(b"worktree "))
    roots = [Path(os.fsdecode(entry.removeprefix(b"worktree "))) for entry in listed]
    return [each for each in roots if each != root][:MOST_WORKTREES]


def _on_branches(root: Path, folder: str) -> Iterator[str]:
    asked = ["for-each-ref", f"--count={MOST_BRANCHES}", "--sort=-committerdate", "--format=%(objectname)"]
    commits = dict.fromkeys(
        run_git(root, [*asked, "refs/heads", "refs/remotes"], timeout_s=_LIMIT_S).decode().split()
    )
    if not commits:
        return
    paths = "".join(f"{commit}:{folder}\n" for commit in commits).encode("utf-8", "surrogateescape")
    found = run_git(root, ["cat-file", "--batch-check"], input=paths, timeout_s=_LIMIT_S)
    answers = (line.split(b" ") for line in found.splitlines())
    trees = dict.fromkeys(words[0].decode() for words in answers if len(words) == 3 and words[1] == b"tree")
    for tree in list(trees)[:MOST_FOLDERS]:
        listed = run_git(root, ["ls-tree", "-r", "-z", "--name-only", tree], timeout_s=_LIMIT_S)
        yield from (posixpath.basename(os.fsdecode(name)) for name in listed.split(b"\0") if name)

"""Which branch is worked on, and what the others are to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from whykeeper_indexers.git import GitError, run_git
from whykeeper_indexers.scan import Repository

__all__ = ["MAIN_BRANCHES", "Whereabouts", "branches_of", "in_tree", "merged_branches", "whereabouts"]

MAIN_BRANCHES: Final = frozenset({"main", "master", "trunk", "develop", "dev"})
"""Branches that others leave: a plan is often made before the branch is."""
_REBASING: Final = ("rebase-merge/head-name", "rebase-apply/head-name")
_HEADS: Final = "refs/heads/"


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where a checkout stands.

    Attributes:
        branch: Checked out, or being rebased; empty where there is none.
        head: The commit; empty where there is none yet.
        names: Where no branch is checked out: the branches that end at the commit, local ones and others'.
    """

    branch: str = ""
    head: str = ""
    names: frozenset[str] = field(default_factory=frozenset)

    def is_of(self, branch: str) -> bool:
        """Whether a branch is the one that is worked on."""
        return branch == self.branch if self.branch else branch in self.names


def whereabouts(repository: Repository) -> Whereabouts:
    """See which branch is worked on.

    Raises:
        GitError: Git is missing or failed.
    """
    if not repository.is_git:
        return Whereabouts()
    root = repository.root
    head = run_git(root, ["rev-parse", "--verify", "--quiet", "HEAD"], ok=(0, 1, 128)).decode().strip()
    said = run_git(root, ["symbolic-ref", "--quiet", "HEAD"], ok=(0, 1, 128))
    branch = _short(said.decode("utf-8", "surrogateescape").strip()) or _rebased(repository)
    return Whereabouts(branch, head, frozenset() if branch else _ending_at(repository))


def branches_of(repository: Repository) -> Mapping[str, str]:
    """The local branches, each with the commit at which it ends.

    Raises:
        GitError: Git is missing or failed.
    """
    if not repository.is_git:
        return {}
    listed = run_git(repository.root, ["for-each-ref", "--format=%(objectname) %(refname)", _HEADS])
    pairs = (line.split(" ", 1) for line in listed.decode("utf-8", "surrogateescape").splitlines())
    return {_short(name): commit for commit, name in pairs}


def merged_branches(repository: Repository) -> frozenset[str]:
    """The local branches whose commits are all in what is checked out.

    Raises:
        GitError: Git is missing or failed.
    """
    if not repository.is_git:
        return frozenset()
    asked = ["for-each-ref", "--merged=HEAD", "--format=%(refname)", _HEADS]
    listed = run_git(repository.root, asked, ok=(0, 128, 129)).decode("utf-8", "surrogateescape")
    return frozenset(map(_short, listed.splitlines()))


def in_tree(repository: Repository, tree: str, path: str) -> bool:
    """Whether a commit, or a branch, has a file."""
    try:
        return bool(run_git(repository.root, ["ls-tree", "-z", "--name-only", tree, "--", path]))
    except GitError:
        return False


def _short(name: str) -> str:
    return name.removeprefix(_HEADS)


def _rebased(repository: Repository) -> str:
    """The branch that is being rebased, on which no branch is checked out."""
    for name in _REBASING:
        try:
            assert repository.git_dir is not None
            said = (repository.git_dir / name).read_text(encoding="utf-8", errors="surrogateescape").strip()
        except OSError:
            continue
        return _short(said) if said.startswith(_HEADS) else ""
    return ""


def _ending_at(repository: Repository) -> frozenset[str]:
    arguments = ["for-each-ref", "--points-at", "HEAD", "--format=%(refname)", _HEADS, "refs/remotes/"]
    listed = run_git(repository.root, arguments, ok=(0, 128, 129)).decode("utf-8", "surrogateescape")
    names = set()
    for line in listed.splitlines():
        # refs/heads/a/b and refs/remotes/origin/a/b are both a/b.
        names.add(_short(line) if line.startswith(_HEADS) else line.split("/", 3)[-1])
    return frozenset(names - {"HEAD"})

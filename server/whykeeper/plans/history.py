"""What happened in the repository since a plan was made."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from whykeeper_indexers.git import GitError, run_git
from whykeeper_indexers.scan import Repository

__all__ = ["Commit", "Since", "Uncommitted", "commits_since", "uncommitted"]

MOST_COMMITS: Final = 400
"""Read; a branch with more is told of by its newest."""
_SINCE: Final = re.compile(r"\d{4}-\d\d-\d\d(?: \d\d:\d\d)?")
_MARK: Final = "\x01"
_FORMAT: Final = "--format=%x01%H%x00%P%x00%ae%x00%an%x00%B"
_BOTH_NAMES: Final = "RC"


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit since then.

    Attributes:
        sha: Full hash.
        email: Its author's.
        author: Their name.
        message: Whole.
        files: What it touched: a letter of git's for each path. None of a merge.
        merged: Whether a merge brought it in.
        fresh: Whether it came after the plan was last written.
    """

    sha: str
    email: str
    author: str
    message: str
    files: tuple[tuple[str, str], ...]
    merged: bool
    fresh: bool

    @property
    def subject(self) -> str:
        """The first line of the message."""
        return self.message.strip().split("\n", 1)[0]


@dataclass(frozen=True, slots=True)
class Since:
    """Commits since a plan was made.

    Attributes:
        commits: Newest first.
        me: The e-mail address under which this checkout commits; empty where it is not known.
        complete: Whether these are all.
    """

    commits: tuple[Commit, ...] = ()
    me: str = ""
    complete: bool = True

    def by_others(self, commit: Commit) -> bool:
        """Whether somebody else made it, or a merge brought it in."""
        return commit.merged or bool(self.me and commit.email.lower() != self.me.lower())


@dataclass(frozen=True, slots=True)
class Uncommitted:
    """Files that differ from the commit.

    Attributes:
        paths: Sorted; new folders end in a slash.
        unmerged: Those in which a merge left conflicts.
    """

    paths: tuple[str, ...] = ()
    unmerged: tuple[str, ...] = ()


def commits_since(repository: Repository, started_at: str, opened: str, seen_at: str) -> Since:
    """List the commits since a plan was made.

    Args:
        repository: The checkout.
        started_at: What was checked out then.
        opened: When that was; used where there is no such commit any more.
        seen_at: What was checked out when it was last written.

    Raises:
        GitError: Git is missing or failed.
    """
    if not repository.is_git:
        return Since()
    root = repository.root
    span = _span(repository, started_at, opened)
    if span is None:
        return Since()
    listing = ["log", "-z", f"--max-count={MOST_COMMITS}", "--name-status", "-M", _FORMAT, *span, "--"]
    entries = list(_entries(run_git(root, listing).decode("utf-8", "replace").split("\0")))
    line = _first_parents(entries)
    seen = _reachable(repository, seen_at)
    commits = (
        Commit(
            sha, email, author, message, files, merged=bool(line) and sha not in line, fresh=sha not in seen
        )
        for sha, _, email, author, message, files in entries
    )
    me = run_git(root, ["config", "user.email"], ok=(0, 1)).decode("utf-8", "replace").strip()
    return Since(tuple(commits), me, len(entries) < MOST_COMMITS)


def uncommitted(repository: Repository, variables: dict[str, str]) -> Uncommitted:
    """List what is not committed.

    Args:
        repository: The checkout.
        variables: With which git runs none of its filters; see `without_filters`.

    Raises:
        GitError: Git is missing or failed.
    """
    if not repository.is_git:
        return Uncommitted()
    status = ["status", "--porcelain=v1", "-z", "--ignore-submodules=all", "--untracked-files=normal"]
    said = run_git(repository.root, status, variables=variables).decode("utf-8", "surrogateescape")
    paths, unmerged = [], []
    fields = iter(said.split("\0"))
    for field in fields:
        if not field:
            continue
        state, path = field[:2], field[3:]
        if state[0] in _BOTH_NAMES:
            next(fields, "")
        paths.append(path)
        if "U" in state or state in ("AA", "DD"):
            unmerged.append(path)
    return Uncommitted(tuple(sorted(paths)), tuple(sorted(unmerged)))


def _span(repository: Repository, started_at: str, opened: str) -> list[str] | None:
    if started_at and _exists(repository, started_at):
        return [f"{started_at}..HEAD"]
    if not _exists(repository, "HEAD"):
        return None
    # A clone may lack the commit: what came after that time is told then.
    when = _SINCE.match(opened)
    return [f"--since={when[0]} +0000", "HEAD"] if when else None


def _exists(repository: Repository, name: str) -> bool:
    if not re.fullmatch(r"HEAD|[0-9a-f]{4,64}", name):
        return False
    asked = ["rev-parse", "--verify", "--quiet", f"{name}^{{commit}}"]
    return bool(run_git(repository.root, asked, ok=(0, 1, 128)).strip())


def _reachable(repository: Repository, seen_at: str) -> frozenset[str]:
    """The commits that were there when the plan was last written."""
    if not re.fullmatch(r"[0-9a-f]{4,64}", seen_at):
        return frozenset()
    listing = ["rev-list", f"--max-count={2 * MOST_COMMITS}", seen_at]
    try:
        return frozenset(run_git(repository.root, listing).decode().split())
    except GitError:
        return frozenset()


_Entry = tuple[str, str, str, str, str, tuple[tuple[str, str], ...]]


def _entries(fields: Sequence[str]) -> Iterator[_Entry]:
    """Read commits, each followed by a letter and one path or two for every file."""
    at = 0
    while at + 4 < len(fields):
        if not fields[at].startswith(_MARK):
            at += 1
            continue
        sha, parents, email, author, message = fields[at : at + 5]
        at += 5
        files = []
        while at < len(fields) and (letter := fields[at].lstrip("\n")[:1]) and letter != _MARK:
            both = letter in _BOTH_NAMES
            files += [(letter, path) for path in fields[at + 1 : at + (3 if both else 2)]]
            at += 3 if both else 2
        yield sha.removeprefix(_MARK), parents, email, author, message, tuple(files)


def _first_parents(entries: Sequence[_Entry]) -> frozenset[str]:
    """The commits made on the branch itself, from the newest back."""
    parents = {entry[0]: entry[1].split() for entry in entries}
    line, at = set(), entries[0][0] if entries else ""
    while at in parents:
        line.add(at)
        at = parents[at][0] if parents[at] else ""
    return frozenset(line)

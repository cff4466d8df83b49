"""What happened in the repository since a plan was made."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from whykeeper_indexers.git import GitError, run_git
from whykeeper_indexers.scan import Repository

__all__ = ["Commit", "Since", "Uncommitted", "commits_since", "uncommitted"]

MOST_COMMITS: Final = 400
"""Read; a branch with more is told of by its newest."""
_SINCE: Final = re.compile(r"(?P<day>\d{4}-\d\d-\d\d)(?:[T ](?P<time>\d\d:\d\d))?")
_SHA: Final = re.compile(r"[0-9a-f]{4,64}")
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
    entries = list(_entries(_listed(repository, started_at, opened)))
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


def _listed(repository: Repository, started_at: str, opened: str) -> list[str]:
    # Telling renames takes several times as long, and both names are listed without it.
    listing = ["log", "-z", f"--max-count={MOST_COMMITS}", "--name-status", "--no-renames", _FORMAT]
    spans = [[f"{started_at}..HEAD"]] if _SHA.fullmatch(started_at) else []
    # A clone may lack the commit: what came after that time is told then.
    if when := _SINCE.match(opened):
        # With a day alone git would take the time of now.
        spans.append([f"--since={when['day']} {when['time'] or '00:00'} +0000", "HEAD"])
    for span in spans:
        with suppress(GitError):
            said = run_git(repository.root, [*listing, *span, "--"])
            return said.decode("utf-8", "replace").split("\0")
    return []


def _reachable(repository: Repository, seen_at: str) -> frozenset[str]:
    """The commits that were there when the plan was last written."""
    if not _SHA.fullmatch(seen_at):
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
        while at + 1 < len(fields) and (letter := fields[at].lstrip("\n")[:1]) and letter != _MARK:
            files.append((letter, fields[at + 1]))
            at += 2
        yield sha.removeprefix(_MARK), parents, email, author, message, tuple(files)


def _first_parents(entries: Sequence[_Entry]) -> frozenset[str]:
    """The commits made on the branch itself, from the newest back."""
    parents = {entry[0]: entry[1].split() for entry in entries}
    line, at = set(), entries[0][0] if entries else ""
    while at in parents:
        line.add(at)
        at = parents[at][0] if parents[at] else ""
    return frozenset(line)

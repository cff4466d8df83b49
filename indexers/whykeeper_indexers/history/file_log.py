"""The commits that touched a file or a folder, and what became of a file that is gone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

from whykeeper_indexers.git import GitError, run_git, stream_git

__all__ = [
    "FileCommit",
    "FileLog",
    "Gone",
    "file_log",
    "staged_origin",
    "what_became_of",
]

MOST_COMMITS = 400
"""Of one file; only few have more, and an answer names a dozen."""
_MOST_RENAMES = 10
_MARK = b"\x01"


@dataclass(frozen=True, slots=True)
class FileCommit:
    """A commit that touched a path.

    Attributes:
        commit: Full hash.
        status: As git has it: A(dded), M(odified), D(eleted), R(enamed), C(opied); empty for a folder.
        path: Its name in that commit.
        before: Its name before, where the commit renamed or copied it.
        identical: It was renamed as it was.
    """

    commit: str
    status: str
    path: str
    before: str | None = None
    identical: bool = False


@dataclass(slots=True)
class FileLog:
    """Commits, newest first, and whether these are all."""

    commits: list[FileCommit] = field(default_factory=list)
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Gone:
    """What became of a file that is not there any more.

    Attributes:
        commit: Took it away.
        now: What it is called now; None for a file that was deleted.
    """

    commit: str
    now: str | None


def file_log(root: Path, head: str, path: str, *, folder: bool, deadline: float) -> FileLog:
    """List the commits that touched a file, under older names too, or anything in a folder.

    Args:
        root: The checkout.
        head: The commit to look back from.
        path: Relative to the root; empty for the root itself.
        folder: Whether it is a folder, whose older names are not looked for.
        deadline: By ``time.monotonic``; what was found until then is returned.

    Raises:
        GitError: Git refused.
    """
    found = FileLog()
    follow = [] if folder else ["--follow", "-M", "--name-status"]
    arguments = ["log", "-z", f"--max-count={MOST_COMMITS}", "--format=%x01%H", *follow, head, "--"]
    arguments += [f":(top,literal){path}"] if path else []
    left = max(deadline - monotonic(), 0.05)
    try:
        with closing(stream_git(root, arguments, timeout_s=left)) as tokens:
            found.commits.extend(_commits(tokens, path))
    except GitError as error:
        if error.returncode is not None:
            raise
        found.complete = False
    found.complete &= len(found.commits) < MOST_COMMITS
    return found


def what_became_of(root: Path, head: str, path: str, deadline: float) -> Gone | None:
    """Say what became of a file that a commit does not have; None where it never was.

    Raises:
        GitError: Git refused, or took too long.
    """
    name, taken = path, ""
    for _ in range(_MOST_RENAMES):
        arguments = ["log", "-1", "--diff-filter=D", "--no-renames", "--format=%H", head, "--"]
        commit = _git(root, [*arguments, f":(top,literal){name}"], deadline).decode().strip()
        if not commit:
            return None
        taken = commit
        renamed = dict(_renames(root, commit, deadline))
        if name not in renamed:
            return Gone(taken, None)
        name = renamed[name]
        if _git(root, ["ls-tree", "-z", head, "--", f":(top,literal){name}"], deadline):
            return Gone(taken, name)
    return Gone(taken, None)


def staged_origin(root: Path, head: str, path: str, deadline: float) -> str | None:
    """What a file was called in a commit that the index renamed since; None where it was not.

    Raises:
        GitError: Git refused, or took too long.
    """
    said = _git(
        root, ["diff-index", "--cached", "-M", "-z", "--diff-filter=R", "--name-status", head, "--"], deadline
    )
    return next((old for old, new in _pairs(said) if new == path), None)


def _commits(tokens: Iterator[bytes], path: str) -> Iterator[FileCommit]:
    """Read marks with hashes, each followed by status and names."""
    commit = ""
    name = path
    for token in tokens:
        word = token.strip(b"\n")
        if word.startswith(_MARK):
            if commit:
                yield FileCommit(commit, "", name)
            commit = word[1:].decode()
        elif commit and word:
            status = word.decode()
            first = next(tokens, b"").decode("utf-8", "surrogateescape")
            if status[:1] in "RC":
                name = next(tokens, b"").decode("utf-8", "surrogateescape")
                yield FileCommit(commit, status[:1], name, first, status[1:] == "100")
                name = first
            else:
                name = first
                yield FileCommit(commit, status[:1], name)
            commit = ""
    if commit:
        yield FileCommit(commit, "", name)


def _renames(root: Path, commit: str, deadline: float) -> Iterator[tuple[str, str]]:
    arguments = ["diff-tree", "-r", "-M", "-z", "--no-commit-id", "--diff-filter=R", "--name-status"]
    return _pairs(_git(root, [*arguments, commit, "--"], deadline))


def _pairs(said: bytes) -> Iterator[tuple[str, str]]:
    fields = [each.decode("utf-8", "surrogateescape") for each in said.split(b"\0")]
    for at in range(0, len(fields) - 2, 3):
        yield fields[at + 1], fields[at + 2]


def _git(root: Path, arguments: list[str], deadline: float) -> bytes:
    return run_git(root, arguments, timeout_s=max(deadline - monotonic(), 0.05))

"""Commits, read from one streaming ``git log``.

Paths may hold any byte but NUL, messages any byte at all: fields and records are therefore
separated by NUL (``-z``) and told apart by their position, never by their content.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from whykeeper_indexers.git import GitError, run_git, stream_git
from whykeeper_indexers.types import CommitRecord, Redaction

__all__ = ["MAX_FILES", "Redactor", "read_commits", "read_named", "redacted"]

Redactor = Callable[[str], tuple[str, Sequence[Redaction]]]
"""Cuts secrets out of a text without changing its number of lines."""

MAX_FILES = 500
"""Paths kept of one commit. One that touches more is an import or a mass edit, about none of them."""

MAX_BODY_CHARACTERS = 20_000
"""Kept of one message. Longer ones are pasted logs and generated change lists."""

MAX_SUBJECT_CHARACTERS = 500

_MARK = b"\x01"
_FORMAT = "--format=%x01%H%x00%P%x00%an%x00%at%x00%s%x00%b%x00"
_HASH = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")

_RENAMES_BY_LIKENESS = "--find-renames"
_RENAMES_BY_IDENTITY = "--find-renames=100%"

_log = logging.getLogger(__name__)


def read_commits(
    root: Path,
    *,
    known: Container[str] = (),
    limit: int = 20_000,
    exclude_tips: Iterable[str] = (),
) -> Iterator[CommitRecord]:
    """Yield the commits reachable from HEAD, newest first.

    A merge's files are those it changed for its first parent. A folder that is no repository,
    and one without a commit, yield nothing.

    Args:
        root: The checkout.
        known: Hashes to leave out.
        limit: Most commits to read, known ones included.
        exclude_tips: Commits whose whole history is already known; ones that are gone are ignored.

    Raises:
        GitError: Git is missing, refused the repository or failed.
    """
    if not _has_commits(root):
        return
    seen: set[str] = set()
    yield from (c for c in _read_robustly(root, limit, exclude_tips, seen) if c.sha not in known)


def read_named(root: Path, hashes: Sequence[str]) -> dict[str, CommitRecord]:
    """Read commits by their full hashes, without the files that they touched.

    Raises:
        GitError: Git refused, or one of them is not there.
    """
    if not hashes:
        return {}
    arguments = ["log", "-z", "--no-walk=unsorted", "--no-patch", _FORMAT, "--no-decorate", "--no-mailmap"]
    with closing(stream_git(root, [*arguments, "--no-notes", *hashes, "--"])) as tokens:
        return {commit.sha: commit for commit in _parse(tokens)}


def _has_commits(root: Path) -> bool:
    try:
        return bool(run_git(root, ["rev-parse", "--verify", "--quiet", "HEAD"], ok=(0, 1)))
    except GitError as error:
        if "not a git repository" in error.stderr:
            return False
        raise


def _read_robustly(
    root: Path, limit: int, exclude_tips: Iterable[str], seen: set[str]
) -> Iterator[CommitRecord]:
    """Read with renames found by likeness; where contents are missing, go on without reading any.

    Likeness needs the contents of files, which a partial clone does not have. Trees alone
    tell a rename of an unchanged file.
    """
    tips = [tip for tip in exclude_tips if _HASH.fullmatch(tip)]
    try:
        yield from _read(root, limit, tips, _RENAMES_BY_LIKENESS, seen)
    except GitError as error:
        if error.returncode is None:
            raise
        _log.info("reading history again without file contents: %s", error)
        yield from _read(root, limit, tips, _RENAMES_BY_IDENTITY, seen)


def _read(root: Path, limit: int, tips: list[str], renames: str, seen: set[str]) -> Iterator[CommitRecord]:
    arguments = ["log", "-z", f"--max-count={limit}", renames, "-l400", "--name-status", _FORMAT]
    arguments += ["--diff-merges=first-parent", "--no-decorate", "--no-mailmap", "--no-notes"]
    arguments += ["--ignore-missing", "HEAD", *(f"^{tip}" for tip in tips), "--"]
    with closing(stream_git(root, arguments)) as tokens:
        for commit in _parse(tokens):
            if commit.sha not in seen:
                seen.add(commit.sha)
                yield commit


def _parse(tokens: Iterator[bytes]) -> Iterator[CommitRecord]:
    token: bytes | None = next(tokens, None)
    while token is not None:
        if not token.startswith(_MARK):
            token = next(tokens, None)
            continue
        fields = [token[1:], *(next(tokens, b"") for _ in range(5))]
        files, renames, token = _touched(tokens)
        yield _commit([field.decode("utf-8", "replace") for field in fields], files, renames)


def _touched(tokens: Iterator[bytes]) -> tuple[list[str], dict[str, str], bytes | None]:
    """Read the name-status part of one commit, up to the next commit's first token."""
    files: list[str] = []
    renames: dict[str, str] = {}
    for token in tokens:
        status = token.strip(b"\n")
        if status.startswith(_MARK):
            return files, renames, status
        if not status:
            continue
        path = next(tokens, b"").decode("utf-8", "replace")
        if status[:1] in b"RC":
            old, path = path, next(tokens, b"").decode("utf-8", "replace")
            if status[:1] == b"R" and len(renames) < MAX_FILES:
                renames[path] = old
        if len(files) < MAX_FILES:
            files.append(path)
    return files, renames, None


def _commit(fields: list[str], files: list[str], renames: dict[str, str]) -> CommitRecord:
    sha, parents, author, authored_at, subject, body = fields
    return CommitRecord(
        sha=sha,
        subject=subject.strip()[:MAX_SUBJECT_CHARACTERS],
        body=body.replace("\r\n", "\n").strip()[:MAX_BODY_CHARACTERS],
        author=author,
        authored_at=int(authored_at) if authored_at.lstrip("-").isdigit() else 0,
        parents=tuple(parents.split()),
        files=tuple(files),
        renames=renames,
    )


def redacted(commit: CommitRecord, redact: Redactor) -> CommitRecord:
    """Cut secrets out of a commit's subject and body."""
    clean, found = redact(f"{commit.subject}\n{commit.body}")
    if not found:
        return commit
    subject, _, body = clean.partition("\n")
    return replace(commit, subject=subject, body=body)

"""Which lines of a file in the working tree are those of a commit.

Compared here and not by ``git diff``, which would run the filters that a repository's configuration names.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from whykeeper_indexers.git import GitError, run_git
from whykeeper_indexers.scan.opening import open_beneath, read_bounded

__all__ = ["Committed", "committed_lines", "entry_type", "file_bytes", "head_of", "is_shallow"]

MOST_BYTES = 8_000_000
"""Read of one file; a larger one is no source that a person wrote."""


@dataclass(frozen=True, slots=True)
class Committed:
    """What a commit has of a file.

    Attributes:
        lines: To each line of the working tree that the commit has, its number there.
        total: Lines of the working tree's file.
    """

    lines: dict[int, int]
    total: int


def head_of(root: Path) -> str | None:
    """The commit that is checked out; None where there is none yet."""
    said = run_git(root, ["rev-parse", "--verify", "--quiet", "HEAD^{commit}"], ok=(0, 1, 128))
    return said.decode().strip() or None


def is_shallow(root: Path) -> bool:
    """Whether the history is cut off."""
    return run_git(root, ["rev-parse", "--is-shallow-repository"]).strip() == b"true"


def entry_type(root: Path, commit: str, path: str) -> str | None:
    """What a commit has at a path: ``blob``, ``tree``, ``link``, ``commit`` (a submodule); None."""
    if not path:
        return "tree"
    said = run_git(root, ["ls-tree", "-z", commit, "--", f":(top,literal){path}"]).split(b"\0")[0].split()
    if len(said) < 2:
        return None
    return "link" if said[0] == b"120000" else said[1].decode()


def file_bytes(root: Path, path: str) -> bytes | None:
    """What a file holds now; None where it cannot be read, is a link or lies elsewhere."""
    try:
        descriptor, _ = open_beneath(str(root), path)
    except (OSError, ValueError):
        return None
    try:
        return read_bounded(descriptor, MOST_BYTES)
    except OSError:
        return None
    finally:
        os.close(descriptor)


def committed_lines(root: Path, commit: str, path: str, now: bytes) -> Committed | None:
    """Find the lines of a file that a commit has too.

    Args:
        root: The checkout.
        commit: To compare with.
        path: The file's name in it.
        now: The file as it is.

    Returns:
        None where either is binary or too large.
    """
    try:
        then = run_git(root, ["cat-file", "blob", f"{commit}:{path}"])
    except GitError as error:
        if error.returncode is None:
            raise
        return None
    if len(then) >= MOST_BYTES or len(now) >= MOST_BYTES or b"\0" in then or b"\0" in now:
        return None
    old, new = _lines(then), _lines(now)
    return Committed(dict(_same(old, new)), len(new))


def _lines(data: bytes) -> list[bytes]:
    lines = data.replace(b"\r\n", b"\n").split(b"\n")
    return lines[:-1] if lines[-1] == b"" else lines


def _same(old: Sequence[bytes], new: Sequence[bytes]) -> list[tuple[int, int]]:
    """Pairs of the number of a line now and before, both from 1."""
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    pairs = [(at + 1, at + 1) for at in range(start)]
    middle_old, middle_new = old[start : len(old) - end], new[start : len(new) - end]
    for block in SequenceMatcher(None, middle_old, middle_new).get_matching_blocks():
        pairs += [(start + block.b + at + 1, start + block.a + at + 1) for at in range(block.size)]
    return pairs + [(len(new) - at, len(old) - at) for at in range(end)]

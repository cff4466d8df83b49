"""What differs between two trees, file by file and line by line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from whykeeper_indexers.change.tree import Tree
from whykeeper_indexers.change.types import ChangedFile, FileStatus
from whykeeper_indexers.git import GitError, run_git
from whykeeper_indexers.types import LineRange

__all__ = ["differing"]

_HUNK = re.compile(rb"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_STATUS: Final = {
    "A": FileStatus.ADDED,
    "M": FileStatus.MODIFIED,
    "T": FileStatus.MODIFIED,
    "D": FileStatus.DELETED,
    "R": FileStatus.RENAMED,
    "C": FileStatus.COPIED,
}
_Entry = tuple[str, str, str]
"""Its names before and after, and the letter that git has for what became of it."""
_SUBMODULE: Final = "160000"
_COMPARE: Final = ("diff-tree", "-r", "-M", "--no-color", "--diff-algorithm=histogram", "--ignore-submodules")


def differing(base: Tree, head: Tree) -> tuple[ChangedFile, ...]:
    """Compare two trees; renames are told as such.

    Args:
        base: Before.
        head: After.

    Raises:
        GitError: Git is missing or failed.
    """
    variables = {**base.variables, **head.variables}
    trees = (base.name, head.name)
    raw = run_git(head.root, [*_COMPARE, "--raw", "-z", *trees], variables=variables)
    entries = list(_entries(raw.decode("utf-8", "surrogateescape").split("\0")))
    try:
        sections: list[bytes | None] = [*_sections(_patch(head.root, trees, (), variables))]
    except GitError:
        # A partial clone lacks contents that nobody has asked for yet.
        sections = []
    if len(sections) != len(entries):
        # Also where a file became a link, which is told in two sections.
        sections = [_section(head.root, trees, entry, variables) for entry in entries]
    return tuple(_file(*entry, section) for entry, section in zip(entries, sections, strict=True))


def _patch(root: Path, trees: Sequence[str], paths: Iterable[str], variables: Mapping[str, str]) -> bytes:
    return run_git(root, [*_COMPARE, "-p", "-U0", *trees, "--", *paths], variables=variables)


def _section(root: Path, trees: Sequence[str], entry: _Entry, variables: Mapping[str, str]) -> bytes | None:
    before, after, _ = entry
    try:
        return _patch(root, trees, dict.fromkeys((before, after)), variables)
    except GitError:
        return None


def _entries(fields: Sequence[str]) -> Iterator[_Entry]:
    at = 0
    while at < len(fields) and fields[at].startswith(":"):
        old_mode, new_mode, _, _, status = fields[at][1:].split(" ")
        both = status[0] in "RC"
        before, after = fields[at + 1], fields[at + 2 if both else at + 1]
        at += 3 if both else 2
        if _SUBMODULE not in (old_mode, new_mode):
            yield before, after, status[0]


def _sections(patch: bytes) -> list[bytes]:
    starts = [match.start() for match in re.finditer(rb"^diff --git ", patch, re.MULTILINE)]
    ends = [*starts[1:], len(patch)] if starts else []
    return [patch[start:end] for start, end in zip(starts, ends, strict=True)]


def _file(before: str, after: str, status: str, section: bytes | None) -> ChangedFile:
    kind = _STATUS.get(status, FileStatus.MODIFIED)
    added, removed = [], []
    for old, old_count, new, new_count in _HUNK.findall(section or b""):
        if gone := int(old_count or 1):
            removed.append(LineRange(int(old), int(old) + gone - 1))
        if fresh := int(new_count or 1):
            added.append(LineRange(int(new), int(new) + fresh - 1))
    return ChangedFile(
        path=after,
        before=None if kind is FileStatus.ADDED else before,
        status=kind,
        added=tuple(added),
        removed=tuple(removed),
        binary=section is not None and b"\nBinary files " in section,
        missing=section is None,
    )

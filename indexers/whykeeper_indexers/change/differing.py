"""What differs between two trees, file by file and line by line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from whykeeper_indexers.change.tree import Tree
from whykeeper_indexers.change.types import ChangedFile, FileStatus
from whykeeper_indexers.git import run_git
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
    trees = [base.name, head.name]
    variables = {**base.variables, **head.variables}
    raw = run_git(head.root, [*_COMPARE, "--raw", "-z", *trees], variables=variables)
    patch = run_git(head.root, [*_COMPARE, "-p", "-U0", *trees], variables=variables)
    entries = list(_entries(raw.decode("utf-8", "surrogateescape").split("\0")))
    sections = _sections(patch)
    if len(sections) != len(entries):
        # A changed type (a file that became a link) is told in two sections.
        sections = _sections_by_path(head, base, entries)
    return tuple(
        _file(before, after, status, section)
        for (before, after, status), section in zip(entries, sections, strict=True)
    )


def _entries(fields: Sequence[str]) -> Iterator[tuple[str, str, str]]:
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


def _sections_by_path(head: Tree, base: Tree, entries: Sequence[tuple[str, str, str]]) -> list[bytes]:
    variables = {**base.variables, **head.variables}
    return [
        run_git(
            head.root,
            [*_COMPARE, "-p", "-U0", base.name, head.name, "--", *dict.fromkeys((before, after))],
            variables=variables,
        )
        for before, after, _ in entries
    ]


def _file(before: str, after: str, status: str, section: bytes) -> ChangedFile:
    kind = _STATUS.get(status, FileStatus.MODIFIED)
    added, removed = [], []
    for old, old_count, new, new_count in _HUNK.findall(section):
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
        binary=b"\nBinary files " in section or b"\nGIT binary patch" in section,
    )

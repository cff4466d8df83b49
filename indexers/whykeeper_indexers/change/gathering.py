"""From what a person names (the working tree, the index, commits, a patch) to two trees.

Work that is not committed is written as git's objects into a folder of its own, so that the repository is
not touched and everything that reads a tree reads one kind of thing.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from whykeeper_indexers.change.differing import differing
from whykeeper_indexers.change.tree import MOST_BYTES, tree_at
from whykeeper_indexers.change.types import Change
from whykeeper_indexers.errors import QueryError
from whykeeper_indexers.git import GitError, run_git, without_filters

__all__ = ["ChangeSource", "SourceKind", "gathered"]

MOST_COMMITS: Final = 1_000
_SHOWN: Final = 10
_UNMERGED = re.compile(r"^(?:error: )?(.+): unmerged \([0-9a-f]+\)$", re.MULTILINE)
_NO_PATCH = re.compile(r"No valid patches|unrecognized input")
_LONGEST: Final = 200
"""Characters of a name that an error repeats."""
_WHOLE_HASH: Final = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


class SourceKind(StrEnum):
    """What is verified."""

    WORKING_TREE = "working tree"
    INDEX = "index"
    RANGE = "range"
    PATCH = "patch"


@dataclass(frozen=True, slots=True)
class ChangeSource:
    """What is to be verified.

    Attributes:
        kind: Which state is taken for the one after the change.
        base: Commit it is compared with: HEAD by default; for a range, where it starts. Empty for the first
            parent of ``head``.
        head: For a range, where it ends; HEAD by default.
        patch: For a patch, its text; it is applied to ``base``.
        merge_base: Compare with the commit at which the two parted, and not with ``base`` itself.
    """

    kind: SourceKind = SourceKind.WORKING_TREE
    base: str = "HEAD"
    head: str = "HEAD"
    patch: bytes = b""
    merge_base: bool = False


@contextmanager
def gathered(root: Path, source: ChangeSource) -> Iterator[Change]:
    """Give a change as two trees; what is not committed is there until the end of the block.

    Args:
        root: The checkout.
        source: What is to be verified.

    Raises:
        QueryError: There is no such commit, or the patch does not apply.
        GitError: Git is missing or failed.
    """
    head = _commit(root, source.head if source.kind is SourceKind.RANGE else "HEAD", or_empty=True)
    base = _commit(root, source.base, or_empty=True) if source.base else _parent(root, head)
    if source.merge_base:
        base = _merge_base(root, base, head)
    if source.kind is SourceKind.RANGE:
        before, after = tree_at(root, base), tree_at(root, head)
        yield Change(
            _described(root, source, base),
            before,
            after,
            differing(before, after),
            _commits(root, base, head),
        )
        return
    commits = _commits(root, base, head) if base != head else ()
    with _scratch(root) as variables:
        made, left_out = _MAKERS[source.kind](root, source, base, variables)
        before, after = tree_at(root, base, variables), tree_at(root, made, variables)
        what = _described(root, source, base)
        yield Change(what, before, after, differing(before, after), commits, left_out)


def _is_tree(root: Path, name: str) -> bool:
    """Whether a hash is a tree's: that is how `git commit -a` has what it commits."""
    if not _WHOLE_HASH.fullmatch(name):
        return False
    return run_git(root, ["cat-file", "-t", name], ok=(0, 128)).strip() == b"tree"


def _described(root: Path, source: ChangeSource, base: str) -> str:
    against = source.base if source.base in ("HEAD",) and not source.merge_base else base[:_SHOWN]
    if source.kind is SourceKind.RANGE:
        if source.base == "HEAD" and _is_tree(root, source.head):
            return f"what is about to be committed against {against}"
        head = source.head[:_SHOWN] if _WHOLE_HASH.fullmatch(source.head) else source.head
        return f"{against}..{head}" if source.base else head
    return f"the {source.kind} against {against}"


def _parent(root: Path, commit: str) -> str:
    parents = run_git(root, ["rev-list", "--parents", "--max-count=1", commit]).decode().split()[1:]
    if parents:
        return parents[0]
    if b"\nparent " in run_git(root, ["cat-file", "-p", commit]).partition(b"\n\n")[0]:
        # Not the first commit: the one before it was not fetched, and against nothing all of it would be new.
        raise QueryError(
            "the commit's parent is not here: a shallow clone ends with it",
            "fetch more of the history, with git fetch --deepen or --unshallow",
        )
    return _empty(root)


def _empty(root: Path) -> str:
    """The tree without files, which every git knows."""
    return run_git(root, ["hash-object", "-t", "tree", "--stdin"], input=b"").strip().decode()


def _commit(root: Path, name: str, *, or_empty: bool = False) -> str:
    if name.startswith("-") or not name.strip():
        raise QueryError(f"{name!r} names no commit", "give a commit, a branch or a tag")
    for suffix in ("^{commit}", "^{tree}"):
        found = run_git(root, ["rev-parse", "--verify", "--quiet", f"{name}{suffix}"], ok=(0, 1, 128)).strip()
        if found:
            return found.decode()
    if or_empty and name == "HEAD":
        return _empty(root)
    shown = name if len(name) <= _LONGEST else f"{name[:_LONGEST]}…"
    raise QueryError(f"there is no commit {shown!r} here", "see `git log`; a shallow clone lacks older ones")


def _merge_base(root: Path, base: str, head: str) -> str:
    try:
        found = run_git(root, ["merge-base", base, head], ok=(0, 1)).strip().decode()
    except GitError as error:
        raise QueryError(f"the commits cannot be compared: {error.message}", error.hint) from error
    if not found:
        raise QueryError(
            f"{base[:_SHOWN]} and {head[:_SHOWN]} have no commit in common",
            "fetch more of the history (a shallow clone ends too early), or name another base",
        )
    return found


def _commits(root: Path, base: str, head: str) -> tuple[str, ...]:
    listed = run_git(root, ["rev-list", f"--max-count={MOST_COMMITS}", head, f"^{base}"], ok=(0, 128))
    return tuple(listed.decode().split())


@contextmanager
def _scratch(root: Path) -> Iterator[dict[str, str]]:
    """Variables with which git writes objects and an index into a folder that is gone afterwards."""
    objects = run_git(root, ["rev-parse", "--git-path", "objects"]).decode("utf-8", "surrogateescape").strip()
    with tempfile.TemporaryDirectory(prefix="whykeeper-", ignore_cleanup_errors=True) as folder:
        (Path(folder) / "objects").mkdir()
        yield {
            "GIT_OBJECT_DIRECTORY": str(Path(folder) / "objects"),
            "GIT_ALTERNATE_OBJECT_DIRECTORIES": _quoted(str(root / objects)),
            "GIT_INDEX_FILE": str(Path(folder) / "index"),
        }


def _quoted(path: str) -> str:
    """As git reads a list of folders: one with the list's separator in it is put in quotes."""
    if os.pathsep not in path and not path.startswith('"'):
        return path
    escaped = path.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


_Made = tuple[str, tuple[str, ...]]
"""A tree, and new files that it leaves out for their size."""


def _of_index(root: Path, _source: ChangeSource, _base: str, variables: Mapping[str, str]) -> _Made:
    _copy_index(root, variables)
    try:
        return run_git(root, ["write-tree", "--missing-ok"], variables=variables).strip().decode(), ()
    except GitError as error:
        raise _unmerged(error) from error


def _of_working_tree(root: Path, _source: ChangeSource, _base: str, variables: Mapping[str, str]) -> _Made:
    guarded = {**variables, **without_filters(root)}
    _copy_index(root, variables)
    compare = ["diff-files", "--name-only", "-z", "--ignore-submodules=all"]
    changed = run_git(root, compare, variables=guarded).split(b"\0")
    others = run_git(root, ["ls-files", "-o", "--exclude-standard", "-z"], variables=guarded).split(b"\0")
    sizes = {path: _size(root, path) for path in others if path}
    new = [path for path, size in sizes.items() if size is not None and size <= MOST_BYTES]
    large = [path for path, size in sizes.items() if size is not None and size > MOST_BYTES]
    # Unmerged paths are listed once for each side.
    taken = dict.fromkeys(path for path in (*changed, *new) if path and not path.endswith(b"/"))
    update = ["update-index", "--add", "--remove", "-z", "--stdin"]
    try:
        run_git(root, update, input=b"".join(path + b"\0" for path in taken), variables=guarded)
        made = run_git(root, ["write-tree", "--missing-ok"], variables=guarded).strip().decode()
    except GitError as error:
        raise _unmerged(error) from error
    return made, tuple(os.fsdecode(path) for path in large)


def _size(root: Path, path: bytes) -> int | None:
    """Of a regular file; None for what is none, or has gone."""
    try:
        found = (root / os.fsdecode(path)).lstat()
    except OSError:
        return None
    return found.st_size if stat.S_ISREG(found.st_mode) else None


def _of_patch(root: Path, source: ChangeSource, base: str, variables: Mapping[str, str]) -> _Made:
    run_git(root, ["read-tree", base], variables=variables)
    apply = ["apply", "--cached", "--whitespace=nowarn", "-"]
    try:
        run_git(root, apply, input=source.patch, variables=variables)
    except GitError as error:
        if _NO_PATCH.search(error.stderr):
            raise QueryError(
                "that is no patch", "give one as `git diff` or `git format-patch` makes it"
            ) from error
        raise QueryError(
            f"the patch does not apply to {source.base}: {error.message}",
            "name the commit it was made for with --base",
        ) from error
    return run_git(root, ["write-tree", "--missing-ok"], variables=variables).strip().decode(), ()


def _copy_index(root: Path, variables: Mapping[str, str]) -> None:
    there = run_git(root, ["rev-parse", "--git-path", "index"]).decode("utf-8", "surrogateescape").strip()
    # A repository without a commit may have none yet.
    if (root / there).exists():
        # With its time: by that git knows which files may have been written since in the same second.
        shutil.copy2(root / there, variables["GIT_INDEX_FILE"])


def _unmerged(error: GitError) -> QueryError:
    paths = sorted(set(_UNMERGED.findall(error.stderr)))
    if not paths:
        return QueryError(f"the state cannot be read: {error.message}", "see `git status`")
    more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
    return QueryError(f"{paths[0]}{more} has conflicts that are not settled", "settle them and `git add` it")


_MAKERS = {
    SourceKind.INDEX: _of_index,
    SourceKind.WORKING_TREE: _of_working_tree,
    SourceKind.PATCH: _of_patch,
}

"""The paths a repository holds, before anything is said about each: by git, or by walking."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from whykeeper_indexers.git import GitError, run_git
from whykeeper_indexers.scan.opening import read_small
from whykeeper_indexers.scan.options import PLANS, ScanOptions, literal_prefix
from whykeeper_indexers.scan.paths import folders_above
from whykeeper_indexers.scan.repository import Repository
from whykeeper_indexers.scan.walking import walk

__all__ = [
    "Listing",
    "generated_by_attributes",
    "ignored_folders",
    "ignoring_rules",
    "list_paths",
]

MAX_ASKED_CHARACTERS = 24_000
"""Past this one full listing is cheaper, and Windows takes no command line longer than 32,767."""


_WALKED_NOTE = "{said}; the files were listed without git, ignore rules are approximated"


@dataclass(frozen=True, slots=True)
class Listing:
    """Paths as the file system spells them (``surrogateescape``), relative to the root.

    Attributes:
        paths: In git's order; a trailing slash marks a repository of its own.
        notes: What a person should know about how complete it is.
    """

    paths: tuple[str, ...]
    notes: tuple[str, ...] = ()


def list_paths(repository: Repository, options: ScanOptions, within: Sequence[str] | None = None) -> Listing:
    """List the files that belong, by ignore rules and ``include`` alone.

    Args:
        repository: Where to look.
        options: What is brought back.
        within: Only these paths and what is below them; None for everything.

    Where git fails (a damaged index, a locked folder) the tree is walked instead, with a note.
    """
    notes: tuple[str, ...] = ()
    paths: Iterable[str] = ()
    if repository.is_git:
        try:
            paths = _git_paths(repository, options, within)
        except GitError as error:
            notes = (_WALKED_NOTE.format(said=error.message),)
    if notes or not repository.is_git:
        paths = walk(repository.root, options, within)
    kept = tuple(islice(paths, options.max_files + 1))
    if len(kept) > options.max_files:
        notes = (*notes, f"stopped listing after {options.max_files:,} files")
    return Listing(kept[: options.max_files], notes)


def _git_paths(repository: Repository, options: ScanOptions, within: Sequence[str] | None) -> Iterator[str]:
    wide = within is not None and sum(map(len, within)) > MAX_ASKED_CHARACTERS
    asked = () if within is None or wide else tuple(within)
    listed = _ls_files(repository, ("-co",), asked) + _readmitted(repository, options, asked)
    paths: Iterable[str] = dict.fromkeys(os.fsdecode(path) for path in listed)
    if wide and within is not None:
        paths = _below(paths, within)
    return iter(paths)


def _ls_files(repository: Repository, which: Sequence[str], asked: Sequence[str]) -> list[bytes]:
    pathspecs = [f":(top,literal){path}" for path in asked]
    command = ["ls-files", *which, "--exclude-standard", "-z", "--", *pathspecs]
    return run_git(repository.root, command).split(b"\0")[:-1]


def _readmitted(repository: Repository, options: ScanOptions, asked: Sequence[str]) -> list[bytes]:
    patterns = [pattern for pattern in options.include if not pattern.startswith("!")]
    if (repository.root / ".whykeeper").is_dir():
        patterns.append(PLANS)
    folders = {literal_prefix(pattern).rstrip("/") for pattern in patterns}
    if "" in folders:
        folders.clear()
    within = (
        [path for path in asked if _related(path, folders)] if asked and folders else asked or sorted(folders)
    )
    if not patterns or (asked and not within):
        return []
    ignored = _ls_files(repository, ("-o", "-i"), within)
    return [path for path in ignored if options.included_by(os.fsdecode(path)) is not None]


def _related(path: str, folders: Iterable[str]) -> bool:
    return any(f"{path}/".startswith(f"{folder}/") or folder.startswith(f"{path}/") for folder in folders)


def _below(paths: Iterable[str], within: Iterable[str]) -> Iterator[str]:
    wanted = frozenset(within)
    return (
        path for path in paths if path in wanted or any(folder in wanted for folder in folders_above(path))
    )


def ignored_folders(repository: Repository, options: ScanOptions) -> frozenset[str]:
    """Folders that git ignores whole and that no ``include`` pattern reaches into.

    Nothing below them can belong, so nobody needs to watch them. Empty for a plain folder.

    Raises:
        GitError: Git failed.
    """
    if not repository.is_git:
        return frozenset()
    listed = _ls_files(repository, ("-o", "-i", "--directory"), ())
    # A folder is listed also when all it happens to hold is ignored; only a rule for the folder binds
    # what comes into it later.
    ruled = ignoring_rules(repository, [os.fsdecode(path) for path in listed if path.endswith(b"/")])
    folders = (path.rstrip("/") for path in ruled)
    return frozenset(folder for folder in folders if not options.readmits_below(folder))


def ignoring_rules(repository: Repository, paths: Sequence[str]) -> dict[str, str]:
    """The rule by which git ignores each path, as ``file:line: pattern``; others are absent.

    Raises:
        GitError: Git failed.
    """
    if not paths:
        return {}
    asked = b"".join(os.fsencode(path) + b"\0" for path in paths)
    command = ["check-ignore", "-v", "-z", "--stdin"]
    fields = run_git(repository.root, command, input=asked, ok=(0, 1)).split(b"\0")[:-1]
    rules: dict[str, str] = {}
    for at in range(0, len(fields) - 3, 4):
        source, line, pattern, path = (os.fsdecode(field) for field in fields[at : at + 4])
        if not pattern.startswith("!"):
            rules[path] = f"{source}:{line}: {pattern}"
    return rules


def generated_by_attributes(
    repository: Repository, paths: Sequence[str], folders: Iterable[str]
) -> frozenset[str]:
    """Paths that ``.gitattributes`` marks as generated, the way GitHub reads it.

    Args:
        repository: Where.
        paths: Candidates.
        folders: Every folder above them.
    """
    root = str(repository.root)
    sources = [f"{root}/{folder}/.gitattributes" for folder in folders]
    if repository.common_dir is not None:
        sources.append(str(repository.common_dir / "info" / "attributes"))
    if not any(b"linguist-generated" in read_small(source) for source in sources):
        return frozenset()
    asked = b"".join(os.fsencode(path) + b"\0" for path in paths)
    try:
        answer = run_git(repository.root, ["check-attr", "-z", "--stdin", "linguist-generated"], input=asked)
    except GitError:
        return frozenset()
    fields = answer.split(b"\0")[:-1]
    marked = zip(fields[0::3], fields[2::3], strict=False)
    return frozenset(os.fsdecode(path) for path, value in marked if value in {b"set", b"true"})

"""Which files a person has changed."""

from __future__ import annotations

from pathlib import Path

from whykeeper_indexers.git import run_git

__all__ = ["changed_paths"]


def changed_paths(checkout: Path) -> list[str]:
    """List the files that differ from the last commit, new ones too, relative to the root.

    Raises:
        RepositoryError: It is no git checkout, or git failed.
    """
    listed = run_git(checkout, ["status", "--porcelain=v1", "-z", "--untracked-files=all", "--no-renames"])
    entries = listed.decode("utf-8", "surrogateescape").split("\0")
    return [entry[3:] for entry in entries if entry]

"""Which files a person has changed."""

from __future__ import annotations

from pathlib import Path

from whykeeper_indexers.git import run_git, without_filters

__all__ = ["changed_paths"]

# What a submodule's own work tree holds is compared by its own configuration, filters and all.
_STATUS = (
    *("status", "--porcelain=v1", "-z", "--untracked-files=all", "--no-renames"),
    "--ignore-submodules=dirty",
)


def changed_paths(checkout: Path) -> list[str]:
    """List the files that differ from the last commit, new ones too, relative to the root.

    Raises:
        RepositoryError: It is no git checkout, or git failed.
    """
    listed = run_git(checkout, _STATUS, variables=without_filters(checkout))
    entries = listed.decode("utf-8", "surrogateescape").split("\0")
    return [entry[3:] for entry in entries if entry]

"""Where a repository is, and which repository it is.

Two worktrees of one repository have roots of their own and one identity, so that they can
share what is derived from content.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from whykeeper_indexers.errors import RepositoryError
from whykeeper_indexers.git import GitError, run_git

__all__ = ["Repository", "open_repository"]

_NOT_GIT_NOTE = "not a git repository: ignore rules are approximated and there is no history"
_BROKEN_GIT_NOTE = "git cannot read the .git here, so this is served as a plain folder: {said}"
_NO_GIT_NOTE = "git was not found, so this is served as a plain folder, without history"


@dataclass(frozen=True, slots=True)
class Repository:
    """A checkout: a git working tree, or a plain folder.

    Attributes:
        root: The working tree's top folder, symbolic links resolved.
        git_dir: This working tree's own git folder; None for a plain folder.
        common_dir: The git folder all worktrees share; None for a plain folder.
        identity: The same for all worktrees of one repository, 32 hexadecimal digits.
        is_git: Whether git answers for it.
        notes: What a person should know about how it was opened.
    """

    root: Path
    git_dir: Path | None
    common_dir: Path | None
    identity: str
    is_git: bool
    notes: tuple[str, ...] = ()


def open_repository(path: Path) -> Repository:
    """Find the checkout around a path.

    Args:
        path: A folder or file, anywhere in the checkout or in its ``.git``.

    Returns:
        The git working tree around it, or the folder itself where there is none.

    Raises:
        RepositoryError: The path is missing or unreadable, the repository is bare, or git
            refuses to read it.
    """
    folder = _existing_folder(path)
    try:
        return _git_checkout(folder)
    except GitError as error:
        return _without_git(folder, error)


def _existing_folder(path: Path) -> Path:
    try:
        resolved = path.resolve(strict=True)
        folder = resolved if resolved.is_dir() else resolved.parent
        with os.scandir(folder):
            return folder
    except (OSError, RuntimeError, ValueError) as error:
        reason = "does not exist" if isinstance(error, FileNotFoundError) else f"cannot be read ({error})"
        raise RepositoryError(f"{path} {reason}", "name an existing folder with --repo") from error


def _git_checkout(folder: Path) -> Repository:
    git_dir = _git_path(folder, "--absolute-git-dir")
    try:
        root = _git_path(folder, "--show-toplevel")
    except GitError as error:
        return _around_git_dir(folder, git_dir, error)
    common_dir = _git_path(folder, "--git-common-dir")
    return Repository(
        root=root,
        git_dir=git_dir,
        common_dir=common_dir,
        identity=_identity(common_dir),
        is_git=True,
    )


def _git_path(folder: Path, what: str) -> Path:
    said = run_git(folder, ["rev-parse", what]).removesuffix(b"\n").removesuffix(b"\r")
    return (folder / os.fsdecode(said)).resolve()


def _around_git_dir(folder: Path, git_dir: Path, error: GitError) -> Repository:
    """Answer for a path inside ``.git``, or say that the repository is bare."""
    if "work tree" not in error.stderr:
        raise error
    for parent in (git_dir, *git_dir.parents):
        if parent.name == ".git" and parent.is_dir():
            return _git_checkout(parent.parent)
    raise RepositoryError(
        f"{folder} is a bare repository: it has no files to index",
        "name a clone or worktree of it with --repo",
    )


def _without_git(folder: Path, error: GitError) -> Repository:
    if error.returncode is None:
        note = _NO_GIT_NOTE
    elif "not a git repository" not in error.stderr:
        raise _refusal(folder, error) from error
    elif (folder / ".git").exists():
        note = _BROKEN_GIT_NOTE.format(said=_first_line(error))
    else:
        note = _NOT_GIT_NOTE
    return Repository(
        root=folder,
        git_dir=None,
        common_dir=None,
        identity=_identity(folder),
        is_git=False,
        notes=(note,),
    )


def _refusal(folder: Path, error: GitError) -> RepositoryError:
    if "dubious ownership" in error.stderr:
        named = error.stderr.partition("repository at '")[2].partition("'")[0] or str(folder)
        return RepositoryError(
            f"git refuses {named}: it belongs to another user",
            f"if you trust it: git config --global --add safe.directory {named}",
        )
    return RepositoryError(f"git cannot read {folder}: {_first_line(error)}", f"run: git -C {folder} status")


def _first_line(error: GitError) -> str:
    return error.stderr.splitlines()[0] if error.stderr else str(error)


def _identity(folder: Path) -> str:
    return hashlib.sha256(os.fsencode(folder)).hexdigest()[:32]

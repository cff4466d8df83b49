"""Files of the repository, written whole or not at all, by one writer of the repository at a time.

A text is written aside, in git's own folder where that is on the same file system, and takes its place
in one step: killed at any moment, the old file is there or the new one.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from whykeeper_indexers.errors import LockedError, RecordingError
from whykeeper_indexers.git import GitError, run_git
from whykeeper_indexers.scan import Repository

__all__ = ["Writer", "changed_meanwhile", "writer"]

_IN_SUBMODULE = re.compile(r"is in submodule '([^']+)'")
PATIENCE_S = 20.0
"""Others write for milliseconds each; past this one of them hangs."""
_LOCK: Final = "whykeeper-recording.lock"
_ASIDE: Final = "whykeeper-recording-"
_NO_LINKS: Final = frozenset({errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK})
"""What file systems without hard links answer."""


@contextmanager
def writer(repository: Repository, data_folder: Path, *, ignored: bool = False) -> Iterator[Writer]:
    """Be the only one who records in a repository, its other worktrees included.

    Args:
        repository: The checkout.
        data_folder: Of the repository; used where git's own folder is missing or may not be written.
        ignored: Whether files that git ignores may be written too.

    Yields:
        What writes files of the checkout.

    Raises:
        LockedError: Somebody else has been writing for too long.
    """
    own = repository.common_dir
    folder = own if own is not None and os.access(own, os.W_OK) else data_folder
    # Two of one process exclude each other, too: each opens the file for itself.
    lock = FileLock(folder / _LOCK, timeout=PATIENCE_S)
    try:
        with lock:
            _sweep(folder)
            yield Writer(repository, folder, ignored)
    except Timeout as error:
        raise LockedError(
            f"another process has been writing records of this repository for {PATIENCE_S:g} s",
            "try again; if it goes on, run whykeeper daemon stop: the next call starts another",
        ) from error


def _sweep(folder: Path) -> None:
    """Throw away what writers left that were killed; whoever holds the lock is the only one alive."""
    for left in folder.glob(f"*{_ASIDE}*"):
        left.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes files of one checkout, while it holds the repository's lock.

    Attributes:
        repository: The checkout.
        scratch: Where texts are written aside.
        ignored: Whether files that git ignores may be written too.
    """

    repository: Repository
    scratch: Path
    ignored: bool = False

    def place(self, path: str) -> Path:
        """Find where a path may be written.

        Args:
            path: Relative to the root.

        Returns:
            The file itself, links resolved.

        Raises:
            RecordingError: It lies outside the checkout, in git's folder, or where git ignores it.
        """
        root = self.repository.root
        found = Path(os.path.realpath(root / path))
        if not found.is_relative_to(root) or found == root:
            raise RecordingError(
                f"{path} leads out of the repository", "nothing is written through such links"
            )
        if ".git" in (part.lower() for part in found.relative_to(root).parts):
            raise RecordingError(f"{path} is git's own", "name a folder of the repository")
        rule = self.ignored_by(found.relative_to(root).as_posix())
        if rule and not self.ignored:
            raise RecordingError(
                f"{path} is ignored by git ({rule}): it would be neither shared nor found",
                "change the rule, or name another folder",
            )
        return found

    def ignored_by(self, path: str) -> str:
        """The rule by which git ignores a path, with its place; empty where it does not.

        Raises:
            RecordingError: The path lies in a submodule, or git failed.
        """
        if not self.repository.is_git:
            return ""
        try:
            said = run_git(self.repository.root, ["check-ignore", "-v", "--", path], ok=(0, 1))
        except GitError as error:
            if inside := _IN_SUBMODULE.search(error.message):
                raise RecordingError(
                    f"{path} lies in the submodule {inside[1]}, which has a history of its own",
                    "record it from a checkout of that repository, or name another folder",
                ) from error
            raise RecordingError(f"{path} cannot be written: {error.message}", error.hint) from error
        return said.decode("utf-8", "replace").split("\t", 1)[0].strip()

    def create(self, path: str, data: bytes) -> bool:
        """Write a new file; False when somebody else has just made one of that name.

        Raises:
            RecordingError: It may not or cannot be written.
        """
        target = self.place(path)
        with _said(path):
            target.parent.mkdir(parents=True, exist_ok=True)
            with self._aside(target, data) as aside:
                try:
                    os.link(aside, target)
                except FileExistsError:
                    return False
                except OSError as error:
                    if error.errno not in _NO_LINKS:
                        raise
                    if os.path.lexists(target):
                        return False
                    aside.rename(target)
            _sync(target.parent)
        return True

    def replace(self, path: str, before: bytes, data: bytes) -> bool:
        """Put a text in the place of another; False when the file is another by now.

        Raises:
            RecordingError: It may not or cannot be written.
        """
        target = self.place(path)
        with _said(path):
            mode = target.stat().st_mode
            if not os.access(target, os.W_OK):
                raise PermissionError(errno.EACCES, "the file may not be written")
            with self._aside(target, data) as aside:
                aside.chmod(mode & 0o7777)
                if target.read_bytes() != before:
                    return False
                aside.replace(target)
            _sync(target.parent)
        return True

    def check(self, path: str, before: bytes) -> None:
        """See that a file is as it was read, and may be replaced.

        Raises:
            RecordingError: It is another by now, or may not be written.
        """
        target = self.place(path)
        with _said(path):
            if not (os.access(target, os.W_OK) and os.access(target.parent, os.W_OK)):
                raise PermissionError(errno.EACCES, "the file may not be written")
            if target.read_bytes() != before:
                raise changed_meanwhile(path)

    def remove(self, path: str, data: bytes) -> bool:
        """Take a file away that was just written; False when it is another by now.

        Raises:
            RecordingError: It cannot be taken away.
        """
        target = self.place(path)
        with _said(path):
            if target.read_bytes() != data:
                return False
            target.unlink()
            _sync(target.parent)
        return True

    @contextmanager
    def _aside(self, target: Path, data: bytes) -> Iterator[Path]:
        """A file with these contents, on the target's file system, gone afterwards."""
        aside = self.scratch / f"{_ASIDE}{secrets.token_hex(8)}"
        if self.scratch.stat().st_dev != target.parent.stat().st_dev:
            _sweep(target.parent)
            aside = target.parent / f".{aside.name}"
        try:
            with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666), "wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            yield aside
        finally:
            aside.unlink(missing_ok=True)


def changed_meanwhile(path: str) -> RecordingError:
    """Say that a file is not the one that was read."""
    return RecordingError(f"{path} has just been changed by somebody else", "read it, and try again")


@contextmanager
def _said(path: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        hint = "free some room" if error.errno == errno.ENOSPC else "see who may write there"
        raise RecordingError(f"{path} cannot be written: {reason}", hint) from error


def _sync(folder: Path) -> None:
    """Have the name survive a loss of power; some systems cannot open a folder for it."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

"""One look at a repository: which files belong in the index, and why the others do not."""

from __future__ import annotations

import os
import stat as stat_module
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from whykeeper_indexers.scan.listing import Listing, generated_by_attributes, list_paths
from whykeeper_indexers.scan.names import excluded_by_name
from whykeeper_indexers.scan.options import ScanOptions
from whykeeper_indexers.scan.paths import folders_above, normalised, shown
from whykeeper_indexers.scan.repository import Repository
from whykeeper_indexers.types import Exclusion, ExclusionReason, FileStat

__all__ = ["ScanResult", "odd_file", "scan", "scan_paths"]

_RACY_NS = 2_000_000_000
"""A folder changed this shortly before it was listed may change again within its clock's tick."""

_NESTED_NOTE = "{count} folders are repositories of their own and were left out: {names}"
_ODD_FILES = {
    stat_module.S_IFIFO: "named pipe",
    stat_module.S_IFSOCK: "socket",
    stat_module.S_IFCHR: "device",
    stat_module.S_IFBLK: "device",
}


@dataclass(frozen=True, slots=True)
class ScanResult:
    """What a scan found.

    Attributes:
        files: What belongs in the index, by path.
        excluded: What git would track and the index leaves out, by path. Ignored files are
            not listed, except where ``scan_paths`` was asked for one by name.
        notes: What a person should know about how complete it is.
        folders: Modification time in nanoseconds of every folder that holds a listed file, for
            ``sweep``; 0 where it was too fresh to be trusted.
    """

    files: Mapping[str, FileStat]
    excluded: Mapping[str, Exclusion]
    notes: tuple[str, ...] = ()
    folders: Mapping[str, int] = field(default_factory=dict)


def scan(repository: Repository, options: ScanOptions) -> ScanResult:
    """List a whole repository."""
    return _classified(repository, options, list_paths(repository, options))


def scan_paths(repository: Repository, options: ScanOptions, paths: Iterable[str]) -> ScanResult:
    """List what changed.

    Args:
        repository: Where.
        options: What belongs.
        paths: Files or folders relative to the root, existing or not. A path that is outside the root
            is passed over.

    Returns:
        What is at and below these paths. One that is in neither ``files`` nor ``excluded`` is
        not there, and neither is anything below it that the result does not hold.
    """
    asked = tuple(dict.fromkeys(path for path in map(normalised, paths) if path is not None))
    if not asked:
        return ScanResult({}, {})
    if "" in asked:
        return scan(repository, options)
    listing = list_paths(repository, options, asked)
    result = _classified(repository, options, listing)
    unlisted = {path: why for path in asked if (why := _unlisted(repository, result, path)) is not None}
    return ScanResult(result.files, {**unlisted, **result.excluded}, result.notes, result.folders)


def _unlisted(repository: Repository, result: ScanResult, path: str) -> Exclusion | None:
    """Why an existing file that was asked for is not listed."""
    if shown(path) in result.excluded or path in result.files:
        return None
    try:
        facts = os.lstat(repository.root / path)
    except (OSError, ValueError):
        return None
    if stat_module.S_ISDIR(facts.st_mode):
        return None
    if not (stat_module.S_ISREG(facts.st_mode) or stat_module.S_ISLNK(facts.st_mode)):
        return Exclusion(shown(path), ExclusionReason.NOT_A_FILE, odd_file(facts.st_mode))
    return Exclusion(shown(path), ExclusionReason.IGNORED)


def odd_file(mode: int) -> str:
    """What a path is that is neither a file, nor a folder, nor a link."""
    return _ODD_FILES.get(stat_module.S_IFMT(mode), "special file")


def _classified(repository: Repository, options: ScanOptions, listing: Listing) -> ScanResult:
    tree = _Tree(repository, options)
    for path in listing.paths:
        tree.take(path)
    tree.drop_generated()
    tree.fold_links()
    return ScanResult(
        tree.files, tree.excluded, (*repository.notes, *listing.notes, *tree.notes()), tree.folders
    )


class _Tree:
    """The state of one scan."""

    def __init__(self, repository: Repository, options: ScanOptions) -> None:
        self._repository = repository
        self._options = options
        self._prefix = f"{repository.root}/"
        self._started_ns = time.time_ns()
        self._links: list[str] = []
        self._nested: list[str] = []
        self.files: dict[str, FileStat] = {}
        self.excluded: dict[str, Exclusion] = {}
        self.folders: dict[str, int] = {}
        self._is_real(".")

    def take(self, path: str) -> None:
        """Put one listed path where it belongs."""
        if path.endswith("/"):
            self._nest(path.rstrip("/"))
            return
        try:
            path.encode("utf-8")
        except UnicodeEncodeError:
            self._leave_out(path, ExclusionReason.UNREADABLE, "its name is not valid UTF-8")
            return
        if (reason := self._said_by_person_or_name(path)) is not None:
            self._leave_out(path, *reason)
        else:
            self._look(path)

    def _said_by_person_or_name(self, path: str) -> tuple[ExclusionReason, str] | None:
        if (pattern := self._options.excluded_by(path)) is not None:
            return ExclusionReason.CONFIGURED, pattern
        named = excluded_by_name(path)
        if named is not None and named[0] is not ExclusionReason.BINARY and self._options.included_by(path):
            return None
        return named

    def _look(self, path: str) -> None:
        try:
            facts = os.lstat(self._prefix + path)
        except OSError as error:
            # Tracked and deleted from the working tree: it is simply not there.
            if not isinstance(error, (FileNotFoundError, NotADirectoryError)):
                self._leave_out(path, ExclusionReason.UNREADABLE, error.strerror or "")
            return
        folder, _, _ = path.rpartition("/")
        if not self._is_real(folder or "."):
            self._leave_out(path, ExclusionReason.LINK_OUTSIDE, f"{folder} is a symbolic link")
        elif stat_module.S_ISREG(facts.st_mode):
            self._take_file(path, facts)
        elif stat_module.S_ISLNK(facts.st_mode):
            self._links.append(path)
        elif stat_module.S_ISDIR(facts.st_mode):
            self._nest(path)
        else:
            self._leave_out(path, ExclusionReason.NOT_A_FILE, odd_file(facts.st_mode))

    def _take_file(self, path: str, facts: os.stat_result) -> None:
        if facts.st_size > self._options.max_file_bytes:
            detail = f"{facts.st_size:,} bytes, the limit is {self._options.max_file_bytes:,}"
            self._leave_out(path, ExclusionReason.TOO_LARGE, detail)
        else:
            self.files[path] = FileStat(path, facts.st_size, facts.st_mtime_ns, facts.st_ino)

    def _is_real(self, folder: str) -> bool:
        """Whether a folder is one, all the way up; a link in its place would leave the root."""
        if folder in self.folders:
            return self.folders[folder] >= 0
        parent = folder.rpartition("/")[0] or "."
        real = folder == "." or self._is_real(parent)
        if real:
            try:
                facts = os.lstat(self._prefix + folder)
                real = stat_module.S_ISDIR(facts.st_mode)
            except OSError:
                real = False
        if real:
            fresh = facts.st_mtime_ns > self._started_ns - _RACY_NS
            self.folders[folder] = 0 if fresh else facts.st_mtime_ns
        else:
            self.folders[folder] = -1
        return real

    def drop_generated(self) -> None:
        """Leave out what ``.gitattributes`` marks as generated."""
        if not self._repository.is_git or not self.files:
            return
        folders = {folder for path in self.folders for folder in (path, *folders_above(path))}
        marked = generated_by_attributes(self._repository, tuple(self.files), folders)
        for path in marked & self.files.keys():
            if not self._options.included_by(path):
                del self.files[path]
                self._leave_out(path, ExclusionReason.GENERATED, "linguist-generated in .gitattributes")

    def fold_links(self) -> None:
        """Say of every symbolic link where it leads; none is followed into the index."""
        for path in self._links:
            self._leave_out(path, *self._link(path))

    def _link(self, path: str) -> tuple[ExclusionReason, str]:
        try:
            target = os.path.realpath(self._prefix + path, strict=True)
        except (OSError, ValueError) as error:
            detail = (
                "symbolic link to nothing"
                if isinstance(error, FileNotFoundError)
                else "symbolic link in a circle"
            )
            return ExclusionReason.NOT_A_FILE, detail
        if target != self._prefix.rstrip("/") and not target.startswith(self._prefix):
            return ExclusionReason.LINK_OUTSIDE, shown(target)
        inside = target.removeprefix(self._prefix)
        if Path(target).is_dir() or inside in self.files or self._is_listed(inside):
            return ExclusionReason.LINK_FOLDED, shown(inside)
        return ExclusionReason.NOT_A_FILE, f"symbolic link to {shown(inside)}, which is not indexed"

    def _is_listed(self, path: str) -> bool:
        """Whether a target that this scan did not come by belongs in the index."""
        if shown(path) in self.excluded or path == ".git" or path.startswith(".git/"):
            return False
        single = _Tree(self._repository, self._options)
        for listed in list_paths(self._repository, self._options, (path,)).paths:
            single.take(listed)
        single.drop_generated()
        return path in single.files

    def _nest(self, path: str) -> None:
        self._nested.append(shown(path))
        self._leave_out(path, ExclusionReason.NOT_A_FILE, "a repository of its own")

    def _leave_out(self, path: str, reason: ExclusionReason, detail: str = "") -> None:
        self.excluded[shown(path)] = Exclusion(shown(path), reason, detail)

    def notes(self) -> tuple[str, ...]:
        """What a person should know of what was passed over."""
        if not self._nested:
            return ()
        names = ", ".join(self._nested[:5]) + (", …" if len(self._nested) > 5 else "")
        return (_NESTED_NOTE.format(count=len(self._nested), names=names),)

"""What changed since a scan, by asking the file system alone: for when nobody watches."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from whykeeper_indexers.scan.repository import Repository
from whykeeper_indexers.types import FileStat

__all__ = ["RULE_FILES", "Sweep", "sweep"]

RULE_FILES = frozenset({".gitignore", ".gitattributes", ".gitmodules"})
"""A change in one of these changes which other files belong."""


@dataclass(frozen=True, slots=True)
class Sweep:
    """What to look at again.

    Attributes:
        paths: Files that changed or went, and folders whose entries did; for ``scan_paths``.
        rescan: Ignore rules changed: only a whole ``scan`` tells what belongs.
    """

    paths: frozenset[str]
    rescan: bool = False


def sweep(repository: Repository, files: Mapping[str, FileStat], folders: Mapping[str, int]) -> Sweep:
    """Compare known files and folders with the file system, one ``lstat`` each.

    Args:
        repository: Where.
        files: As a scan gave them.
        folders: As a scan gave them. Without them, new files go unnoticed.

    Returns:
        What to hand to ``scan_paths``. A folder is named only when an entry came or went in it.
    """
    prefix = f"{repository.root}/"
    changed = [path for path, known in files.items() if _differs(prefix + path, known)]
    changed += [_name(folder) for folder, known in folders.items() if _touched(prefix + folder, known)]
    rescan = any(path.rpartition("/")[2] in RULE_FILES for path in changed)
    return Sweep(frozenset(changed), rescan)


def _name(folder: str) -> str:
    return "" if folder == "." else folder


def _differs(path: str, known: FileStat) -> bool:
    try:
        facts = os.lstat(path)
    except OSError:
        return True
    return facts.st_mtime_ns != known.mtime_ns or facts.st_size != known.size or facts.st_ino != known.inode


def _touched(path: str, known_ns: int) -> bool:
    if known_ns < 0:
        return False
    try:
        return os.lstat(path).st_mtime_ns != known_ns
    except OSError:
        return True

"""The files of a folder that is no git repository.

Ignore rules are approximated: every ``.gitignore`` on the way down, and the folders nobody
wants to read.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from whykeeper_indexers.scan.opening import read_small
from whykeeper_indexers.scan.options import ScanOptions

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

__all__ = ["UNREAD_FOLDERS", "walk"]

UNREAD_FOLDERS = frozenset(
    re.findall(
        r"\S+",
        """
        .git .hg .svn .bzr CVS .jj node_modules bower_components jspm_packages .venv venv virtualenv
        __pycache__ .mypy_cache .pytest_cache .ruff_cache .tox .nox .eggs .hypothesis .ipynb_checkpoints
        build dist target out .next .nuxt .svelte-kit .output .parcel-cache .turbo .cache .gradle .idea
        .terraform .bundle .dart_tool DerivedData Pods coverage htmlcov .nyc_output _site
        """,
    )
)
MAX_DEPTH = 64

_Rules = tuple[tuple[str, "GitIgnoreSpec"], ...]


def walk(root: Path, options: ScanOptions, within: Sequence[str] | None = None) -> Iterator[str]:
    """Yield the files below a folder, relative to it, in a stable order.

    Symbolic links are yielded, never followed. A folder with a ``.git`` of its own is yielded
    once, with a trailing slash.

    Args:
        root: The folder.
        options: Which ignored files are brought back.
        within: Only these paths and what is below them.
    """
    yield from _Walk(str(root), options).below("", (), None if within is None else _Asked.of(within), 0)


@dataclass(frozen=True, slots=True)
class _Asked:
    """Which part of the tree is asked for."""

    paths: frozenset[str]
    above: frozenset[str]

    @classmethod
    def of(cls, paths: Sequence[str]) -> _Asked:
        above = {
            "/".join(parts[:end])
            for parts in (path.split("/") for path in paths)
            for end in range(len(parts))
        }
        return cls(frozenset(paths), frozenset(above))


@dataclass(frozen=True, slots=True)
class _Walk:
    root: str
    options: ScanOptions

    def below(self, folder: str, rules: _Rules, asked: _Asked | None, depth: int) -> Iterator[str]:
        here = f"{self.root}/{folder}" if folder else self.root
        try:
            with os.scandir(here) as scanned:
                entries = sorted(scanned, key=lambda entry: entry.name)
        except OSError:
            return
        names = {entry.name for entry in entries}
        if folder and ".git" in names:
            yield f"{folder}/"
            return
        if folder and "pyvenv.cfg" in names:
            return
        prefix = f"{folder}/" if folder else ""
        if ".gitignore" in names:
            rules = ((prefix, _parsed(f"{here}/.gitignore")), *rules)
        for entry in entries:
            path = prefix + entry.name
            if entry.name == ".git":
                continue
            if asked is None or path in asked.paths:
                yield from self._entry(path, entry, rules, None, depth)
            elif path in asked.above:
                yield from self._entry(path, entry, rules, asked, depth)

    def _entry(
        self, path: str, entry: os.DirEntry[str], rules: _Rules, asked: _Asked | None, depth: int
    ) -> Iterator[str]:
        if entry.is_dir(follow_symlinks=False):
            unread = entry.name in UNREAD_FOLDERS or _ignored(rules, f"{path}/")
            wanted = not unread or self.options.readmits_below(path)
            if wanted and depth < MAX_DEPTH:
                below = self.below(path, rules, asked, depth + 1)
                yield from (
                    found for found in below if not unread or self.options.included_by(found) is not None
                )
        elif not _ignored(rules, path) or self.options.included_by(path) is not None:
            yield path


def _parsed(path: str) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec

    lines = read_small(path).decode("utf-8", "replace").splitlines()
    try:
        return GitIgnoreSpec.from_lines(lines)
    except ValueError:
        return GitIgnoreSpec.from_lines([])


def _ignored(rules: _Rules, path: str) -> bool:
    for prefix, spec in rules:
        decided = spec.check_file(path[len(prefix) :]).include
        if decided is not None:
            return decided
    return False

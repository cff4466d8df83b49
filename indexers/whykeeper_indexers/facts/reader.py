"""Facts of a tree's files: kept ones, and what is missing read in the parse workers."""

from __future__ import annotations

import hashlib
import posixpath
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Future
from functools import cached_property
from pathlib import Path
from typing import Final, Protocol

from whykeeper_indexers.change.tree import Tree
from whykeeper_indexers.code import language_of
from whykeeper_indexers.code.patterns import PatternMatch
from whykeeper_indexers.conventions import convention_for
from whykeeper_indexers.decisions import layout_of
from whykeeper_indexers.documents import is_document
from whykeeper_indexers.facts.matching import Matched
from whykeeper_indexers.facts.store import FactStore
from whykeeper_indexers.facts.types import FileFacts
from whykeeper_indexers.parse import ParseContext
from whykeeper_indexers.scan import ScanOptions
from whykeeper_indexers.scan.names import excluded_by_name

__all__ = ["FactReader", "Progress", "Reading"]

_BATCH: Final = 60
"""Files read in one call of a worker."""

Progress = Callable[[int, int], None]
"""Told how many of how many files that had to be read are."""


class Reading(Protocol):
    """Reads files in another process; see ``facts.reading.read_facts``."""

    def facts(
        self, root: Path, tree: str, variables: Mapping[str, str], context: ParseContext, paths: list[str]
    ) -> Future[list[FileFacts]]:
        """Read some files of a tree."""

    def matching(
        self, root: Path, tree: str, variables: Mapping[str, str], language: str, data: str, paths: list[str]
    ) -> Future[Matched]:
        """Hold a pattern against some files of a tree; see ``facts.matching.match_pattern``."""


class FactReader:
    """Facts of one tree.

    Args:
        tree: Any state of a repository.
        store: Where they are kept.
        pool: Reads what is missing.
        options: What does not belong in the index.
    """

    def __init__(self, tree: Tree, store: FactStore, pool: Reading, options: ScanOptions) -> None:
        self.tree = tree
        self._store = store
        self._pool = pool
        self.paths = frozenset(
            path
            for path in tree.blobs
            if excluded_by_name(path) is None and options.excluded_by(path) is None
        )
        layout = layout_of(self.paths, lambda path: tree.text(path) or "")
        self.context = ParseContext(layout)
        self._layout = hashlib.sha256(layout.described().encode("utf-8", "surrogateescape")).hexdigest()[:16]
        self._known: dict[str, FileFacts] = {}

    def one(self, path: str) -> FileFacts:
        """What one file says; nothing for a file that is not there."""
        return self.of([path]).get(path) or FileFacts()

    def of(self, paths: Collection[str], progress: Progress | None = None) -> dict[str, FileFacts]:
        """What some files say; those that are not there, or do not belong in the index, are left out.

        Args:
            paths: Relative to the root.
            progress: Told how many of how many files that had to be read are.

        Raises:
            WhykeeperError: They cannot be read or kept.
        """
        wanted = [path for path in paths if path in self.paths]
        missing = [path for path in wanted if path not in self._known]
        kept = self._store.get(self._keys[path] for path in missing)
        self._known.update({path: kept[key] for path in missing if (key := self._keys[path]) in kept})
        unread = [path for path in missing if path not in self._known]
        self._read(unread, progress)
        return {path: self._known[path] for path in wanted}

    def fill(self, paths: Collection[str], progress: Progress | None = None) -> None:
        """Have facts of many files kept, without looking at them: what `sharing` finds."""
        keys = {path: self._keys[path] for path in paths if path in self.paths and path not in self._known}
        known = self._store.known(keys.values())
        self._read([path for path, key in keys.items() if key not in known], progress)

    def sharing(self, numbers: Collection[int]) -> dict[int, list[tuple[str, int]]]:
        """Functions of this tree, by path and number, for each hash of a sketch or job that they have.

        Only files that were read are known; see `fill`.
        """
        found: defaultdict[int, list[tuple[str, int]]] = defaultdict(list)
        for key, number, shared in self._store.sharing(numbers):
            found[shared] += [(path, number) for path in self._by_key.get(key, ())]
        return found

    @cached_property
    def _by_key(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for path, key in self._keys.items():
            found.setdefault(key, []).append(path)
        return found

    @cached_property
    def _keys(self) -> dict[str, str]:
        return {path: self._key(path) for path in self.paths}

    def matching(
        self, language: str, data: str, paths: Collection[str]
    ) -> dict[str, tuple[PatternMatch, ...] | None] | str:
        """Hold a pattern of code against some files.

        Args:
            language: Of the pattern.
            data: The pattern in ast-grep's format, as JSON.
            paths: Relative to the root.

        Returns:
            What it fits in each file, None for one that cannot be read; a sentence where the
            pattern is wrong.

        Raises:
            WhykeeperError: The files cannot be read.
        """
        asked = sorted(paths)
        batches = [asked[at : at + _BATCH] for at in range(0, len(asked), _BATCH)] or [[]]
        where = (self.tree.root, self.tree.name, self.tree.variables)
        started = [self._pool.matching(*where, language, data, batch) for batch in batches]
        found: dict[str, tuple[PatternMatch, ...] | None] = {}
        for batch, future in zip(batches, started, strict=True):
            matched = future.result()
            if isinstance(matched, str):
                return matched
            found.update(zip(batch, matched, strict=True))
        return found

    def _read(self, paths: list[str], progress: Progress | None) -> None:
        batches = [paths[at : at + _BATCH] for at in range(0, len(paths), _BATCH)]
        started = [
            self._pool.facts(self.tree.root, self.tree.name, self.tree.variables, self.context, batch)
            for batch in batches
        ]
        done = 0
        for batch, future in zip(batches, started, strict=True):
            found = dict(zip(batch, future.result(), strict=True))
            self._known.update(found)
            self._store.put({self._keys[path]: facts for path, facts in found.items()})
            done += len(batch)
            if progress is not None:
                progress(done, len(paths))

    def _key(self, path: str) -> str:
        """What decides what a file says: its contents, and how they are read."""
        blob = self.tree.blobs[path]
        if is_document(path) or convention_for(path) is not None:
            # How it refers to others depends on where it is, and on where the records are.
            return f"{blob}:{path}:{self._layout}"
        return f"{blob}:{language_of(path) or posixpath.basename(path)}"

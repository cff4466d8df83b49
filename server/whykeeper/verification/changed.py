"""What a change does to code and which secrets it holds, read in parse workers when a check asks."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from functools import cached_property
from typing import Final, Protocol

from whykeeper_indexers.change import Change, ChangedFile, Tree
from whykeeper_indexers.code import is_code
from whykeeper_indexers.facts import ChangedCode, Reading
from whykeeper_indexers.scan.names import excluded_by_name
from whykeeper_indexers.secrets import FoundSecret
from whykeeper_indexers.types import ExclusionReason

__all__ = ["Changed", "Workers"]

_BATCH: Final = 8
"""Files read in one call of a worker: a change of ten keeps two of them busy."""
_KEY_BYTES: Final = 32


class Workers(Reading, Protocol):
    """What is read in other processes."""

    def changed_code(self, change: Change, files: Sequence[ChangedFile]) -> Future[list[ChangedCode]]:
        """See ``facts.changed_code.read_changed_code``."""

    def secrets(self, tree: Tree, key: bytes, paths: Sequence[str]) -> Future[list[tuple[FoundSecret, ...]]]:
        """See ``facts.changed_secrets.read_secrets``."""


class Changed:
    """What a change does, read once for all checks that ask.

    Args:
        change: The change.
        workers: Read it.
    """

    def __init__(self, change: Change, workers: Workers) -> None:
        self._change = change
        self._workers = workers
        self._key = secrets.token_bytes(_KEY_BYTES)

    @cached_property
    def code(self) -> Mapping[str, ChangedCode]:
        """What the change does to each file of code that belongs in the index, by its path."""
        files = [each for each in self._change.files if not each.binary and _is_read(each.path)]
        batches = [files[at : at + _BATCH] for at in range(0, len(files), _BATCH)]
        started = [self._workers.changed_code(self._change, batch) for batch in batches]
        found = [code for future in started for code in future.result()]
        return {file.path: code for file, code in zip(files, found, strict=True)}

    def secrets(self, tree: Tree, paths: Sequence[str]) -> Mapping[str, tuple[FoundSecret, ...]]:
        """Where files of one of the change's trees hold secrets; fingerprints of both trees can be compared.

        Args:
            tree: Before or after the change.
            paths: The files.
        """
        batches = [paths[at : at + _BATCH] for at in range(0, len(paths), _BATCH)]
        started = [self._workers.secrets(tree, self._key, batch) for batch in batches]
        found = [each for future in started for each in future.result()]
        return dict(zip(paths, found, strict=True))


def _is_read(path: str) -> bool:
    left_out = excluded_by_name(path)
    return is_code(path) and (left_out is None or left_out[0] is ExclusionReason.UNSUPPORTED)

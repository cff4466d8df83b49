"""The files that a caller has open, as search wants them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from whykeeper_indexers.errors import RepositoryError
from whykeeper_indexers.search.open_paths import OpenFile, open_file

if TYPE_CHECKING:
    from whykeeper.memory import Memory

__all__ = ["MOST_OPEN", "opened_files"]

MOST_OPEN = 20
"""Counted; with more open nothing is far from all of them."""
_LOOKED_AT = 100
"""Paths that contain a folder's, to see whether one lies in it."""


def opened_files(paths: Sequence[str], memory: Memory) -> tuple[tuple[OpenFile, ...], list[str]]:
    """Read the files that a caller has open.

    Args:
        paths: Relative to the root, or absolute; folders too. What is outside of the repository or unknown
            in it is told of.
        memory: Of the checkout.

    Returns:
        The files, and notes on those that could not be taken as they are.
    """
    notes = [] if len(paths) <= MOST_OPEN else [f"near: only the first {MOST_OPEN} of {len(paths):,} count"]
    found = []
    for given in paths[:MOST_OPEN]:
        try:
            path = memory.relative(given)
        except RepositoryError as error:
            notes.append(f"near: {error.message}, and nothing in it is near that")
            continue
        opened, note = _opened(path, memory)
        found += [opened] if opened else []
        notes += [note] if note else []
    return tuple(found), notes


def _opened(path: str, memory: Memory) -> tuple[OpenFile | None, str]:
    if not path:
        return None, "near: the whole repository is near itself; name a file or a folder in it"
    catalog, checkout = memory.store.catalog, memory.indexer.checkout
    if text := catalog.file_text(checkout, path):
        return open_file(path, text), ""
    if any(each.startswith(f"{path}/") for each in catalog.paths_like(checkout, f"{path}/", _LOOKED_AT)):
        return OpenFile(f"{path}/"), ""
    name = f"/{path.rpartition('/')[2]}"
    meant = [each for each in catalog.paths_like(checkout, name, 1) if f"/{each}".endswith(name)]
    hint = f" (did you mean {meant[0]}?)" if meant else ""
    return OpenFile(path), f"near: {path} is not in the index{hint}: what lies near its place counts"

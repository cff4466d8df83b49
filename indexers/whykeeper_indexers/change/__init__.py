"""A change as git sees it: two trees, and what differs between them."""

from __future__ import annotations

from whykeeper_indexers.change.gathering import ChangeSource, SourceKind, gathered
from whykeeper_indexers.change.tree import MOST_BYTES, Tree
from whykeeper_indexers.change.types import Change, ChangedFile, FileStatus, Occurrence

__all__ = [
    "MOST_BYTES",
    "Change",
    "ChangeSource",
    "ChangedFile",
    "FileStatus",
    "Occurrence",
    "SourceKind",
    "Tree",
    "gathered",
]

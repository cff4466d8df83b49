"""Imports of Go: one specification a package."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from whykeeper_indexers.code.imports.literals import unquoted
from whykeeper_indexers.code.imports.types import Import, ImportReader, line_of

__all__ = ["GO"]


def _read(node: Node) -> Iterator[Import]:
    target = unquoted(node.child_by_field_name("path"))
    if target:
        yield Import(line_of(node), target)


GO = ImportReader("(import_spec) @import", _read)

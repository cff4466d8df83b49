"""Imports of C and C++: headers that are included."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from whykeeper_indexers.code.imports.literals import unquoted
from whykeeper_indexers.code.imports.types import Import, ImportReader, line_of

__all__ = ["C_FAMILY"]


def _read(node: Node) -> Iterator[Import]:
    path = node.child_by_field_name("path")
    if path is not None and path.type in ("string_literal", "system_lib_string"):
        yield Import(line_of(node), unquoted(path))


C_FAMILY = ImportReader("(preproc_include) @include", _read)

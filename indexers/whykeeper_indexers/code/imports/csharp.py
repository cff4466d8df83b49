"""Imports of C#: namespaces, and types that are used statically or under another name."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from whykeeper_indexers.code.grammar import text_of
from whykeeper_indexers.code.imports.types import Import, ImportReader, line_of

__all__ = ["CSHARP"]

_NAMES = frozenset({"identifier", "qualified_name", "alias_qualified_name", "generic_name"})


def _read(node: Node) -> Iterator[Import]:
    alias = node.child_by_field_name("name")
    named = [each for each in node.named_children if each.type in _NAMES and each != alias]
    if named:
        yield Import(line_of(node), "".join(text_of(named[-1]).split()).removeprefix("global::"))


CSHARP = ImportReader("(using_directive) @using", _read)

"""Imports of Ruby. What is required relative to the file starts with a dot, whatever was written."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from whykeeper_indexers.code.grammar import text_of
from whykeeper_indexers.code.imports.literals import first_literal
from whykeeper_indexers.code.imports.types import Import, ImportReader, line_of

__all__ = ["RUBY"]

_QUERY = """
(call method: (identifier) @_name
  (#any-of? @_name "require" "require_relative" "load" "autoload")) @call
"""


def _read(node: Node) -> Iterator[Import]:
    target = first_literal(node)
    if not target:
        return
    relative = text_of(node.child_by_field_name("method")) == "require_relative"
    yield Import(line_of(node), f"./{target}" if relative and not target.startswith(".") else target)


RUBY = ImportReader(_QUERY, _read)

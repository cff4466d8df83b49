"""Imports of Python: statements anywhere, and those by name with a literal."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from whykeeper_indexers.code.grammar import child_of_type, text_of
from whykeeper_indexers.code.imports.literals import first_literal
from whykeeper_indexers.code.imports.types import Import, ImportReader, line_of

__all__ = ["PYTHON"]

_QUERY = """
(import_statement) @import
(import_from_statement) @from
(call function: (identifier) @_name (#any-of? @_name "__import__" "import_module")) @call
(call function: (attribute attribute: (identifier) @_name) (#eq? @_name "import_module")) @call
"""


def _read(node: Node) -> Iterator[Import]:
    if node.type == "import_statement":
        for each in node.children_by_field_name("name"):
            yield Import(line_of(each), _module(each))
    elif node.type == "import_from_statement":
        target = text_of(node.child_by_field_name("module_name"))
        names = tuple(_module(each) for each in node.children_by_field_name("name"))
        everything = child_of_type(node, "wildcard_import") is not None
        yield Import(line_of(node), "".join(target.split()), ("*",) if everything else names)
    elif literal := first_literal(node):
        yield Import(line_of(node), literal)


def _module(node: Node) -> str:
    named = node.child_by_field_name("name") if node.type == "aliased_import" else node
    return "".join(text_of(named).split())


PYTHON = ImportReader(_QUERY, _read)

"""Imports of JavaScript and TypeScript: statements, re-exports, ``require`` and dynamic ones."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from whykeeper_indexers.code.grammar import child_of_type, text_of
from whykeeper_indexers.code.imports.literals import first_literal, unquoted
from whykeeper_indexers.code.imports.types import Import, ImportReader, line_of

__all__ = ["JAVASCRIPT", "TYPESCRIPT"]

_CALLS = """
(import_statement) @import
(export_statement source: (string)) @export
(call_expression function: (import)) @call
(call_expression function: (identifier) @_name (#eq? @_name "require")) @call
(call_expression
  function: (member_expression object: (identifier) @_object property: (property_identifier) @_name)
  (#eq? @_object "require") (#eq? @_name "resolve")) @call
"""


def _read(node: Node) -> Iterator[Import]:
    called = node.type == "call_expression"
    target = first_literal(node) if called else unquoted(_source(node))
    if target:
        yield Import(line_of(node), target, () if called else tuple(_names(node)))


def _source(statement: Node) -> Node | None:
    """The module of a statement; of ``import x = require("…")`` it stands in a clause."""
    clause = child_of_type(statement, "import_require_clause") or statement
    return clause.child_by_field_name("source")


def _names(statement: Node) -> Iterator[str]:
    if statement.type == "export_statement" and child_of_type(statement, "*", "namespace_export") is not None:
        yield "*"
    for clause in statement.named_children:
        if clause.type == "import_clause":
            for part in clause.named_children:
                yield from _clause_names(part)
        elif clause.type == "export_clause":
            yield from _specified(clause)


def _clause_names(part: Node) -> Iterator[str]:
    if part.type == "identifier":
        yield "default"
    elif part.type == "namespace_import":
        yield "*"
    elif part.type == "named_imports":
        yield from _specified(part)


def _specified(clause: Node) -> Iterator[str]:
    for each in clause.named_children:
        name = text_of(each.child_by_field_name("name"))
        if name:
            yield name.strip("\"'")


TYPESCRIPT = ImportReader(_CALLS, _read)
JAVASCRIPT = ImportReader(_CALLS, _read)

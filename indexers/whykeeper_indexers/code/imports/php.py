"""Imports of PHP: names of namespaces, and files that are included."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from whykeeper_indexers.code.grammar import child_of_type, text_of
from whykeeper_indexers.code.imports.literals import unquoted
from whykeeper_indexers.code.imports.types import Import, ImportReader, line_of

__all__ = ["PHP"]

_QUERY = """
(namespace_use_declaration) @use
(require_expression) @file
(require_once_expression) @file
(include_expression) @file
(include_once_expression) @file
"""
_STRINGS = ("string", "encapsed_string")
_HERE = "__DIR__"


def _read(node: Node) -> Iterator[Import]:
    if node.type == "namespace_use_declaration":
        yield from _used(node)
    elif target := _file(node):
        yield Import(line_of(node), target)


def _used(node: Node) -> Iterator[Import]:
    prefix = text_of(child_of_type(node, "namespace_name"))
    group = node.child_by_field_name("body")
    for clause in (group or node).named_children:
        if clause.type == "namespace_use_clause":
            name = text_of(child_of_type(clause, "qualified_name", "name"))
            target = "\\".join(part.strip("\\") for part in (prefix, name) if part)
            yield Import(line_of(clause), target)


def _file(node: Node) -> str:
    inner = node.named_child(0) if node.named_child_count else None
    while inner is not None and inner.type == "parenthesized_expression":
        inner = inner.named_child(0)
    if inner is None:
        return ""
    if inner.type in _STRINGS:
        return unquoted(inner)
    if inner.type == "binary_expression" and text_of(inner.child_by_field_name("left")) == _HERE:
        right = inner.child_by_field_name("right")
        found = unquoted(right) if right is not None and right.type in _STRINGS else ""
        return f"./{found.lstrip('/')}" if found else ""
    return ""


PHP = ImportReader(_QUERY, _read)

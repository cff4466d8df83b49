"""Imports of Rust: ``use`` with its trees spread out, ``extern crate``, and modules in files of their own."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from whykeeper_indexers.code.grammar import child_of_type, text_of
from whykeeper_indexers.code.imports.types import Import, ImportReader, line_of

__all__ = ["RUST"]

_QUERY = """
(use_declaration) @use
(extern_crate_declaration) @crate
(mod_item !body) @mod
"""
_SEPARATOR = "::"


def _read(node: Node) -> Iterator[Import]:
    if node.type == "mod_item":
        yield Import(line_of(node), f"self::{text_of(node.child_by_field_name('name'))}")
    elif node.type == "extern_crate_declaration":
        yield Import(line_of(node), text_of(node.child_by_field_name("name")))
    else:
        argument = node.child_by_field_name("argument")
        if argument is not None:
            yield from _spread(argument)


def _spread(argument: Node) -> Iterator[Import]:
    """Every path of a tree of ``use``, without recursion: a source may nest as deep as it likes."""
    todo: list[tuple[Node, str]] = [(argument, "")]
    while todo:
        node, prefix = todo.pop()
        if node.type == "use_as_clause":
            node = node.child_by_field_name("path") or node
        if node.type == "scoped_use_list":
            inner = _joined(prefix, text_of(node.child_by_field_name("path")))
            listed = node.child_by_field_name("list")
            todo += [(each, inner) for each in reversed(listed.named_children if listed else [])]
        elif node.type == "use_list":
            todo += [(each, prefix) for each in reversed(node.named_children)]
        elif node.type == "use_wildcard":
            yield Import(line_of(node), _joined(prefix, _wild(node)), ("*",))
        elif "comment" not in node.type:
            yield Import(line_of(node), _joined(prefix, "" if node.type == "self" else text_of(node)))


def _wild(node: Node) -> str:
    return text_of(child_of_type(node, "identifier", "scoped_identifier", "crate", "self", "super"))


def _joined(prefix: str, path: str) -> str:
    plain = "".join(path.split())
    return _SEPARATOR.join(part for part in (prefix, plain) if part)


RUST = ImportReader(_QUERY, _read)

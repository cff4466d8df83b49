"""What a module of JavaScript or TypeScript exports."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from whykeeper_indexers.code.grammar import child_of_type, text_of
from whykeeper_indexers.usage.imported import EVERYTHING, imported_by
from whykeeper_indexers.usage.mentions import CodeFile

__all__ = ["exported_by"]

_COMMON_JS = b"exports"


def exported_by(file: CodeFile) -> frozenset[str] | None:
    """Names that a module exports, ``default`` for what has none; None where syntax cannot tell.

    What it exports of everything in another module is left to the caller.
    """
    imported = imported_by(file)
    found = {each.handed_on for each in imported if each.handed_on not in ("", EVERYTHING)}
    is_module = bool(found) or any(each.handed_on for each in imported)
    for node in file.tree.root.named_children:
        if node.type == "ambient_declaration" or _is_common_js(node):
            return None
        if node.type == "export_statement":
            if child_of_type(node, "=", "as") is not None:
                return None
            is_module = True
            found.update(_exported(node))
    return frozenset(found) if is_module else None


def _is_common_js(node: Node) -> bool:
    return node.type == "expression_statement" and _COMMON_JS in (node.text or b"")[:200]


def _exported(node: Node) -> Iterator[str]:
    if child_of_type(node, "default") is not None:
        yield "default"
        return
    clause = child_of_type(node, "export_clause")
    if clause is not None and node.child_by_field_name("source") is None:
        for each in clause.named_children:
            yield text_of(each.child_by_field_name("alias") or each.child_by_field_name("name")).strip("\"'")
    declared = node.child_by_field_name("declaration")
    if declared is not None:
        yield from _declared(declared)


def _declared(node: Node) -> Iterator[str]:
    if node.type == "ambient_declaration":
        for child in node.named_children:
            yield from _declared(child)
    elif node.type in ("lexical_declaration", "variable_declaration"):
        for each in node.named_children:
            yield from _bound(each.child_by_field_name("name"))
    else:
        name = text_of(node.child_by_field_name("name"))
        if name:
            yield name.partition(".")[0]


def _bound(node: Node | None) -> Iterator[str]:
    """The names of a declared variable, or of the pattern that takes several apart."""
    todo = [node] if node is not None else []
    while todo:
        each = todo.pop()
        if each.type in ("identifier", "shorthand_property_identifier_pattern"):
            yield text_of(each)
        elif each.type == "pair_pattern":
            value = each.child_by_field_name("value")
            todo.extend([value] if value is not None else [])
        elif each.type in ("assignment_pattern", "object_assignment_pattern"):
            left = each.child_by_field_name("left")
            todo.extend([left] if left is not None else [])
        else:
            todo.extend(each.named_children)

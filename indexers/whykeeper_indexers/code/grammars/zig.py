"""Zig, in which a type is a value."""

from __future__ import annotations

from tree_sitter import Node

from whykeeper_indexers.code.grammar import Grammar, Rule, child_of_type, of_type, text_of

__all__ = ["ZIG"]

_CONTAINERS = ("struct_declaration", "union_declaration", "enum_declaration", "opaque_declaration")


def _variable(node: Node) -> Rule:
    container = child_of_type(node, *_CONTAINERS)
    if container is None:
        return Rule("constant", of_type("identifier"))
    return Rule("class", of_type("identifier"), lambda _: container.children, _CONTAINERS)


def _function(node: Node) -> Rule:
    """Treat a function that returns a container as the generic type it is."""
    found: Node | None = node.child_by_field_name("body")
    for below in ("expression_statement", "return_expression"):
        found = child_of_type(found, below) if found is not None else None
    container = child_of_type(found, *_CONTAINERS) if found is not None else None
    if container is None:
        return Rule("function")
    return Rule("class", members=lambda _: container.children)


def _test_name(node: Node) -> tuple[str, ...]:
    name = text_of(child_of_type(node, "string", "identifier")).strip('"')
    return (name[:120],) if name else ()


ZIG = Grammar(
    name="zig",
    module="tree_sitter_zig",
    rules={
        "function_declaration": _function,
        "variable_declaration": _variable,
        "container_field": Rule("field"),
        "test_declaration": Rule("test", _test_name, body=("block",), defines=False),
    },
)

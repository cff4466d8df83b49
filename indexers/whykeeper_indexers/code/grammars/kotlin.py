"""Kotlin."""

from __future__ import annotations

from tree_sitter import Node

from whykeeper_indexers.code.grammar import (
    Grammar,
    Rule,
    child_of_type,
    named,
    of_type,
    text_of,
    transparent,
    within,
)

__all__ = ["KOTLIN"]

_BODY = within("class_body", "enum_class_body")
_STOPS = ("class_body", "enum_class_body", "function_body")


def _property(node: Node) -> tuple[str, ...]:
    declared = child_of_type(node, "variable_declaration", "multi_variable_declaration")
    name = text_of(child_of_type(declared, "identifier")) if declared is not None else ""
    return (name,) if name else ()


KOTLIN = Grammar(
    name="kotlin",
    module="tree_sitter_kotlin",
    rules={
        "class_declaration": Rule("class", of_type("identifier"), _BODY, _STOPS),
        "object_declaration": Rule("class", of_type("identifier"), _BODY, _STOPS),
        "companion_object": transparent(_BODY),
        "function_declaration": Rule("function", of_type("identifier"), body=_STOPS),
        "secondary_constructor": Rule("method", named("constructor"), body=("block",)),
        "property_declaration": Rule("field", _property, body=("getter", "setter")),
        "type_alias": Rule("type", of_type("identifier")),
        "enum_entry": Rule("field", of_type("identifier")),
    },
    comments=frozenset({"line_comment", "block_comment", "comment", "multiline_comment"}),
    # Two annotations above a declaration are read as an expression of their own.
    leading=lambda node: node.type in ("annotation", "file_annotation", "annotated_expression"),
)

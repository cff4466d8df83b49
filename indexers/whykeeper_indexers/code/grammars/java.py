"""Java."""

from __future__ import annotations

from tree_sitter import Node

from whykeeper_indexers.code.grammar import Grammar, Rule, text_of, within

__all__ = ["JAVA"]


def _fields(node: Node) -> tuple[str, ...]:
    declarators = node.children_by_field_name("declarator")
    return tuple(text_of(declarator.child_by_field_name("name")) for declarator in declarators)


JAVA = Grammar(
    name="java",
    module="tree_sitter_java",
    rules={
        "class_declaration": Rule("class", members=within("body")),
        "interface_declaration": Rule("interface", members=within("body")),
        "enum_declaration": Rule("enum", members=within("body")),
        "record_declaration": Rule("class", members=within("body")),
        "annotation_type_declaration": Rule("interface", members=within("body")),
        "method_declaration": Rule("method"),
        "constructor_declaration": Rule("method"),
        "compact_constructor_declaration": Rule("method"),
        "annotation_type_element_declaration": Rule("method"),
        "field_declaration": Rule("field", _fields),
        "constant_declaration": Rule("field", _fields),
        "enum_constant": Rule("field"),
    },
    comments=frozenset({"line_comment", "block_comment"}),
    inline=frozenset({"enum_body_declarations"}),
)

"""Swift."""

from __future__ import annotations

from tree_sitter import Node

from whykeeper_indexers.code.grammar import Grammar, Rule, named, within

__all__ = ["SWIFT"]

_BODY = within("body")


def _type(node: Node) -> Rule:
    keyword = node.child_by_field_name("declaration_kind")
    kind = keyword.type if keyword is not None else ""
    if kind == "extension":
        return Rule("extension", members=_BODY, defines=False)
    return Rule("enum" if kind == "enum" else "class", members=_BODY)


SWIFT = Grammar(
    name="swift",
    module="tree_sitter_swift",
    rules={
        "class_declaration": _type,
        "protocol_declaration": Rule("interface", members=_BODY),
        "function_declaration": Rule("function"),
        "protocol_function_declaration": Rule("method"),
        "protocol_property_declaration": Rule("field"),
        "init_declaration": Rule("method", named("init")),
        "deinit_declaration": Rule("method", named("deinit")),
        "subscript_declaration": Rule("method", named("subscript"), body=("computed_property",)),
        "property_declaration": Rule("field", body=("computed_value", "value")),
        "typealias_declaration": Rule("type"),
        "associatedtype_declaration": Rule("type"),
        "enum_entry": Rule("field"),
        "macro_declaration": Rule("macro"),
    },
    comments=frozenset({"comment", "multiline_comment"}),
)

"""Rust."""

from __future__ import annotations

from whykeeper_indexers.code.grammar import Grammar, Rule, by_field, transparent, within

__all__ = ["RUST"]

_BODY = within("body")

RUST = Grammar(
    name="rust",
    module="tree_sitter_rust",
    rules={
        "function_item": Rule("function"),
        "function_signature_item": Rule("function"),
        "struct_item": Rule("class"),
        "union_item": Rule("class"),
        "enum_item": Rule("enum"),
        "trait_item": Rule("interface", members=_BODY),
        "impl_item": Rule("impl", by_field("type"), _BODY, defines=False),
        "mod_item": Rule("module", members=_BODY),
        "macro_definition": Rule("macro", body=("macro_rule",)),
        "const_item": Rule("constant"),
        "static_item": Rule("constant"),
        "type_item": Rule("type"),
        "associated_type": Rule("type"),
        "foreign_mod_item": transparent(_BODY),
    },
    comments=frozenset({"line_comment", "block_comment", "doc_comment"}),
    leading=lambda node: node.type == "attribute_item",
)

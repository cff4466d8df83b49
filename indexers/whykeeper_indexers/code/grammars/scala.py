"""Scala 2 and 3."""

from __future__ import annotations

from tree_sitter import Node

from whykeeper_indexers.code.grammar import Grammar, Rule, text_of, transparent, within

__all__ = ["SCALA"]

_BODY = within("body")


def _pattern(node: Node) -> tuple[str, ...]:
    pattern = node.child_by_field_name("pattern") or node.child_by_field_name("name")
    return (text_of(pattern),) if pattern is not None and pattern.type == "identifier" else ()


def _extension(node: Node) -> list[Node]:
    body = node.child_by_field_name("body")
    if body is None:
        return []
    return [body] if body.type == "function_definition" else body.children


def _value(category: str) -> Rule:
    return Rule(category, _pattern, body=("value",))


SCALA = Grammar(
    name="scala",
    module="tree_sitter_scala",
    rules={
        "class_definition": Rule("class", members=_BODY),
        "object_definition": Rule("class", members=_BODY),
        "trait_definition": Rule("interface", members=_BODY),
        "enum_definition": Rule("enum", members=_BODY),
        "package_object": Rule("module", members=_BODY),
        "package_clause": transparent(_BODY),
        "extension_definition": transparent(_extension),
        "function_definition": Rule("function"),
        "function_declaration": Rule("function"),
        "val_definition": _value("field"),
        "var_definition": _value("field"),
        "val_declaration": _value("field"),
        "var_declaration": _value("field"),
        "given_definition": Rule("constant"),
        "type_definition": Rule("type", body=("type",)),
    },
    comments=frozenset({"comment", "block_comment"}),
    leading=lambda node: node.type == "annotation",
)

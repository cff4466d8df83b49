"""Lua."""

from __future__ import annotations

from tree_sitter import Node

from whykeeper_indexers.code.grammar import Grammar, Rule, child_of_type, text_of

__all__ = ["LUA"]


def _function_name(node: Node) -> tuple[str, ...]:
    name = text_of(node.child_by_field_name("name")).replace(":", ".")
    return (name,) if name else ()


def _assignment(node: Node) -> Rule | None:
    inner = node if node.type == "assignment_statement" else child_of_type(node, "assignment_statement")
    targets = child_of_type(inner, "variable_list") if inner is not None else None
    values = child_of_type(inner, "expression_list") if inner is not None else None
    if targets is None:
        return None
    names = tuple(text_of(target).replace(":", ".")[:200] for target in targets.named_children)
    is_function = values is not None and child_of_type(values, "function_definition") is not None
    return Rule("function" if is_function else "constant", lambda _: names, body=(), qualified=True)


LUA = Grammar(
    name="lua",
    module="tree_sitter_lua",
    rules={
        "function_declaration": Rule("function", _function_name, qualified=True),
        "assignment_statement": _assignment,
        "variable_declaration": _assignment,
    },
    comments=frozenset({"comment", "comment_content"}),
)

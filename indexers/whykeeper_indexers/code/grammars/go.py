"""Go."""

from __future__ import annotations

from tree_sitter import Node

from whykeeper_indexers.code.grammar import Grammar, Rule, plain_name, text_of

__all__ = ["GO"]

_SPECS = frozenset({"const_spec", "var_spec", "type_spec", "type_alias"})


def _method_name(node: Node) -> tuple[str, ...]:
    name = text_of(node.child_by_field_name("name"))
    receiver = node.child_by_field_name("receiver")
    parameter = receiver.named_child(0) if receiver is not None and receiver.named_child_count else None
    of = plain_name(text_of(parameter.child_by_field_name("type"))) if parameter is not None else ""
    of = of.strip("*() ")
    return (f"{of}.{name}" if of else name,) if name else ()


def _declared(node: Node) -> tuple[str, ...]:
    specs = [
        spec
        for child in node.named_children
        for spec in (child.named_children if child.type == "var_spec_list" else [child])
        if spec.type in _SPECS
    ]
    names = (text_of(name) for spec in specs for name in spec.children_by_field_name("name"))
    return tuple(name for name in names if name and name not in ("_", ","))


GO = Grammar(
    name="go",
    module="tree_sitter_go",
    rules={
        "function_declaration": Rule("function"),
        "method_declaration": Rule("method", _method_name, qualified=True),
        "type_declaration": Rule("type", _declared),
        "const_declaration": Rule("constant", _declared),
        "var_declaration": Rule("constant", _declared),
    },
)

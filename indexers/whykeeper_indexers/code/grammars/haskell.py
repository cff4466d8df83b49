"""Haskell."""

from __future__ import annotations

from tree_sitter import Node

from whykeeper_indexers.code.grammar import Grammar, Rule, child_of_type, text_of, within

__all__ = ["HASKELL"]

_DECLARATIONS = within("declarations")


def _names(node: Node) -> tuple[str, ...]:
    several = node.child_by_field_name("names")
    if several is not None:
        return tuple(text_of(name).strip("()") for name in several.named_children)
    name = node.child_by_field_name("name")
    if name is None:
        infix = child_of_type(node, "infix")
        name = infix.child_by_field_name("operator") if infix is not None else None
    return (text_of(name).strip("()`"),) if name is not None else ()


HASKELL = Grammar(
    name="haskell",
    module="tree_sitter_haskell",
    rules={
        "signature": Rule("function", _names, body=()),
        "function": Rule("function", _names, body=("match", "guards")),
        "bind": Rule("function", _names, body=("match",)),
        "data_type": Rule("class", body=("constructors",)),
        "newtype": Rule("class", body=("constructor",)),
        "type_synomym": Rule("type"),
        "type_synonym": Rule("type"),
        "type_family": Rule("type"),
        "data_family": Rule("type"),
        "pattern_synonym": Rule("function", _names),
        "class": Rule("interface", members=_DECLARATIONS, body=("declarations",)),
        "instance": Rule("instance", members=_DECLARATIONS, body=("declarations",), defines=False),
    },
    comments=frozenset({"comment", "haddock"}),
    leading=lambda node: node.type == "pragma",
    inline=frozenset({"declarations", "imports"}),
    merges_clauses=True,
)

"""Texts in quotes, as imports name files and modules."""

from __future__ import annotations

from tree_sitter import Node

from whykeeper_indexers.code.grammar import text_of

__all__ = ["first_literal", "unquoted"]

_LITERALS = frozenset({"string", "encapsed_string", "template_string"})
_CONTENTS = frozenset({"string_content", "string_fragment", "interpreted_string_literal_content"})


def unquoted(node: Node | None) -> str:
    """What stands between the quotes; empty where something is put into the text when it runs."""
    if node is None or any(
        "interpolation" in child.type or "substitution" in child.type for child in node.children
    ):
        return ""
    contents = [text_of(child) for child in node.children if child.type in _CONTENTS]
    return "".join(contents) if contents else text_of(node).strip("\"'`<>")


def first_literal(call: Node) -> str:
    """The text of a call's first argument that is one; empty for none."""
    arguments = call.child_by_field_name("arguments")
    found = (
        next((each for each in arguments.named_children if each.type in _LITERALS), None)
        if arguments
        else None
    )
    return unquoted(found)

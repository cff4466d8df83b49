"""Bash and its kin."""

from __future__ import annotations

from tree_sitter import Node

from whykeeper_indexers.code.grammar import Grammar, Rule, text_of, transparent

__all__ = ["BASH"]


def _declared(node: Node) -> tuple[str, ...]:
    assignments = (child for child in node.named_children if child.type == "variable_assignment")
    return tuple(text_of(child.child_by_field_name("name")) for child in assignments)


BASH = Grammar(
    name="bash",
    module="tree_sitter_bash",
    rules={
        "function_definition": Rule("function"),
        "variable_assignment": Rule("constant"),
        "declaration_command": Rule("constant", _declared),
        "if_statement": transparent(),
        # Installers wrap the whole script in braces, so that half a download runs nothing.
        "compound_statement": transparent(),
    },
)

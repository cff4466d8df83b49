"""PHP."""

from __future__ import annotations

from tree_sitter import Node

from whykeeper_indexers.code.grammar import Grammar, Rule, text_of, transparent, within

__all__ = ["PHP"]

_BODY = within("body")


def _elements(kind: str, name: str) -> Rule:
    def names(node: Node) -> tuple[str, ...]:
        elements = (child for child in node.named_children if child.type == kind)
        found = (next((part for part in element.children if part.type == name), None) for element in elements)
        return tuple(text_of(part).lstrip("$") for part in found if part is not None)

    return Rule("field", names)


def _namespace(node: Node) -> Rule | None:
    """Open a scope for a namespace in braces; one that ends in a semicolon encloses nothing."""
    if node.child_by_field_name("body") is None:
        return None
    return Rule("namespace", members=_BODY, defines=False)


PHP = Grammar(
    name="php",
    module="tree_sitter_php",
    entry="language_php",
    rules={
        "namespace_definition": _namespace,
        "class_declaration": Rule("class", members=_BODY),
        "interface_declaration": Rule("interface", members=_BODY),
        "trait_declaration": Rule("class", members=_BODY),
        "enum_declaration": Rule("enum", members=_BODY),
        "method_declaration": Rule("method"),
        "function_definition": Rule("function"),
        "const_declaration": _elements("const_element", "name"),
        "property_declaration": _elements("property_element", "variable_name"),
        "enum_case": Rule("field"),
        "if_statement": transparent(_BODY),
    },
)

"""C and C++."""

from __future__ import annotations

import re
from dataclasses import replace

from tree_sitter import Node

from whykeeper_indexers.code.grammar import Grammar, Rule, by_field, plain_name, text_of, transparent, within

__all__ = ["CPP", "C"]

_NAMES = frozenset(
    {
        "identifier",
        "field_identifier",
        "type_identifier",
        "qualified_identifier",
        "destructor_name",
        "operator_name",
        "operator_cast",
        "template_function",
        "primitive_type",
    }
)


def _declarators(node: Node) -> list[Node]:
    """Walk from a declaration to the name it declares, outermost declarator first."""
    chain: list[Node] = []
    current: Node | None = node.child_by_field_name("declarator")
    while current is not None and len(chain) < 40:
        chain.append(current)
        if current.type in _NAMES:
            break
        below = current.child_by_field_name("declarator")
        if below is None and current.type.endswith("_declarator") and current.named_child_count:
            below = current.named_child(0)
        current = below
    return chain


def _declared(node: Node) -> tuple[str, ...]:
    chain = _declarators(node)
    if not chain or chain[-1].type not in _NAMES:
        return ()
    name = plain_name(
        text_of(chain[-1]).split("(")[0] if chain[-1].type == "operator_cast" else text_of(chain[-1])
    )
    return (name,) if name else ()


def _declaration(node: Node) -> Rule:
    is_function = any(declarator.type == "function_declarator" for declarator in _declarators(node))
    return Rule("function" if is_function else "constant", _declared, qualified=True)


def _field(node: Node) -> Rule:
    is_function = any(declarator.type == "function_declarator" for declarator in _declarators(node))
    return Rule("method" if is_function else "field", _declared)


def _aggregate(category: str) -> Rule:
    return Rule(category, members=within("body"))


# Macros the grammar takes for types: alone at the margin, or between ``class`` and its name.
_LONE_MACRO = re.compile(rb"^[A-Z][A-Z0-9_]{3,80}[ \t]*$", re.MULTILINE)
_CLASS_MACRO = re.compile(
    rb"\b(class|struct)([ \t]+[A-Z][A-Z0-9_]{3,80}(?:\([^()\n]{0,80}\))?)"
    rb"(?=[ \t]+[A-Za-z_]\w{0,80}\s{0,4}[:{f])"
)


def _without_macros(data: bytes) -> bytes:
    data = _LONE_MACRO.sub(lambda found: b" " * len(found.group()), data)
    return _CLASS_MACRO.sub(lambda found: found.group(1) + b" " * len(found.group(2)), data)


C = Grammar(
    name="c",
    module="tree_sitter_c",
    rules={
        "function_definition": Rule("function", _declared, qualified=True),
        "declaration": _declaration,
        "field_declaration": _field,
        "type_definition": Rule("type", _declared),
        "struct_specifier": _aggregate("class"),
        "union_specifier": _aggregate("class"),
        "enum_specifier": Rule("enum"),
        "preproc_def": Rule("constant", body=("value",)),
        "preproc_function_def": Rule("macro", body=("value",)),
        "preproc_ifdef": transparent(),
        "preproc_if": transparent(),
        "preproc_else": transparent(),
        "preproc_elif": transparent(),
        "linkage_specification": transparent(within("body")),
    },
    repair=_without_macros,
)

CPP = replace(
    C,
    name="cpp",
    module="tree_sitter_cpp",
    rules={
        **C.rules,
        "class_specifier": _aggregate("class"),
        "namespace_definition": Rule("namespace", members=within("body"), defines=False),
        "alias_declaration": Rule("type"),
        "concept_definition": Rule("interface", by_field("name")),
    },
    wrappers=frozenset({"template_declaration"}),
)

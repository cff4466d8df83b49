"""JavaScript, TypeScript and their JSX dialects."""

from __future__ import annotations

from dataclasses import replace

from tree_sitter import Node

from whykeeper_indexers.code.grammar import (
    Grammar,
    Rule,
    by_field,
    child_of_type,
    named,
    no_names,
    plain_name,
    text_of,
    transparent,
    within,
)

__all__ = ["JAVASCRIPT", "TSX", "TYPESCRIPT"]

_FUNCTIONS = frozenset({"arrow_function", "function_expression", "generator_function", "function"})
_SUITES = frozenset({"describe", "context", "suite"})
_CASES = frozenset({"it", "test", "bench", "fuzz"})
_IMPORTANT_TARGETS = ("module.exports", "exports")


def _declared(node: Node) -> tuple[str, ...]:
    names = (
        child.child_by_field_name("name")
        for child in node.named_children
        if child.type == "variable_declarator"
    )
    return tuple(text_of(name) for name in names if name is not None and name.type == "identifier")


def _declaration(node: Node) -> Rule:
    declarator = child_of_type(node, "variable_declarator")
    value = declarator.child_by_field_name("value") if declarator is not None else None
    if value is not None and value.type in _FUNCTIONS:
        return Rule("function", _declared)
    if value is not None and value.type == "class":
        return Rule("class", _declared, members=lambda _: within("body")(value))
    return Rule("constant", _declared)


def _property(node: Node) -> Rule:
    value = node.child_by_field_name("value")
    is_method = value is not None and value.type in _FUNCTIONS
    return Rule("method" if is_method else "field", _property_name)


def _property_name(node: Node) -> tuple[str, ...]:
    name = text_of(node.child_by_field_name("name") or node.child_by_field_name("property"))
    return (name,) if name else ()


def _statement(node: Node) -> Rule | None:
    inner = node.named_child(0) if node.named_child_count else None
    if inner is None:
        return None
    if inner.type == "call_expression":
        return _test(inner)
    if inner.type == "assignment_expression":
        return _assignment(inner)
    if inner.type == "internal_module":
        return Rule("module", lambda _: by_field("name")(inner), lambda _: within("body")(inner))
    return None


def _test(call: Node) -> Rule | None:
    """Recognise ``describe("…", () => { … })`` and its kin."""
    function = text_of(call.child_by_field_name("function")).split("(")[0].split(".")[0]
    arguments = call.child_by_field_name("arguments")
    if function not in _SUITES | _CASES or arguments is None:
        return None
    title = child_of_type(arguments, "string", "template_string")
    callback = child_of_type(arguments, *_FUNCTIONS)
    if title is None or callback is None:
        return None
    label = (text_of(title).strip("'\"`")[:120],)
    members = (lambda _: within("body")(callback)) if function in _SUITES else None
    return Rule("test", lambda _: label, members, body=(), defines=False)


def _assignment(inner: Node) -> Rule | None:
    """Recognise ``module.exports.name = …`` and ``Type.prototype.name = function …``."""
    target, value = inner.child_by_field_name("left"), inner.child_by_field_name("right")
    if target is None or value is None or target.type != "member_expression":
        return None
    name = plain_name(text_of(target))
    for prefix in _IMPORTANT_TARGETS:
        name = name.removeprefix(f"{prefix}.")
    if name in _IMPORTANT_TARGETS or not (value.type in _FUNCTIONS or value.type == "class"):
        return None
    return Rule("function", lambda _: (name.replace(".prototype.", "."),), qualified=True)


def _exported(node: Node) -> Rule | None:
    """Recognise a default export that has no name."""
    value = node.child_by_field_name("value")
    if value is not None and value.type in _FUNCTIONS:
        return Rule("function", named("default"))
    return None


JAVASCRIPT = Grammar(
    name="javascript",
    module="tree_sitter_javascript",
    rules={
        "function_declaration": Rule("function"),
        "generator_function_declaration": Rule("function"),
        "class_declaration": Rule("class", members=within("body")),
        "method_definition": Rule("method"),
        "field_definition": _property,
        "class_static_block": Rule("block", no_names, defines=False),
        "lexical_declaration": _declaration,
        "variable_declaration": _declaration,
        "expression_statement": _statement,
        "export_statement": _exported,
    },
    wrappers=frozenset({"export_statement"}),
    leading=lambda node: node.type == "decorator",
)

TYPESCRIPT = replace(
    JAVASCRIPT,
    name="typescript",
    module="tree_sitter_typescript",
    entry="language_typescript",
    rules={
        **JAVASCRIPT.rules,
        "abstract_class_declaration": Rule("class", members=within("body")),
        "function_signature": Rule("function"),
        "interface_declaration": Rule("interface", members=within("body")),
        "type_alias_declaration": Rule("type", body=("value",)),
        "enum_declaration": Rule("enum"),
        "public_field_definition": _property,
        "property_signature": Rule("field"),
        "method_signature": Rule("method"),
        "abstract_method_signature": Rule("method"),
        "internal_module": Rule("module", members=within("body")),
        "module": Rule("namespace", members=within("body"), defines=False, scoped=False),
        "ambient_declaration": transparent(within("statement_block")),
    },
    wrappers=frozenset({"export_statement", "ambient_declaration"}),
    merges_clauses=True,
)

TSX = replace(TYPESCRIPT, name="tsx", entry="language_tsx")

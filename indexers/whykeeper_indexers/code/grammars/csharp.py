"""C#."""

from __future__ import annotations

import re

from tree_sitter import Node

from whykeeper_indexers.code.grammar import Grammar, Rule, child_of_type, named, text_of, transparent, within

__all__ = ["CSHARP"]

_BODY = within("body")


def _fields(node: Node) -> tuple[str, ...]:
    declaration = child_of_type(node, "variable_declaration")
    declarators = declaration.named_children if declaration is not None else []
    return tuple(
        text_of(child.child_by_field_name("name"))
        for child in declarators
        if child.type == "variable_declarator"
    )


def _operator(node: Node) -> tuple[str, ...]:
    return (f"operator {text_of(node.child_by_field_name('operator'))}".strip(),)


_DIRECTIVE = re.compile(rb"^[ \t]*#[ \t]*(if|elif|else|endif)\b")


def _first_branches(data: bytes) -> bytes:
    """Blank the directives and all but the first branch of each ``#if``."""
    kept: list[bytes] = []
    hidden: list[bool] = []
    for line in data.split(b"\n"):
        found = _DIRECTIVE.match(line)
        word = found.group(1) if found else b""
        if word == b"if":
            hidden.append(False)
        elif word == b"endif" and hidden:
            hidden.pop()
        elif word and hidden:
            hidden[-1] = True
        kept.append(b" " * len(line) if word or any(hidden) else line)
    return b"\n".join(kept)


CSHARP = Grammar(
    name="csharp",
    module="tree_sitter_c_sharp",
    rules={
        "namespace_declaration": Rule("namespace", members=_BODY, defines=False),
        "class_declaration": Rule("class", members=_BODY),
        "struct_declaration": Rule("class", members=_BODY),
        "record_declaration": Rule("class", members=_BODY),
        "interface_declaration": Rule("interface", members=_BODY),
        "enum_declaration": Rule("enum"),
        "delegate_declaration": Rule("type"),
        "method_declaration": Rule("method"),
        "constructor_declaration": Rule("method"),
        "destructor_declaration": Rule("method", named("Finalize")),
        "operator_declaration": Rule("method", _operator),
        "indexer_declaration": Rule("method", named("this"), body=("accessors", "value")),
        "property_declaration": Rule("field", body=("accessors", "value")),
        "field_declaration": Rule("field", _fields),
        "event_field_declaration": Rule("field", _fields),
        "event_declaration": Rule("field"),
        "local_function_statement": Rule("function"),
        "preproc_if": transparent(),
        "preproc_else": transparent(),
        "preproc_elif": transparent(),
    },
    wrappers=frozenset({"global_statement"}),
    repair=_first_branches,
)

"""Python."""

from __future__ import annotations

from tree_sitter import Node

from whykeeper_indexers.code.grammar import Grammar, Rule, by_field, text_of, transparent, within

__all__ = ["PYTHON"]


def _assigned(node: Node) -> tuple[str, ...]:
    assignment = node.named_child(0) if node.named_child_count else None
    if assignment is None or assignment.type != "assignment":
        return ()
    target = assignment.child_by_field_name("left")
    if target is None:
        return ()
    targets = [target] if target.type == "identifier" else target.named_children
    return tuple(text_of(name) for name in targets if name.type == "identifier")


def _branches(node: Node) -> list[Node]:
    blocks = [node, *(child for child in node.named_children if child.type.endswith("_clause"))]
    return [
        child
        for block in blocks
        for body in block.children
        if body.type == "block"
        for child in body.children
    ]


def _docstring(node: Node) -> str | None:
    body = node if node.type == "module" else node.child_by_field_name("body")
    first = next((child for child in body.named_children if child.type != "comment"), None) if body else None
    literal = first.named_child(0) if first is not None and first.type == "expression_statement" else None
    if literal is None or literal.type != "string":
        return None
    content = next((text_of(child) for child in literal.children if child.type == "string_content"), "")
    return _cleaned(content)


def _cleaned(content: str) -> str:
    lines = content.strip("\n").split("\n")
    return "\n".join(line.strip() for line in lines).strip()


PYTHON = Grammar(
    name="python",
    module="tree_sitter_python",
    rules={
        "function_definition": Rule("function"),
        "class_definition": Rule("class", members=within("body")),
        "expression_statement": Rule("constant", _assigned),
        "type_alias_statement": Rule("type", by_field("left")),
        "if_statement": transparent(_branches),
        "try_statement": transparent(_branches),
    },
    wrappers=frozenset({"decorated_definition"}),
    decorating=frozenset({"decorated_definition"}),
    docstring=_docstring,
)

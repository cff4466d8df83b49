"""Ruby."""

from __future__ import annotations

from tree_sitter import Node

from whykeeper_indexers.code.grammar import (
    Grammar,
    Rule,
    by_field,
    child_of_type,
    text_of,
    transparent,
    within,
)

__all__ = ["RUBY"]

_BODY = within("body")
_SUITES = frozenset({"describe", "context", "feature", "shared_examples", "namespace"})
_CASES = frozenset({"it", "test", "specify", "scenario", "should", "task"})
_OPEN = frozenset({"class_methods", "included", "class_eval", "instance_eval", "concern"})
_METHODS = ("method", "singleton_method")


def _block_members(node: Node) -> list[Node]:
    block = node.child_by_field_name("block")
    body = block.child_by_field_name("body") if block is not None else None
    return body.children if body is not None else []


def _call(node: Node) -> Rule | None:
    method = text_of(node.child_by_field_name("method"))
    arguments = node.child_by_field_name("arguments")
    first = arguments.named_child(0) if arguments is not None and arguments.named_child_count else None
    if first is not None and first.type in _METHODS:
        return Rule("method", lambda _: by_field("name")(first), body=())
    if node.child_by_field_name("block") is None:
        return None
    if method in _OPEN:
        return transparent(_block_members)
    if method not in _SUITES | _CASES or first is None:
        return None
    label = (text_of(first).strip("'\":")[:120],)
    return Rule(
        "test", lambda _: label, _block_members if method in _SUITES else None, body=(), defines=False
    )


def _constant(node: Node) -> tuple[str, ...]:
    target = node.child_by_field_name("left")
    return (text_of(target),) if target is not None and target.type == "constant" else ()


def _conditional(node: Node) -> list[Node]:
    body = child_of_type(node, "then", "body_statement")
    return body.children if body is not None else []


RUBY = Grammar(
    name="ruby",
    module="tree_sitter_ruby",
    rules={
        "module": Rule("module", members=_BODY),
        "class": Rule("class", members=_BODY),
        "singleton_class": transparent(_BODY),
        "method": Rule("method", body=("body",)),
        "singleton_method": Rule("method", body=("body",)),
        "assignment": Rule("constant", _constant),
        "call": _call,
        "if": transparent(_conditional),
        "unless": transparent(_conditional),
    },
)

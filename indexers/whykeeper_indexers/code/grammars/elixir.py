"""Elixir, in which every definition is a call."""

from __future__ import annotations

from tree_sitter import Node

from whykeeper_indexers.code.grammar import Grammar, Rule, child_of_type, text_of, within

__all__ = ["ELIXIR"]

_BODY = within("do_block")
_MODULES = {"defmodule": "module", "defprotocol": "interface", "defimpl": "impl"}
_FUNCTIONS = frozenset(
    {"def", "defp", "defmacro", "defmacrop", "defguard", "defguardp", "defdelegate", "defn"}
)
_SUITES = frozenset({"describe"})
_CASES = frozenset({"test", "property"})
_TYPES = frozenset({"type", "typep", "opaque", "callback", "macrocallback"})
_LEADING = frozenset(
    {"doc", "spec", "impl", "typedoc", "deprecated", "tag", "describetag", "dialyzer", "since"}
)


def _first_argument(call: Node) -> Node | None:
    arguments = child_of_type(call, "arguments")
    return arguments.named_child(0) if arguments is not None and arguments.named_child_count else None


def _function_name(node: Node) -> tuple[str, ...]:
    head = _first_argument(node)
    for _ in range(4):
        if head is None or head.type != "binary_operator" or _operator(head) != "when":
            break
        head = head.child_by_field_name("left")
    if head is None:
        return ()
    if head.type == "call":
        return (text_of(head.child_by_field_name("target")),)
    if head.type in ("binary_operator", "unary_operator"):
        return (_operator(head),)
    return (text_of(head),)


def _operator(node: Node) -> str:
    return text_of(node.child_by_field_name("operator"))


def _first_text(node: Node) -> tuple[str, ...]:
    name = text_of(_first_argument(node)).strip('"')[:120]
    return (name,) if name else ()


def _call(node: Node) -> Rule | None:
    keyword = text_of(node.child_by_field_name("target"))
    if keyword in _FUNCTIONS:
        return Rule("function", _function_name, body=("do_block",))
    if keyword in _MODULES:
        return Rule(_MODULES[keyword], _first_text, _members, ("do_block",), defines=keyword != "defimpl")
    if keyword in _SUITES:
        return Rule("test", _first_text, _BODY, ("do_block",), defines=False)
    if keyword in _CASES:
        return Rule("test", _first_text, body=("do_block",), defines=False)
    return None


def _attribute_name(node: Node) -> str:
    operand = node.child_by_field_name("operand")
    return (
        text_of(operand.child_by_field_name("target"))
        if operand is not None and operand.type == "call"
        else ""
    )


def _members(module: Node) -> list[Node]:
    """Take what a module encloses; its ``@moduledoc`` belongs to the module's own header."""
    return [child for child in _BODY(module) if child.type != "unary_operator" or not _is_moduledoc(child)]


def _is_moduledoc(node: Node) -> bool:
    return _attribute_name(node) == "moduledoc"


def _attribute(node: Node) -> Rule | None:
    name = _attribute_name(node)
    if not name or name == "moduledoc":
        return None
    if name not in _TYPES:
        return Rule("constant", lambda _: (name,))
    operand = node.child_by_field_name("operand")
    declared = _first_argument(operand) if operand is not None else None
    left = declared.child_by_field_name("left") if declared is not None else None
    label = text_of(left).split("(")[0].strip()
    return Rule("type", lambda _: (label,) if label else ())


def _docstring(node: Node) -> str | None:
    """Read ``@moduledoc`` out of a module, ``@doc`` out of an attribute."""
    if node.type == "unary_operator":
        return _attribute_text(node) if _attribute_name(node) in ("doc", "typedoc") else None
    if text_of(node.child_by_field_name("target")) not in _MODULES:
        return None
    for child in _BODY(node)[:12]:
        if child.type == "unary_operator" and _is_moduledoc(child):
            return _attribute_text(child)
    return None


def _attribute_text(node: Node) -> str | None:
    operand = node.child_by_field_name("operand")
    literal = _first_argument(operand) if operand is not None else None
    if literal is None or literal.type not in ("string", "sigil"):
        return None
    content = text_of(child_of_type(literal, "quoted_content"))
    return "\n".join(line.strip() for line in content.strip().split("\n"))


ELIXIR = Grammar(
    name="elixir",
    module="tree_sitter_elixir",
    rules={"call": _call, "unary_operator": _attribute},
    leading=lambda node: node.type == "unary_operator" and _attribute_name(node) in _LEADING,
    docstring=_docstring,
    merges_clauses=True,
)

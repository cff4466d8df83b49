"""Errors that are caught and not told to anybody."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tree_sitter import Node

from whykeeper_indexers.code.functions import Function, captured
from whykeeper_indexers.code.grammar import child_of_type, text_of
from whykeeper_indexers.code.outline import end_row
from whykeeper_indexers.code.parser import SyntaxTree
from whykeeper_indexers.types import LineRange
from whykeeper_indexers.undone.languages import Language
from whykeeper_indexers.undone.remnant import Remnant, Weight

__all__ = ["swallowed_errors"]

_IGNORED_NAME = re.compile(
    r"\b(?:_+|ignored?\w*|expected\w*|unused\w*|swallow\w*|nothing|noop)\b", re.IGNORECASE
)
_TO_A_TOOL = re.compile(
    r"[#/*\s]*(?:pragma|noqa|type:|pylint|nosec|nosonar|eslint|ts-|prettier|istanbul|c8)", re.IGNORECASE
)
_BLOCKS = ("block", "statement_block", "compound_statement", "then")
_PATIENT = re.compile(
    r"\b(?:close|cleanup|clean_up|shutdown|dispose|tear_?down|__del__|finali[sz]e|__exit__|__aexit__|stop)\b",
    re.IGNORECASE,
)


def swallowed_errors(
    tree: SyntaxTree, functions: Sequence[Function], language: Language
) -> Iterator[Remnant]:
    """Give the handlers that do nothing with an error that could be any.

    A handler that names what it expects, or has a comment that says why, is an idiom.

    Args:
        tree: Of a file of product code.
        functions: Of the file.
        language: Of its language.
    """
    for node in (
        captured(tree, " ".join(f"({each})" for each in language.catches)) if language.catches else []
    ):
        body = node.child_by_field_name("body") or child_of_type(node, *_BLOCKS)
        if not _is_empty(body if body is not None else node, tree, is_handler=body is None):
            continue
        if any(_explains(child) for child in node.children):
            continue
        header = text_of(node)[: (body.start_byte if body is not None else node.end_byte) - node.start_byte]
        header = " ".join(header.split())
        weight = _weight(header, language)
        if weight is None:
            continue
        yield _remnant(node, header, functions, Weight.MAYBE if _has_fallback(node) else weight)
    if tree.grammar.name == "go":
        yield from _go(tree, functions)
    if tree.grammar.name in ("javascript", "typescript", "tsx"):
        yield from _promises(tree, functions)


def _has_fallback(handler: Node) -> bool:
    """Whether what fails is one assignment, so that what the variable held before is what holds then."""
    block = handler.parent.child_by_field_name("body") if handler.parent is not None else None
    statements = (
        [each for each in block.named_children if "comment" not in each.type] if block is not None else []
    )
    inner = statements[0].named_child(0) if len(statements) == 1 else None
    return inner is not None and inner.type in ("assignment_expression", "assignment")


def _weight(header: str, language: Language) -> Weight | None:
    if _IGNORED_NAME.search(header):
        return None
    if not language.typed:
        return Weight.LIKELY
    named = re.search(r"[A-Z]\w*|\w+\.\w+", header)
    if named is None or language.broad.search(header):
        return Weight.LIKELY
    return None


def _is_empty(body: Node, tree: SyntaxTree, *, is_handler: bool) -> bool:
    """Whether nothing is done and nothing is explained."""
    if any("comment" in child.type for child in body.children) or _has_comment_behind(body, tree):
        return False
    kinds = [
        child
        for child in body.named_children
        if not (is_handler and child.type in ("exceptions", "exception_variable"))
    ]
    return all(
        child.type in ("pass_statement", "empty_statement") or text_of(child) in ("...", ";")
        for child in kinds
    )


def _explains(node: Node) -> bool:
    """Whether a comment says something, and not only to a tool."""
    return "comment" in node.type and not _TO_A_TOOL.match(text_of(node))


def _has_comment_behind(body: Node, tree: SyntaxTree) -> bool:
    """Whether a comment stands on one of its lines or below it, where grammars hang it elsewhere."""
    above = tree.data.rfind(b"\n", 0, body.start_byte) + 1
    end = tree.data.find(b"\n", body.end_byte)
    after = tree.data[above : end if end >= 0 else len(tree.data)]
    return bool(re.search(rb"#\s?\S|//|/\*", after))


def _remnant(node: Node, header: str, functions: Sequence[Function], weight: Weight) -> Remnant:
    holder = _holder(node, functions)
    where = f" in `{holder}`" if holder else ""
    if weight is Weight.LIKELY and _PATIENT.search(holder):
        weight = Weight.MAYBE
    lines = LineRange(node.start_point[0] + 1, end_row(node) + 1)
    shown = header.rstrip(" :{")[:60]
    message = f"`{shown}`{where} swallows every error without a word."
    return Remnant("swallowed-error", lines, f"{holder} {header}", message, weight)


def _holder(node: Node, functions: Sequence[Function]) -> str:
    inside = [each for each in functions if each.node.start_byte <= node.start_byte < each.node.end_byte]
    return inside[-1].name if inside else ""


def _go(tree: SyntaxTree, functions: Sequence[Function]) -> Iterator[Remnant]:
    for node in captured(tree, "(if_statement)"):
        condition = text_of(node.child_by_field_name("condition"))
        body = node.child_by_field_name("consequence")
        if body is None or not re.fullmatch(r"\w*[eE]rr\w* != nil", condition) or body.named_child_count:
            continue
        yield _remnant(node, f"if {condition}", functions, Weight.LIKELY)


def _promises(tree: SyntaxTree, functions: Sequence[Function]) -> Iterator[Remnant]:
    """``.catch(() => {})``: a handler that is a value."""
    for node in captured(tree, "(call_expression)"):
        called, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
        if called is None or called.type != "member_expression" or arguments is None:
            continue
        if text_of(called.child_by_field_name("property")) != "catch" or arguments.named_child_count != 1:
            continue
        handler = arguments.named_child(0)
        body = handler.child_by_field_name("body") if handler is not None else None
        if handler is None or body is None or body.type != "statement_block":
            continue
        header = text_of(handler)[: body.start_byte - handler.start_byte]
        if not _IGNORED_NAME.search(header) and _is_empty(body, tree, is_handler=False):
            yield _remnant(handler, f".catch({' '.join(header.split())} {{}})", functions, Weight.LIKELY)

"""A function written again by somebody who saw it: other names, other literals, another order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from random import Random

from tree_sitter import Node

from benchmarks.verify.names import another_local
from benchmarks.verify.source import Edit, Function, apply, text_of, walk

__all__ = ["changed_literals", "locals_of", "renamed_locals", "reordered", "swaps"]

_IDENTIFIERS = {"identifier", "shorthand_property_identifier", "shorthand_property_identifier_pattern"}
_KEPT = {"self", "cls", "this", "err", "ok", "_", "super", "arguments", "undefined"}
_SIMPLE = {
    *("expression_statement", "short_var_declaration", "var_declaration", "assignment_statement"),
    *("lexical_declaration", "local_variable_declaration"),
}
_CALLS = {"call", "call_expression", "method_invocation", "object_creation_expression", "new_expression"}
_BOUND_BY_FIELD: dict[str, str] = {
    "assignment": "left",
    "for_statement": "left",
    "for_in_clause": "left",
    "named_expression": "name",
    "default_parameter": "name",
    "typed_default_parameter": "name",
    "short_var_declaration": "left",
    "range_clause": "left",
    "var_spec": "name",
    "variable_declarator": "name",
    "formal_parameter": "name",
    "spread_parameter": "name",
    "enhanced_for_statement": "name",
    "catch_formal_parameter": "name",
    "required_parameter": "pattern",
    "optional_parameter": "pattern",
    "for_in_statement": "left",
}
_LISTS = {
    "expression_list",
    "pattern_list",
    "tuple_pattern",
    "list_pattern",
    "array_pattern",
    "as_pattern_target",
}
_INTEGERS = {"integer", "number", "int_literal", "decimal_integer_literal"}
MOST_LITERALS = 3
MOST_SWAPS = 2


def locals_of(function: Function) -> set[str]:
    """Names of parameters and variables that the function itself declares."""
    found: set[str] = set()
    for node in walk(function.node):
        if node.type in _BOUND_BY_FIELD:
            for bound in node.children_by_field_name(_BOUND_BY_FIELD[node.type]):
                found.update(_plain(bound))
        elif node.type in ("parameters", "typed_parameter", "list_splat_pattern", "dictionary_splat_pattern"):
            found.update(text_of(each) for each in node.children if each.type == "identifier")
        elif node.type in ("parameter_declaration", "variadic_parameter_declaration"):
            found.update(text_of(each) for each in node.children_by_field_name("name"))
        elif node.type == "as_pattern_target":
            found.update(_plain(node))
    declared = {text_of(e) for n in walk(function.node) if n.type in _GLOBALS for e in n.named_children}
    return {each for each in found if each not in _KEPT} - declared - {function.name}


_GLOBALS = {"global_statement", "nonlocal_statement"}


def _plain(node: Node) -> Iterator[str]:
    if node.type == "identifier":
        yield text_of(node)
    elif node.type in _LISTS:
        for each in node.named_children:
            yield from _plain(each)


def renamed_locals(function: Function, chance: Random) -> list[Edit]:
    """Edits that give every local of a function another name, wherever it is used."""
    mine = sorted(locals_of(function))
    snake = function.file.language == "python"
    taken = {text_of(node) for node in walk(function.file.root) if node.type in _IDENTIFIERS}
    new: dict[str, str] = {}
    for name in mine:
        new[name] = another_local(name, chance, taken | set(new.values()), snake=snake)
    edits: list[Edit] = []
    for node in walk(function.outer):
        name = text_of(node)
        if node.type not in _IDENTIFIERS or name not in new or _is_member(node):
            continue
        short = node.type.startswith("shorthand")
        edits.append(Edit(node.start_byte, node.end_byte, f"{name}: {new[name]}" if short else new[name]))
    return edits


def _is_member(node: Node) -> bool:
    """Whether a name is that of something's member, and not a variable's."""
    parent = node.parent
    if parent is None:
        return False
    if parent.type == "literal_element" and parent.parent is not None:
        keyed = parent.parent
        return keyed.type == "keyed_element" and keyed.named_children[0] == parent
    for kind, field in (
        ("attribute", "attribute"),
        ("keyword_argument", "name"),
        ("field_access", "field"),
        ("method_invocation", "name"),
        ("method_declaration", "name"),
        ("function_definition", "name"),
    ):
        if parent.type == kind and parent.child_by_field_name(field) == node:
            return True
    return parent.type in ("method_reference", "labeled_statement", "break_statement", "continue_statement")


def changed_literals(function: Function, chance: Random, most: int = MOST_LITERALS) -> list[Edit]:
    """Edits that change a few literals a little: a message's wording, a number."""
    options: list[Edit] = []
    for node in walk(function.body):
        said = text_of(node)
        if node.type in ("string_content", "string_fragment", "interpreted_string_literal_content"):
            if re.search(r"[A-Za-z]{3,} [A-Za-z]{2,}", said) and not _inside(node, function.docstring):
                options.append(Edit(node.start_byte, node.end_byte, _reworded(said)))
        elif node.type in _INTEGERS and said.isdigit() and int(said) > 1:
            options.append(Edit(node.start_byte, node.end_byte, str(int(said) + chance.choice((1, 2, 8)))))
    return chance.sample(options, min(most, len(options)))


def _reworded(text: str) -> str:
    for old, new in (
        ("must be", "has to be"),
        ("invalid", "bad"),
        ("Invalid", "Bad"),
        ("unknown", "unexpected"),
    ):
        if old in text:
            return text.replace(old, new, 1)
    return re.sub(r"([A-Za-z]{3,}) ([A-Za-z]{2,})", r"\1 given \2", text, count=1)


def _inside(node: Node, outer: Node | None) -> bool:
    return outer is not None and outer.start_byte <= node.start_byte < outer.end_byte


def reordered(function: Function) -> list[tuple[Node, Node]]:
    """Pairs of neighbouring statements that may stand in either order."""
    found: list[tuple[Node, Node]] = []
    for block in walk(function.body):
        if block.type not in ("block", "statement_block", "statement_list"):
            continue
        statements = block.named_children
        for first, second in pairwise(statements):
            if first in (pair[1] for pair in found) or first == function.docstring:
                continue
            if _independent(first, second):
                found.append((first, second))
    return found[:MOST_SWAPS]


def _independent(first: Node, second: Node) -> bool:
    if first.type not in _SIMPLE or second.type not in _SIMPLE:
        return False
    if first.end_point[0] == second.start_point[0] or (_calls(first) and _calls(second)):
        return False
    if any(node.type in ("yield", "await", "await_expression") for e in (first, second) for node in walk(e)):
        return False
    written = [_written(each) for each in (first, second)]
    if not all(written):
        return False
    used = [{text_of(node) for node in walk(each) if node.type in _IDENTIFIERS} for each in (first, second)]
    return not (written[0] & used[1] or written[1] & used[0])


def _calls(node: Node) -> bool:
    return any(each.type in _CALLS for each in walk(node))


def _written(statement: Node) -> set[str]:
    """The variables a statement writes; empty where it does anything else."""
    names: set[str] = set()
    for node in walk(statement):
        if node.type in ("assignment", "short_var_declaration", "variable_declarator", "var_spec"):
            bound = node.children_by_field_name(_BOUND_BY_FIELD[node.type])
            found = [name for each in bound for name in _plain(each)]
            if not found:
                return set()
            names.update(found)
    return names


def swaps(pairs: Sequence[tuple[Node, Node]], edits: Sequence[Edit], data: bytes) -> list[Edit]:
    """Put pairs of statements in the other order, with the edits made inside of them.

    Args:
        pairs: That don't overlap.
        edits: Made anywhere; those within a pair become part of it.
        data: The text in UTF-8.

    Returns:
        All edits that are to be applied.
    """
    left = list(edits)
    for first, second in pairs:
        inside = [e for e in left if first.start_byte <= e.start and e.end <= second.end_byte]
        left = [e for e in left if e not in inside]
        texts = [
            apply(
                data[node.start_byte : node.end_byte],
                [
                    Edit(e.start - node.start_byte, e.end - node.start_byte, e.text)
                    for e in inside
                    if node.start_byte <= e.start and e.end <= node.end_byte
                ],
            )
            for node in (first, second)
        ]
        between = data[first.end_byte : second.start_byte].decode("utf-8", "replace")
        left.append(Edit(first.start_byte, second.end_byte, f"{texts[1]}{between}{texts[0]}"))
    return left

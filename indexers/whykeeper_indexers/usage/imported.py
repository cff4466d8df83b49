"""What a file of code calls the things that it imports."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from tree_sitter import Node

from whykeeper_indexers.code.functions import captured
from whykeeper_indexers.code.grammar import child_of_type, text_of
from whykeeper_indexers.usage.mentions import CodeFile

__all__ = ["EVERYTHING", "Imported", "imported_by"]

EVERYTHING: Final = "*"


@dataclass(frozen=True, slots=True)
class Imported:
    """One thing that a file imports.

    Attributes:
        line: 1-based.
        target: The module, package or path as written, without quotes.
        name: What is taken of it: empty for the whole, ``*`` for everything by name, ``default``.
        local: What the file calls it; empty where it only hands it on.
        handed_on: The name under which it is exported again; empty where it is not.
        guarded: Whether the file goes on without it.
    """

    line: int
    target: str
    name: str
    local: str
    handed_on: str = ""
    guarded: bool = False


def imported_by(file: CodeFile) -> list[Imported]:
    """List what a file imports, in source order."""
    pattern = _PATTERNS[file.language]
    if b"require" in file.tree.data and file.language not in ("python", "go", "java"):
        pattern += " (call_expression function: (identifier))"
    reader = _READERS[file.language]
    return [each for node in captured(file.tree, pattern) for each in reader(node)]


def _python(node: Node) -> Iterator[Imported]:
    line, guarded = node.start_point[0] + 1, _is_guarded(node)
    module = node.child_by_field_name("module_name")
    target = "".join(text_of(module).split())
    if node.type == "import_from_statement" and child_of_type(node, "wildcard_import") is not None:
        yield Imported(line, target, EVERYTHING, "", guarded=guarded)
    for each in node.children_by_field_name("name"):
        named = each.child_by_field_name("name") if each.type == "aliased_import" else each
        name = "".join(text_of(named).split())
        local = text_of(each.child_by_field_name("alias")) if each.type == "aliased_import" else name
        if module is None:
            yield Imported(line, name, "", local, guarded=guarded)
        else:
            yield Imported(each.start_point[0] + 1, target, name, local, guarded=guarded)


def _is_guarded(node: Node) -> bool:
    """Within ``try``, or where a condition tells whether it is imported."""
    above = node.parent
    while above is not None:
        if above.type in ("try_statement", "if_statement", "with_statement"):
            return True
        above = above.parent
    return False


def _typescript(node: Node) -> Iterator[Imported]:
    line = node.start_point[0] + 1
    if node.type == "call_expression":
        yield from _required(node, line)
        return
    source = node.child_by_field_name("source")
    required = child_of_type(node, "import_require_clause")
    if required is not None:
        yield Imported(
            line,
            _unquoted(required.child_by_field_name("source")),
            "",
            text_of(child_of_type(required, "identifier")),
        )
        return
    target = _unquoted(source)
    if not target:
        return
    if node.type == "export_statement":
        yield from _handed_on(node, target, line)
        return
    clause = child_of_type(node, "import_clause")
    if clause is None:
        yield Imported(line, target, "", "")
        return
    for part in clause.named_children:
        if part.type == "identifier":
            yield Imported(line, target, "default", text_of(part))
        elif part.type == "namespace_import":
            yield Imported(line, target, "", text_of(child_of_type(part, "identifier")))
        elif part.type == "named_imports":
            for name, local, at in _specified(part):
                yield Imported(at, target, name, local)


def _handed_on(node: Node, target: str, line: int) -> Iterator[Imported]:
    clause = child_of_type(node, "export_clause")
    if clause is not None:
        for name, exported, at in _specified(clause):
            yield Imported(at, target, name, "", exported)
        return
    space = child_of_type(node, "namespace_export")
    if space is not None:
        yield Imported(line, target, "", "", text_of(child_of_type(space, "identifier")))
    else:
        yield Imported(line, target, EVERYTHING, "", EVERYTHING)


def _specified(clause: Node) -> Iterator[tuple[str, str, int]]:
    for each in clause.named_children:
        name = text_of(each.child_by_field_name("name")).strip("\"'")
        alias = text_of(each.child_by_field_name("alias")).strip("\"'")
        if name:
            yield name, alias or name, each.start_point[0] + 1


def _required(node: Node, line: int) -> Iterator[Imported]:
    function = node.child_by_field_name("function")
    if function is None or text_of(function) not in ("require", "import"):
        return
    arguments = node.child_by_field_name("arguments")
    first = arguments.named_child(0) if arguments is not None else None
    target = _unquoted(first)
    if not target:
        return
    holder = node.parent
    while holder is not None and holder.type in ("await_expression", "parenthesized_expression"):
        holder = holder.parent
    bound = (
        holder.child_by_field_name("name")
        if holder is not None and holder.type == "variable_declarator"
        else None
    )
    if bound is not None and bound.type == "object_pattern":
        for each in bound.named_children:
            key = each.child_by_field_name("key") if each.type == "pair_pattern" else each
            value = each.child_by_field_name("value") if each.type == "pair_pattern" else each
            if each.type in ("shorthand_property_identifier_pattern", "pair_pattern"):
                yield Imported(line, target, text_of(key), text_of(value), guarded=True)
        return
    local = text_of(bound) if bound is not None and bound.type == "identifier" else ""
    yield Imported(line, target, "", local, guarded=True)


def _unquoted(node: Node | None) -> str:
    return text_of(node)[1:-1] if node is not None and node.type == "string" else ""


def _go(node: Node) -> Iterator[Imported]:
    target = text_of(node.child_by_field_name("path")).strip('"`')
    alias = text_of(node.child_by_field_name("name"))
    parts = [part for part in target.split("/") if part]
    if not parts:
        return
    last = parts[-1]
    if len(parts) > 1 and last[:1] == "v" and last[1:].isdigit():
        last = parts[-2]
    local = alias or last.partition(".")[0].removeprefix("go-")
    name = EVERYTHING if alias == "." else ""
    yield Imported(node.start_point[0] + 1, target, name, "" if alias in (".", "_") else local)


def _java(node: Node) -> Iterator[Imported]:
    line = node.start_point[0] + 1
    target = "".join(text_of(child_of_type(node, "scoped_identifier", "identifier")).split())
    owner, _, last = target.rpartition(".")
    if child_of_type(node, "asterisk") is not None:
        yield Imported(line, target, EVERYTHING, "")
    elif child_of_type(node, "static") is not None:
        yield Imported(line, owner, last, last)
    elif target:
        yield Imported(line, target, "", last)


_SCRIPT: Final = "(import_statement) (export_statement source: (string)) (call_expression function: (import))"
_PATTERNS: Final = {
    "python": "(import_statement) (import_from_statement)",
    "go": "(import_spec)",
    "java": "(import_declaration)",
    **dict.fromkeys(("typescript", "tsx", "javascript"), _SCRIPT),
}
_READERS: Final[dict[str, Callable[[Node], Iterator[Imported]]]] = {
    "python": _python,
    "go": _go,
    "java": _java,
    "typescript": _typescript,
    "tsx": _typescript,
    "javascript": _typescript,
}

"""What the code parser knows of a language: its node types, as data.

A grammar names the nodes that define something (:class:`Rule`), the nodes that merely wrap
one, and the nodes that belong to the definition below them. Everything else is general.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import import_module

from tree_sitter import Language, Node

__all__ = [
    "Grammar",
    "Members",
    "Namer",
    "Rule",
    "by_field",
    "child_of_type",
    "load_language",
    "named",
    "no_names",
    "of_type",
    "own_children",
    "rule_for",
    "text_of",
    "transparent",
    "within",
]

Namer = Callable[[Node], tuple[str, ...]]
Members = Callable[[Node], list[Node]]

_ARGUMENTS = re.compile(r"<[^<>]{0,200}>|\[[^\[\]]{0,200}\]")


def text_of(node: Node | None) -> str:
    """Return a node's own text, empty for None."""
    return "" if node is None or node.text is None else node.text.decode("utf-8", "replace")


def plain_name(text: str) -> str:
    """Reduce a written name to dotted identifiers: no type arguments, no ``::``, one line."""
    for _ in range(4):
        text, count = _ARGUMENTS.subn("", text)
        if not count:
            break
    return " ".join(text.replace("::", ".").replace("\\", ".").split())[:200]


def by_field(name: str) -> Namer:
    """Name a definition by one of its fields."""

    def names(node: Node) -> tuple[str, ...]:
        found = plain_name(text_of(node.child_by_field_name(name)))
        return (found,) if found else ()

    return names


def child_of_type(node: Node, *types: str) -> Node | None:
    """Return the first child that has one of the types."""
    return next((child for child in node.children if child.type in types), None)


def of_type(*types: str) -> Namer:
    """Name a definition by its first child that has one of the types."""

    def names(node: Node) -> tuple[str, ...]:
        found = plain_name(text_of(child_of_type(node, *types)))
        return (found,) if found else ()

    return names


def _start(node: Node) -> int:
    return node.start_byte


def named(name: str) -> Namer:
    """Give every definition of a kind the same name, for example ``init``."""
    return lambda _: (name,)


def no_names(_: Node) -> tuple[str, ...]:
    """Name nothing."""
    return ()


def own_children(node: Node) -> list[Node]:
    """Take a node's own children as members."""
    return node.children


def within(*names: str) -> Members:
    """Take the children of the first field or child type found as members."""

    def members(node: Node) -> list[Node]:
        for name in names:
            body = node.child_by_field_name(name) or child_of_type(node, name)
            if body is not None:
                # Some grammars hang the comments above the first member beside the body.
                beside = [child for child in node.children if "comment" in child.type]
                return sorted((*beside, *body.children), key=_start) if beside else body.children
        return []

    return members


@dataclass(frozen=True, slots=True)
class Rule:
    """How one type of node defines something.

    Attributes:
        category: What it defines: ``function``, ``method``, ``class``, ``constant`` …
        names: Reads the names it defines; several for a block of constants.
        members: Finds the nodes it encloses; None for a leaf.
        body: Fields or child types at which its signature ends.
        defines: False for what opens a scope without defining its name, such as ``impl``.
        qualified: Its names carry scopes of their own, such as ``Catalog.apply``.
        scoped: Its name is a scope of its members.
    """

    category: str
    names: Namer = field(default_factory=lambda: by_field("name"))
    members: Members | None = None
    body: tuple[str, ...] = ("body",)
    defines: bool = True
    qualified: bool = False
    scoped: bool = True


def transparent(members: Members = own_children) -> Rule:
    """Enclose members without being a scope: ``#ifdef``, ``extern "C"``, ``if TYPE_CHECKING``."""
    return Rule("block", no_names, members, defines=False, scoped=False)


Choice = Callable[[Node], Rule | None]


def _never(_: Node) -> bool:
    return False


def _as_it_is(data: bytes) -> bytes:
    return data


def _no_docstring(_: Node) -> str | None:
    return None


@dataclass(frozen=True, slots=True)
class Grammar:
    """One language.

    Attributes:
        name: As it is shown and stored.
        module: Python module of the grammar's wheel.
        rules: Node type to its rule, or to a function that chooses one.
        entry: Function of the module that returns the language.
        wrappers: Node types around one definition, such as ``export_statement``.
        decorating: Wrappers that are no part of the signature.
        comments: Node types of comments, whole or inner.
        leading: Says whether a node belongs to the definition below it, such as an attribute.
        inline: Node types whose children stand in for them.
        docstring: Reads a docstring out of a definition, or out of the root.
        repair: Rewrites source that did not parse cleanly, in as many bytes and lines.
        merges_clauses: Neighbouring definitions of one name are one definition.
    """

    name: str
    module: str
    rules: Mapping[str, Rule | Choice]
    entry: str = "language"
    wrappers: frozenset[str] = frozenset()
    decorating: frozenset[str] = frozenset()
    comments: frozenset[str] = frozenset({"comment"})
    leading: Callable[[Node], bool] = _never
    inline: frozenset[str] = frozenset()
    docstring: Callable[[Node], str | None] = _no_docstring
    repair: Callable[[bytes], bytes] = _as_it_is
    merges_clauses: bool = False


def rule_for(grammar: Grammar, node: Node) -> Rule | None:
    """Return the rule a node follows."""
    found = grammar.rules.get(node.type)
    return found if found is None or isinstance(found, Rule) else found(node)


@lru_cache(maxsize=32)
def load_language(module: str, entry: str) -> Language:
    """Import a grammar's wheel and return its language."""
    return Language(getattr(import_module(module), entry)())

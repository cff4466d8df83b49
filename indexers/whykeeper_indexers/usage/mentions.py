"""Where a file of code mentions a name, and what for."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from tree_sitter import Node

from whykeeper_indexers.code import SyntaxTree, definitions_in, syntax_tree
from whykeeper_indexers.code.grammar import text_of
from whykeeper_indexers.types import SourceText
from whykeeper_indexers.usage.syntax import SYNTAX, UseSyntax

__all__ = ["CodeFile", "Mention", "Role", "code_file"]

_MOST_CLIMBED = 200
_QUALIFIED = frozenset(
    [
        "attribute",
        "member_expression",
        "selector_expression",
        "field_access",
        "method_invocation",
        "method_reference",
        "scoped_identifier",
        "scoped_type_identifier",
        "nested_type_identifier",
        "qualified_type",
    ]
)


class Role(StrEnum):
    """What a name is mentioned for."""

    READ = "read"
    MEMBER = "member"
    BINDING = "binding"
    IMPORT = "import"
    EXPORT = "export"
    KEY = "key"


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in a file of code.

    Attributes:
        name: The name.
        line: 1-based.
        role: What it is mentioned for.
        node: Of the syntax tree.
        qualifier: What stands before it, as written: ``module`` of ``module.name``.
    """

    name: str
    line: int
    role: Role
    node: Node
    qualifier: str = ""

    @property
    def names_type(self) -> bool:
        """Java: whether it is the name of a type, by where it stands."""
        parent = self.node.parent
        marks = parent is not None and parent.type in ("marker_annotation", "annotation")
        return marks or self.is_qualifier or self.node.type == "type_identifier"

    @property
    def is_qualifier(self) -> bool:
        """Whether something is taken of it: ``name`` of ``name.member``."""
        parent = self.node.parent
        if parent is None or parent.named_child_count < 2:
            return False
        return parent.type in _QUALIFIED and parent.named_child(0) == self.node


class CodeFile:
    """One file of code, asked for its names.

    Args:
        path: Relative to the root.
        text: As it stands.
        language: One of ``SYNTAX``.
        tree: Of the text.
    """

    def __init__(self, path: str, text: str, language: str, tree: SyntaxTree) -> None:
        self.path = path
        self.language = language
        self.tree = tree
        self.text = text
        self.lines = text.split("\n")
        self._syntax = SYNTAX[language]
        self._known: dict[str, tuple[Mention, ...]] = {}

    @cached_property
    def defined(self) -> frozenset[str]:
        """The qualified names of all that the file defines."""
        return frozenset(each.symbol for each in definitions_in(self.tree))

    def mentions(self, name: str) -> tuple[Mention, ...]:
        """Every mention of a name, in order, comments and strings left out."""
        if name not in self._known:
            self._known[name] = tuple(self._find(name))
        return self._known[name]

    def binds(self, name: str) -> bool:
        """Whether a name is bound at the top of the file, by a definition or an import."""
        return any(self.mentioned_at_top(name, role) for role in (Role.BINDING, Role.IMPORT))

    def free(self, name: str) -> list[Mention]:
        """Mentions that read a name which nothing in the file binds for them."""
        return [] if self.binds(name) else self.reads(name)

    def reads(self, name: str) -> list[Mention]:
        """Mentions that read what a name is at the top of the file, or outside of it."""
        found = self.mentions(name)
        bound = [each.node for each in found if each.role in (Role.BINDING, Role.IMPORT)]
        scopes = [scope for node in bound if (scope := _scope(node, self._syntax)) is not None]
        return [
            each
            for each in found
            if each.role is Role.READ and not _shadowed(each.node, scopes, self._syntax)
        ]

    def mentioned_as(self, name: str, role: Role) -> bool:
        """Whether a name is mentioned for something."""
        return any(each.role is role for each in self.mentions(name))

    def mentioned_at_top(self, name: str, role: Role) -> bool:
        """The same at the top of the file."""
        return any(
            each.role is role and _scope(each.node, self._syntax) is None for each in self.mentions(name)
        )

    def bound_for(self, name: str, node: Node) -> Mention | None:
        """The binding of a name that a node sees: the innermost, and of those the last before it."""
        found: list[tuple[int, int, Mention]] = []
        for each in self.mentions(name):
            scope = _scope(each.node, self._syntax) if each.role is Role.BINDING else None
            if each.role is not Role.BINDING or (scope is not None and not _holds(scope, node)):
                continue
            size = scope.end_byte - scope.start_byte if scope is not None else len(self.tree.data) + 1
            after = each.node.start_byte > node.start_byte
            found.append((size, each.node.start_byte if after else -each.node.start_byte, each))
        return min(found, key=lambda each: each[:2])[2] if found else None

    def line(self, number: int) -> str:
        """The text of a line."""
        return self.lines[number - 1].strip() if 0 < number <= len(self.lines) else ""

    def _find(self, name: str) -> Iterator[Mention]:
        wanted = name.encode()
        for found in re.finditer(rb"(?<![\w$])" + re.escape(wanted) + rb"(?![\w$])", self.tree.data):
            node = self.tree.root.descendant_for_byte_range(found.start(), found.end())
            if node is None or node.type not in self._syntax.identifiers or node.text != wanted:
                continue
            role = _role(node, self._syntax)
            qualifier = _qualifier(node, self._syntax) if role is Role.MEMBER else ""
            yield Mention(name, node.start_point[0] + 1, role, node, qualifier)


def code_file(path: str, text: str, language: str | None) -> CodeFile | None:
    """Parse a file; None where its language is not known well enough, or it does not parse."""
    if language not in SYNTAX:
        return None
    tree = syntax_tree(SourceText(path, text, ""))
    return CodeFile(path, text, language, tree) if tree is not None else None


def _role(node: Node, syntax: UseSyntax) -> Role:
    statement = _import_statement(node, syntax)
    if statement is not None:
        return Role.IMPORT
    parent = node.parent
    if parent is None:
        return Role.READ
    if parent.type == "export_specifier" and _is_reexport(parent):
        return Role.EXPORT
    if _at(parent, node, syntax.skipped):
        return Role.KEY
    if _at(parent, node, syntax.members) or _is_member(parent, node):
        return Role.MEMBER
    if _is_bound(node, syntax):
        return Role.BINDING
    return Role.KEY if syntax.unbound(node) else Role.READ


def _import_statement(node: Node, syntax: UseSyntax) -> Node | None:
    above: Node | None = node.parent
    for _ in range(5):
        if above is None:
            return None
        if above.type in syntax.imports:
            return above
        above = above.parent
    return None


def _is_reexport(specifier: Node) -> bool:
    statement = specifier.parent.parent if specifier.parent is not None else None
    return statement is not None and statement.child_by_field_name("source") is not None


def _is_member(parent: Node, node: Node) -> bool:
    """Java: what is called of, taken from or named within something."""
    if parent.type == "method_invocation":
        return parent.child_by_field_name("name") == node and parent.child_by_field_name("object") is not None
    if parent.type in ("scoped_type_identifier", "method_reference"):
        return parent.named_child_count > 1 and parent.named_child(0) != node
    return False


def _qualifier(node: Node, syntax: UseSyntax) -> str:
    parent = node.parent
    if parent is None:
        return ""
    for field in syntax.qualifiers:
        if found := parent.child_by_field_name(field):
            return text_of(found)
    first = parent.named_child(0)
    return text_of(first) if first is not None and first != node else ""


def _at(parent: Node, node: Node, fields: Collection[tuple[str, str]]) -> bool:
    return any(kind == parent.type and node in parent.children_by_field_name(field) for kind, field in fields)


def _is_bound(node: Node, syntax: UseSyntax) -> bool:
    inner = node
    for _ in range(_MOST_CLIMBED):
        parent = inner.parent
        if parent is None or _at(parent, inner, syntax.values):
            return False
        if parent.type in syntax.bare or _at(parent, inner, syntax.bindings):
            return True
        if parent.type not in syntax.patterns:
            return False
        inner = parent
    return False


def _scope(node: Node, syntax: UseSyntax) -> Node | None:
    """Where a bound name is seen; None for the whole file."""
    above = node.parent
    # What names itself is seen where it stands, and not only within.
    if above is not None and above.type in syntax.scopes and above.child_by_field_name("name") == node:
        above = above.parent
    while above is not None and above.type not in syntax.scopes:
        above = above.parent
    return above


def _holds(scope: Node, node: Node) -> bool:
    return scope.start_byte <= node.start_byte and node.end_byte <= scope.end_byte


def _shadowed(node: Node, scopes: Sequence[Node], syntax: UseSyntax) -> bool:
    for scope in scopes:
        if _holds(scope, node):
            if scope.type not in syntax.classes:
                return True
            if _scope(node, syntax) == scope:
                return True
    return False

"""Functions of real code, as tree-sitter reads them, and edits of its text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from tree_sitter import Node

from whykeeper_indexers.code import syntax_tree
from whykeeper_indexers.types import SourceText

__all__ = ["Edit", "Function", "SourceFile", "apply", "text_of", "walk"]

_FUNCTIONS = {
    "python": {"function_definition"},
    "typescript": {"function_declaration", "method_definition", "variable_declarator"},
    "go": {"function_declaration", "method_declaration"},
    "java": {"method_declaration"},
}
_OWNERS = {
    "class_definition",
    "class_declaration",
    "abstract_class_declaration",
    "enum_declaration",
    "record_declaration",
}
_COMMENTS = {"comment", "line_comment", "block_comment"}
_IMPORTS = {"import_statement", "import_from_statement", "import_declaration", "future_import_statement"}
_OUTER = {"export_statement", "lexical_declaration", "decorated_definition"}
_WORD = re.compile(r"[A-Za-z_]\w*")


@dataclass(frozen=True, slots=True)
class Edit:
    """A range of bytes and what takes its place."""

    start: int
    end: int
    text: str


def apply(data: bytes, edits: Iterable[Edit]) -> str:
    """Apply edits that don't overlap."""
    for edit in sorted(edits, key=lambda each: each.start, reverse=True):
        data = data[: edit.start] + edit.text.encode() + data[edit.end :]
    return data.decode("utf-8", "replace")


def walk(node: Node) -> Iterator[Node]:
    """A node and everything below it, in source order."""
    todo = [node]
    while todo:
        each = todo.pop()
        yield each
        todo.extend(reversed(each.children))


def text_of(node: Node | None) -> str:
    """A node's text."""
    return (node.text or b"").decode("utf-8", "replace") if node is not None else ""


@dataclass(frozen=True)
class Function:
    """A function or method with a body.

    Attributes:
        file: Where it stands.
        name: As it is called.
        owner: The class around it, or a Go receiver's type; empty for a free one.
        outer: Its whole declaration, export and assignment included.
        node: What has the name, the parameters and the body.
        body: Its body.
    """

    file: SourceFile
    name: str
    owner: str
    outer: Node
    node: Node
    body: Node

    @property
    def path(self) -> str:
        """Of its file."""
        return self.file.path

    @property
    def lines(self) -> tuple[int, int]:
        """Its first and last line, 1-based."""
        return self.outer.start_point[0] + 1, self.outer.end_point[0] + 1

    @cached_property
    def docstring(self) -> Node | None:
        """Python's docstring, as the statement that it is."""
        first = self.body.named_children[0] if self.body.named_children else None
        if self.file.language != "python" or first is None or first.type != "expression_statement":
            return None
        return first if first.named_children and first.named_children[0].type == "string" else None

    @cached_property
    def leading(self) -> tuple[Node, ...]:
        """Comments right above it."""
        found: list[Node] = []
        node, row = self.outer.prev_sibling, self.outer.start_point[0]
        while node is not None and node.type in _COMMENTS and row - node.end_point[0] <= 1:
            found.append(node)
            node, row = node.prev_sibling, node.start_point[0]
        return tuple(reversed(found))

    @cached_property
    def tokens(self) -> tuple[str, ...]:
        """The leaves of its body, without comments and docstring."""
        skipped = self.docstring
        leaves: list[str] = []
        todo = [self.body]
        while todo:
            node = todo.pop()
            if node.type in _COMMENTS or node == skipped:
                continue
            if node.child_count == 0 or node.type in ("string", "template_string", "string_literal"):
                leaves.append(text_of(node))
            todo.extend(reversed(node.children if node.type != "string" else []))
        return tuple(leaves)

    @cached_property
    def shape(self) -> tuple[str, ...]:
        """Its tokens with every name and literal as good as another."""
        return tuple("n" if re.match(r"[\w\"'`]", each) else each for each in self.tokens)

    @cached_property
    def code_lines(self) -> int:
        """Lines of its body that hold code."""
        comments = {
            row
            for node in walk(self.body)
            if node.type in _COMMENTS or node == self.docstring
            for row in range(node.start_point[0], node.end_point[0] + 1)
        }
        rows = range(self.body.start_point[0], self.body.end_point[0] + 1)
        written = (r for r in rows if re.search(r"\w", self.file.lines[r]))
        return sum(row not in comments for row in written)

    @property
    def statements(self) -> list[Node]:
        """The statements of its body, without comments and docstring."""
        body = self.body
        if len(body.named_children) == 1 and body.named_children[0].type == "statement_list":
            body = body.named_children[0]
        return [e for e in body.named_children if e.type not in _COMMENTS and e != self.docstring]

    @property
    def decorated(self) -> bool:
        """Whether decorators or annotations change what it is."""
        if self.outer.type == "decorated_definition":
            return True
        modifiers = next((each for each in self.node.children if each.type == "modifiers"), None)
        return modifiers is not None and "@" in text_of(modifiers)

    @property
    def static(self) -> bool:
        """Whether it needs no object of its owner."""
        if not self.owner:
            return True
        head = text_of(self.node)[: self.body.start_byte - self.node.start_byte]
        return bool(re.search(r"\bstatic\b", head))

    @property
    def parameters(self) -> Node | None:
        """The list of its parameters, brackets included."""
        found = self.node.child_by_field_name("parameters")
        if found is None and (value := self.node.child_by_field_name("value")):
            found = value.child_by_field_name("parameters")
        return found

    @property
    def name_node(self) -> Node:
        """Where it is named."""
        found = self.node.child_by_field_name("name")
        assert found is not None
        return found

    @property
    def text(self) -> str:
        """Its declaration, with the indentation of its first line."""
        start = self.file.data.rfind(b"\n", 0, self.outer.start_byte) + 1
        return self.file.data[start : self.outer.end_byte].decode("utf-8", "replace")


class SourceFile:
    """A parsed file of code.

    Args:
        path: Relative to the repository's root.
        text: Of it.
        language: One of ``pinned.LANGUAGES``.
    """

    def __init__(self, path: str, text: str, language: str) -> None:
        self.path = path
        self.text = text
        self.language = language
        self.data = text.encode("utf-8", "replace")
        self.lines = text.split("\n")
        tree = syntax_tree(SourceText(path, text, ""))
        if tree is None or tree.data != self.data:
            raise ValueError(f"{path} cannot be parsed")
        self.root = tree.root

    @cached_property
    def functions(self) -> tuple[Function, ...]:
        """Every function with a body that stands at the top or in a class, in source order."""
        return tuple(self._functions(self.root, "", ()))

    def _functions(self, node: Node, owner: str, outers: tuple[Node, ...]) -> Iterator[Function]:
        for child in node.named_children:
            if child.type in _FUNCTIONS[self.language]:
                found = self._function(child, owner, outers)
                if found is not None:
                    yield found
            elif child.type in _OWNERS:
                body = child.child_by_field_name("body")
                if body is not None:
                    yield from self._functions(body, text_of(child.child_by_field_name("name")), ())
            elif child.type in _OUTER:
                yield from self._functions(child, owner, (*outers, child))

    def _function(self, node: Node, owner: str, outers: tuple[Node, ...]) -> Function | None:
        inner = node
        if node.type == "variable_declarator":
            value = node.child_by_field_name("value")
            if value is None or value.type not in ("arrow_function", "function_expression"):
                return None
            inner = value
        body, name = inner.child_by_field_name("body"), node.child_by_field_name("name")
        if body is None or name is None or name.type not in _NAMES or body.type not in _BODIES:
            return None
        receiver = node.child_by_field_name("receiver")
        if receiver is not None:
            owner = _WORD.findall(text_of(receiver))[-1]
        return Function(self, text_of(name), owner, outers[0] if outers else node, node, body)

    @cached_property
    def owners(self) -> dict[str, Node]:
        """Classes at the top, by name, with their bodies."""
        found: dict[str, Node] = {}
        for child in self.root.named_children:
            node = child
            while node.type in _OUTER and node.named_children:
                node = node.named_children[-1]
            body, name = node.child_by_field_name("body"), node.child_by_field_name("name")
            if node.type in _OWNERS and body is not None and node.type != "enum_declaration":
                found[text_of(name)] = body
        return found

    @cached_property
    def imports(self) -> tuple[Node, ...]:
        """Import statements at the top of the file."""
        return tuple(each for each in self.root.named_children if each.type in _IMPORTS)

    def imports_for(self, text: str) -> list[str]:
        """The import statements whose names some code uses, each as it is written."""
        used = set(_WORD.findall(text))
        found: list[str] = []
        for node in self.imports:
            said = text_of(node)
            if self.language == "go":
                found += [
                    text_of(spec).strip()
                    for spec in walk(node)
                    if spec.type == "import_spec" and set(_WORD.findall(text_of(spec).split("/")[-1])) & used
                ]
            elif set(_WORD.findall(said)) - _IMPORTING & used:
                found.append(said)
        return found

    def with_imports(self, statements: Iterable[str]) -> list[Edit]:
        """Edits that bring in what the file does not import yet."""
        lacking = [each for each in statements if each not in self.text]
        if not lacking:
            return []
        at, lead = self._after_imports()
        if self.language == "go":
            lacking = [f"import {each}" for each in lacking]
        return [Edit(at, at, lead + "\n".join(lacking) + ("" if lead else "\n\n"))]

    def _after_imports(self) -> tuple[int, str]:
        if self.imports:
            return self.imports[-1].end_byte, "\n"
        package = next((e for e in self.root.named_children if e.type.startswith("package_")), None)
        first = self.root.named_children[0] if self.root.named_children else None
        if package is None and self.language == "python" and first is not None:
            # The module's docstring comes first.
            said = first.type == "expression_statement" and first.named_children[0].type == "string"
            return (first.end_byte, "\n\n") if said else (0, "")
        return (package.end_byte, "\n\n") if package is not None else (0, "")


_NAMES = {"identifier", "field_identifier", "property_identifier", "private_property_identifier"}
_BODIES = {"block", "statement_block"}
_IMPORTING = {"import", "from", "as", "type", "java", "util", "io", "com", "google", "org", "static"}

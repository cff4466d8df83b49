"""The functions of a syntax tree: what they are called, where their bodies are, and whether they are tests.

The outline names what a file defines; functions inside functions are found here besides, under the name of
the one they stand in. Callbacks without a name are left out, unless they are a test's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, NamedTuple

from tree_sitter import Node, Query, QueryCursor

from whykeeper_indexers.code.grammar import Grammar, child_of_type, load_language, plain_name, text_of
from whykeeper_indexers.code.outline import Item, end_row
from whykeeper_indexers.code.parser import SyntaxTree
from whykeeper_indexers.types import LineRange

__all__ = ["Function", "captured", "functions"]

_CALLABLE: Final = ("function", "method", "test")
_TYPES: Final = ("class", "interface", "enum", "impl", "module", "type")
_WORD = re.compile(r"[\w.:]+")


@dataclass(frozen=True, slots=True)
class _Form:
    """How functions look in a language.

    Attributes:
        types: Node types of functions.
        bodies: Fields or child types that hold the body; the first found is it.
        blocks: Node types whose children are statements.
        marks: Node types of decorators, annotations, attributes.
        above: Whether marks stand before the function, beside it, and not inside.
        modifiers: Node types of modifiers, or of what wraps them.
        test_names: Names that make a function a test, where the language has no mark for it.
        test_marks: Names of marks that do.
    """

    types: tuple[str, ...]
    bodies: tuple[str, ...] = ("body",)
    blocks: frozenset[str] = frozenset({"block"})
    marks: frozenset[str] = frozenset()
    above: bool = False
    modifiers: frozenset[str] = frozenset({"modifiers"})
    test_names: re.Pattern[str] | None = None
    test_marks: re.Pattern[str] | None = None


_JVM_MARKS: Final = frozenset({"annotation", "marker_annotation"})
_JVM_TESTS: Final = re.compile(r"(?:\w*Test|TestFactory|TestTemplate|Property)")

_ECMASCRIPT: Final = _Form(
    (
        "function_declaration",
        "generator_function_declaration",
        "function_expression",
        "arrow_function",
        "method_definition",
    ),
    blocks=frozenset({"statement_block"}),
    marks=frozenset({"decorator"}),
    above=True,
    modifiers=frozenset({"accessibility_modifier", "override_modifier", "static", "async", "get", "set"}),
)

_FORMS: Final[dict[str, _Form]] = {
    "python": _Form(
        ("function_definition",),
        marks=frozenset({"decorator"}),
        above=True,
        modifiers=frozenset({"async"}),
        test_names=re.compile(r"test(?:_\w*|[A-Z]\w*)?"),
    ),
    "typescript": _ECMASCRIPT,
    "tsx": _ECMASCRIPT,
    "javascript": _ECMASCRIPT,
    "go": _Form(
        ("function_declaration", "method_declaration"),
        blocks=frozenset({"block", "statement_list"}),
        test_names=re.compile(r"(?:Test|Benchmark|Fuzz)(?:[A-Z_0-9]\w*)?"),
    ),
    "java": _Form(
        ("method_declaration", "constructor_declaration", "compact_constructor_declaration"),
        blocks=frozenset({"block", "constructor_body"}),
        marks=_JVM_MARKS,
        test_marks=_JVM_TESTS,
    ),
    "kotlin": _Form(
        ("function_declaration", "secondary_constructor"),
        bodies=("function_body", "block"),
        blocks=frozenset({"block", "function_body"}),
        marks=_JVM_MARKS,
        test_marks=_JVM_TESTS,
    ),
    "rust": _Form(
        ("function_item",),
        marks=frozenset({"attribute_item"}),
        above=True,
        modifiers=frozenset({"visibility_modifier", "function_modifiers"}),
        test_marks=re.compile(r"(?:\w+::)*(?:test|rstest|test_case|quickcheck|wasm_bindgen_test)"),
    ),
    "csharp": _Form(
        ("method_declaration", "constructor_declaration", "local_function_statement", "operator_declaration"),
        blocks=frozenset({"block", "arrow_expression_clause"}),
        marks=frozenset({"attribute_list"}),
        modifiers=frozenset({"modifier"}),
        test_marks=re.compile(r"(?:Fact|Theory|Test|TestCase|TestMethod|DataTestMethod)"),
    ),
    "ruby": _Form(("method", "singleton_method", "do_block", "block"), blocks=frozenset({"body_statement"})),
    "php": _Form(
        ("method_declaration", "function_definition"),
        blocks=frozenset({"compound_statement"}),
        marks=frozenset({"attribute_list"}),
        modifiers=frozenset(
            {"visibility_modifier", "static_modifier", "abstract_modifier", "final_modifier"}
        ),
        test_names=re.compile(r"test[A-Z_]\w*"),
        test_marks=re.compile(r"Test"),
    ),
    "swift": _Form(
        ("function_declaration", "init_declaration"),
        blocks=frozenset({"function_body", "statements"}),
        test_names=re.compile(r"test[A-Z_]\w*"),
    ),
    "scala": _Form(("function_definition",)),
    "c": _Form(("function_definition",), blocks=frozenset({"compound_statement"})),
    "cpp": _Form(("function_definition",), blocks=frozenset({"compound_statement"})),
}
"""By the grammar's name. A language is added here, and nowhere else."""

_DECLARED_BY: Final = {
    "variable_declarator": "name",
    "pair": "key",
    "assignment_expression": "left",
    "public_field_definition": "name",
    "field_definition": "property",
}
"""What gives a function without a name of its own one, and in which field."""


@dataclass(frozen=True, slots=True)
class Function:
    """A function, method or test with a body.

    Attributes:
        name: Qualified name, scopes joined by dots, as `Definition.symbol` has it; a test's title.
        category: ``function``, ``method`` or ``test``.
        node: The whole of it, without what stands above it.
        body: Its block, or the expression it is.
        lines: With its decorators, without leading comments.
        is_test: Whether a test runner runs it.
        suite: Whether it only holds tests.
        marks: Decorators, annotations and attributes, without their signs.
        modifiers: Words such as ``abstract`` and ``static``.
        owner: The class, interface or implementation that it belongs to.
        docstring: What the source says of it.
        comments: Node types of comments in its language.
        blocks: Node types whose children are statements.
    """

    name: str
    category: str
    node: Node
    body: Node
    lines: LineRange
    is_test: bool = False
    suite: bool = False
    marks: tuple[str, ...] = ()
    modifiers: frozenset[str] = frozenset()
    owner: Item | None = None
    docstring: str | None = None
    comments: frozenset[str] = field(default=frozenset(), repr=False)
    blocks: frozenset[str] = field(default=frozenset(), repr=False)

    @property
    def is_block(self) -> bool:
        """Whether its body is a block of statements, and not an expression."""
        return self.body.type in self.blocks

    def statements(self) -> list[Node]:
        """The statements of its body, without comments and docstring."""
        found = _unwrapped(self.body, self.blocks)
        kept = [each for each in found if each.type not in self.comments]
        return kept[1:] if kept and _is_docstring(kept[0]) else kept


class _Scope(NamedTuple):
    end: int
    name: str
    item: Item | None
    owner: Item | None


def functions(tree: SyntaxTree) -> Iterator[Function]:
    """Give every function of a file that has a body, in source order; none in languages without a form."""
    form = _FORMS.get(tree.grammar.name)
    if form is None:
        return
    nodes = captured(tree, " ".join(f"({each})" for each in form.types))
    scopes: list[_Scope] = []
    items = _items(tree.top)
    at = 0
    for node in nodes:
        while at < len(items) and items[at][0] <= node.start_byte:
            start, end, item = items[at]
            _close(scopes, start)
            owner = item if item.category in _TYPES else _owner(scopes)
            scopes.append(_Scope(end, item.names[0] if item.names else "", item, owner))
            at += 1
        _close(scopes, node.start_byte)
        found = _function(tree.grammar, form, node, scopes)
        if found is not None:
            yield found
            scopes.append(_Scope(node.end_byte, found.name, None, found.owner))


def captured(tree: SyntaxTree, pattern: str) -> list[Node]:
    """Give the nodes of a tree that a pattern names, in source order, the outer before the inner.

    Args:
        tree: Of a file.
        pattern: Of tree-sitter's query language, without captures: ``(comment) (catch_clause)``.
    """
    query = _query(tree.grammar.module, tree.grammar.entry, pattern)
    nodes = QueryCursor(query).captures(tree.root).get("it", [])
    return sorted(nodes, key=lambda node: (node.start_byte, -node.end_byte))


@lru_cache(maxsize=128)
def _query(module: str, entry: str, pattern: str) -> Query:
    return Query(load_language(module, entry), f"[{pattern}] @it")


def _items(top: Item) -> list[tuple[int, int, Item]]:
    """Everything that names or scopes, with its bytes, in source order."""
    found: list[tuple[int, int, Item]] = []
    todo = [*top.children]
    while todo:
        item = todo.pop()
        if item.rule is not None:
            found.append((item.nodes[0].start_byte, item.nodes[-1].end_byte, item))
        todo.extend(item.children)
    return sorted(found, key=lambda each: (each[0], -each[1], each[2].depth))


def _close(scopes: list[_Scope], start: int) -> None:
    while scopes and scopes[-1].end <= start:
        scopes.pop()


def _owner(scopes: list[_Scope]) -> Item | None:
    return scopes[-1].owner if scopes else None


def _function(grammar: Grammar, form: _Form, node: Node, scopes: list[_Scope]) -> Function | None:
    body = _body(node, form)
    if body is None:
        return None
    holder = scopes[-1].item if scopes else None
    own = _own_name(node)
    if holder is not None and holder.category in _CALLABLE and holder.names:
        # The outline's own entry for this very function: it knows receivers and titles.
        name, category, item = _of_holder(holder, own), holder.category, holder
    elif own:
        scope = next((each.name for each in reversed(scopes) if each.name), "")
        name, item = f"{scope}.{own}" if scope else own, None
        category = "method" if holder is not None and holder.category in _TYPES else "function"
    else:
        return None
    marks = tuple(_marks(node, form))
    titled = category == "test"
    suite = titled and item is not None and item.rule is not None and item.rule.members is not None
    first = min([node.start_point[0], *(mark.start_point[0] for mark in _mark_nodes(node, form))])
    return Function(
        name,
        category,
        node,
        body,
        LineRange(first + 1, end_row(node) + 1),
        is_test=not suite and (titled or _is_test(own, marks, form)),
        suite=suite,
        marks=marks,
        modifiers=frozenset(_modifiers(node, form)),
        owner=_owner(scopes),
        docstring=item.docstring if item is not None else None,
        comments=grammar.comments,
        blocks=form.blocks,
    )


def _of_holder(item: Item, own: str) -> str:
    """The one of an item's names that a function has: neighbours on one row share an item."""
    return next((name for name in item.names if own and name.rsplit(".", 1)[-1] == own), item.names[0])


def _body(node: Node, form: _Form) -> Node | None:
    for name in form.bodies:
        found = node.child_by_field_name(name) or child_of_type(node, name)
        if found is not None:
            return found
    return None


def _own_name(node: Node) -> str:
    name = node.child_by_field_name("name") or child_of_type(node, "function_declarator")
    if name is None and node.parent is not None and (key := _DECLARED_BY.get(node.parent.type)):
        name = node.parent.child_by_field_name(key)
    return plain_name(text_of(name)).split("(")[0] if name is not None else ""


def _mark_nodes(node: Node, form: _Form) -> list[Node]:
    if not form.marks:
        return []
    inside = [
        each
        for child in node.children
        for each in (child.children if child.type == "modifiers" else [child])
        if each.type in form.marks
    ]
    above = node.prev_named_sibling if form.above else None
    while above is not None and (above.type in form.marks or "comment" in above.type):
        if above.type in form.marks:
            inside.insert(0, above)
        above = above.prev_named_sibling
    return inside


def _marks(node: Node, form: _Form) -> Iterator[str]:
    for mark in _mark_nodes(node, form):
        yield text_of(mark).strip().lstrip("@#[").rstrip("]").strip()


def _modifiers(node: Node, form: _Form) -> Iterator[str]:
    for child in node.children:
        if child.type in form.modifiers:
            yield from (_WORD.findall(text_of(child)) if child.type != "modifiers" else _plain(child, form))


def _plain(modifiers: Node, form: _Form) -> Iterator[str]:
    return (text_of(each) for each in modifiers.children if each.type not in form.marks)


def _is_test(name: str, marks: tuple[str, ...], form: _Form) -> bool:
    if form.test_names is not None and form.test_names.fullmatch(name):
        return True
    if form.test_marks is None:
        return False
    return any(
        (found := _WORD.match(mark)) is not None and form.test_marks.fullmatch(found.group())
        for mark in marks
    )


def _unwrapped(body: Node, blocks: frozenset[str]) -> list[Node]:
    """The statements of a block, through blocks that only wrap one another."""
    if body.type not in blocks:
        return [body]
    found = body.named_children
    while len(found) == 1 and found[0].type in blocks:
        found = found[0].named_children
    return list(found)


def _is_docstring(statement: Node) -> bool:
    literal = statement.named_child(0) if statement.type == "expression_statement" else None
    return literal is not None and statement.named_child_count == 1 and literal.type == "string"

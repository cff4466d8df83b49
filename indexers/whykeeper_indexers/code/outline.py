"""A syntax tree, reduced to what a file defines: nested items with their lines and names.

Work is iterative throughout: source that nests ten thousand deep must cost time, not the
interpreter's stack. Rows are 0-based and inclusive here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tree_sitter import Node

from whykeeper_indexers.code.comments import clean_comment, is_licence
from whykeeper_indexers.code.grammar import Grammar, Rule, child_of_type, rule_for, text_of

__all__ = ["Item", "end_row", "outline"]

_MAX_DEPTH = 30
"""What is enclosed deeper than this is not looked into."""

_MAX_GLUED_ROWS = 12
"""A comment set off by a blank line goes with what follows it up to this length."""

_MAX_NAMES = 100
"""Names kept of definitions that share one row, which only generated code does at length."""

_MAX_SIGNATURE = 400

_ANNOTATIONS = re.compile(r"^(?:(?:@[\w.:]+(?:\([^()]{0,200}\))?|#?\[[^\[\]]{0,200}\])\s+)+")


@dataclass(slots=True)
class Item:
    """A definition, or a run of the file that defines nothing.

    Attributes:
        start: First row, leading comments and decorators included.
        end: Last row.
        nodes: The nodes it stands for.
        rule: The rule it was recognised by; None for plain statements.
        names: Qualified names it defines, or its label where the rule defines none.
        scopes: Enclosing scopes, outermost first.
        qualifier: The part of the scopes that belongs in a symbol's name.
        signature: Its declaration without its body.
        docstring: What the source says of it.
        children: What it encloses.
        depth: How many items enclose it.
    """

    start: int
    end: int
    nodes: list[Node]
    rule: Rule | None = None
    names: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    qualifier: tuple[str, ...] = ()
    signature: str | None = None
    docstring: str | None = None
    children: list[Item] = field(default_factory=list)
    depth: int = 0

    @property
    def defines(self) -> bool:
        """Whether its names are symbols."""
        return self.rule is not None and self.rule.defines and bool(self.names)

    @property
    def category(self) -> str:
        """What it defines, empty for plain statements."""
        return self.rule.category if self.rule is not None else ""

    def inner_scopes(self) -> tuple[str, ...]:
        """Return the scopes of what it encloses."""
        if self.rule is None or not self.rule.scoped or not self.names:
            return self.scopes
        return (*self.scopes, self.names[0].removeprefix(".".join((*self.qualifier, ""))))

    def inner_qualifier(self) -> tuple[str, ...]:
        """Return the prefix of the symbols it encloses."""
        if (
            self.rule is None
            or not self.rule.scoped
            or self.category in ("namespace", "test")
            or not self.names
        ):
            return self.qualifier
        return (*self.qualifier, self.names[0].removeprefix(".".join((*self.qualifier, ""))))


def end_row(node: Node) -> int:
    """Return a node's last row; one that ends with a line feed does not reach the next row."""
    row, column = node.end_point
    return row - 1 if column == 0 and row > node.start_point[0] else row


def outline(root: Node, grammar: Grammar) -> Item:
    """Return the file as one item that encloses what it defines."""
    top = Item(0, end_row(root), [root])
    todo: list[tuple[Item, list[Node]]] = [(top, root.children)]
    while todo:
        parent, nodes = todo.pop()
        reader = _Reader(grammar, parent)
        reader.read(nodes)
        parent.children = reader.items
        todo.extend(reader.below)
    top.docstring = _file_docstring(top, grammar)
    return top


def _file_docstring(top: Item, grammar: Grammar) -> str | None:
    found = grammar.docstring(top.nodes[0])
    if not found:
        plain = (item for item in top.children[:3] if not item.names)
        found = next((item.docstring for item in plain if item.docstring), None)
    return found if found and not is_licence(found) else None


class _Reader:
    """Reads the nodes of one scope into items."""

    def __init__(self, grammar: Grammar, parent: Item) -> None:
        self._grammar = grammar
        self._scopes = parent.inner_scopes()
        self._qualifier = parent.inner_qualifier()
        self._depth = parent.depth + 1
        self._pending: list[Node] = []
        self.items: list[Item] = []
        self.below: list[tuple[Item, list[Node]]] = []

    def read(self, nodes: list[Node]) -> None:
        todo = nodes[::-1]
        while todo:
            node = todo.pop()
            if node.type == "ERROR" or node.type in self._grammar.inline:
                todo.extend(node.children[::-1])
            elif not node.is_named:
                continue
            elif node.type in self._grammar.comments or self._grammar.leading(node):
                self._read_leading(node)
            else:
                self._read_item(node)
        self._flush()

    def _read_leading(self, node: Node) -> None:
        start = node.start_point[0]
        if not self._pending and self.items and start <= self.items[-1].end:
            self.items[-1].end = max(self.items[-1].end, end_row(node))
            return
        if self._pending and start - end_row(self._pending[-1]) > 1 and self._stands_alone():
            self._flush()
        self._pending.append(node)

    def _stands_alone(self) -> bool:
        """Say whether the pending comment is a passage of its own: long, or the file's head."""
        rows = end_row(self._pending[-1]) - self._pending[0].start_point[0]
        return rows > _MAX_GLUED_ROWS or not (self.items or self._scopes)

    def _flush(self) -> None:
        """Make what is pending an item of its own."""
        if self._pending:
            first, last = self._pending[0].start_point[0], end_row(self._pending[-1])
            item = self._item(first, last, self._pending)
            item.docstring = self._comment_text(self._pending)
            self._pending = []
            self._add(item)

    def _read_item(self, node: Node) -> None:
        start = node.start_point[0]
        if self._pending and start - end_row(self._pending[-1]) > 1 and self._stands_alone():
            self._flush()
        leading, self._pending = self._pending, []
        first = leading[0].start_point[0] if leading else start
        item = self._item(first, end_row(node), [node])
        inner, rule = self._unwrap(node)
        if rule is not None:
            self._describe(item, node, inner, rule)
        item.docstring = self._docstring(inner, _adjacent(leading, start))
        if self._continues(item, bool(leading)):
            self.items[-1].end = item.end
            self.items[-1].nodes.append(node)
            return
        if self._add(item) and rule is not None and rule.members and self._depth < _MAX_DEPTH:
            self.below.append((item, rule.members(inner)))

    def _item(self, first: int, last: int, nodes: list[Node]) -> Item:
        return Item(first, last, nodes, scopes=self._scopes, qualifier=self._qualifier, depth=self._depth)

    def _unwrap(self, node: Node) -> tuple[Node, Rule | None]:
        """Return the node that defines, below any wrappers, and its rule."""
        inner = node
        for _ in range(6):
            if inner.type not in self._grammar.wrappers:
                break
            below = (child for child in inner.named_children if self._is_known(child))
            found = next(below, None)
            if found is None:
                break
            inner = found
        return inner, rule_for(self._grammar, inner)

    def _is_known(self, node: Node) -> bool:
        return node.type in self._grammar.wrappers or rule_for(self._grammar, node) is not None

    def _describe(self, item: Item, outer: Node, inner: Node, rule: Rule) -> None:
        names = tuple(name for name in rule.names(inner) if name)
        item.rule = rule
        if rule.qualified and names and "." in names[0]:
            item.scopes = (*item.scopes, *names[0].split(".")[:-1])
        item.names = tuple(".".join((*self._qualifier, name)) for name in names) if rule.defines else names
        begin = inner if outer.type in self._grammar.decorating else outer
        item.signature = _signature(begin, inner, rule)

    def _docstring(self, inner: Node, leading: list[Node]) -> str | None:
        found = self._grammar.docstring(inner)
        if not found:
            found = next((text for text in map(self._grammar.docstring, leading) if text), None)
        if not found and leading:
            return self._comment_text(leading)
        return found[:1_500] if found else None

    def _comment_text(self, nodes: list[Node]) -> str | None:
        return clean_comment(_joined([node for node in nodes if node.type in self._grammar.comments])) or None

    def _continues(self, item: Item, has_leading: bool) -> bool:
        """Say whether an item is a further clause or overload of the one above it."""
        if not (self._grammar.merges_clauses and self.items and item.defines) or has_leading:
            return False
        above = self.items[-1]
        return above.names == item.names and above.category == item.category == "function"

    def _add(self, item: Item) -> bool:
        """Append an item, or let the one above absorb it when they share a row."""
        above = self.items[-1] if self.items else None
        if above is None or item.start > above.end:
            self.items.append(item)
            return True
        above.end = max(above.end, item.end)
        above.nodes.extend(item.nodes)
        if above.rule is None:
            above.rule, above.names, above.signature = item.rule, item.names, item.signature
        elif item.defines and above.defines and len(above.names) < _MAX_NAMES:
            above.names += item.names
        return False


def _signature_end(inner: Node, rule: Rule) -> int | None:
    """Return the byte at which the body starts, or a comment that stands before it."""
    for name in rule.body:
        body = inner.child_by_field_name(name) or child_of_type(inner, name)
        if body is not None:
            comments = (c for c in inner.children if "comment" in c.type and c.end_byte <= body.start_byte)
            comment = next(comments, None) if inner.child_count < 40 else None
            if comment is None or comment.start_point[0] == inner.start_point[0] == body.start_point[0]:
                return body.start_byte
            return comment.start_byte
    return None


def _joined(nodes: list[Node]) -> str:
    return "\n".join(text_of(node).rstrip("\n") for node in nodes[:200])


def _adjacent(leading: list[Node], row: int) -> list[Node]:
    """Keep the leading nodes that no blank line separates from the definition."""
    kept: list[Node] = []
    for node in reversed(leading):
        if row - end_row(node) > 1:
            break
        kept.append(node)
        row = node.start_point[0]
    return kept[::-1]


def _signature(begin: Node, inner: Node, rule: Rule) -> str | None:
    """Return the text from the declaration's start to its body, on one line."""
    data = begin.text or b""
    end = _signature_end(inner, rule)
    if end is None:
        is_callable = rule.category in ("function", "method")
        is_short = len(data) < (_MAX_SIGNATURE if is_callable else _MAX_SIGNATURE // 2)
        head = data if is_short else data.split(b"\n", 1)[0]
    else:
        head = data[: end - begin.start_byte]
    text = " ".join(head[: 4 * _MAX_SIGNATURE].decode("utf-8", "replace").split())
    text = _ANNOTATIONS.sub("", text).removesuffix(" do").removesuffix(" where").rstrip(" {=:(;").strip()
    return (text if len(text) <= _MAX_SIGNATURE else f"{text[:_MAX_SIGNATURE]} …") or None

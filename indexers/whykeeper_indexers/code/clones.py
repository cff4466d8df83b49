"""How functions are built, so that two that do the same can be told whatever they are called.

A function is taken as the bag of its subtrees of height two, with every identifier and literal alike:
renaming changes none of them, and an exchange of two statements only those at the joint. Bags of subtrees
are what Deckard counts (Jiang et al., ICSE 2007); the few smallest hashes of a bag stand for it in an index,
as in Broder's sketches (1997), and two bags share about as many of them as they share subtrees.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from zlib import crc32

from tree_sitter import Node

from whykeeper_indexers.code.jobs import job_key
from whykeeper_indexers.code.outline import Item
from whykeeper_indexers.code.parser import SyntaxTree
from whykeeper_indexers.types import LineRange

__all__ = [
    "LEAST_KEPT",
    "LEAST_SUBTREES",
    "SKETCH",
    "Build",
    "FunctionSketch",
    "builds",
    "built_like",
    "sketches",
    "words_alike",
]

LEAST_SUBTREES = 16
"""Of a function whose build is compared: there are few ways of writing smaller ones."""
LEAST_KEPT = 6
"""Of a function that is known by its name: a smaller one hands on to another."""
SKETCH = 24
"""Hashes that stand for a function in the index: two that share half of their subtrees share about twelve."""
MOST_SUBTREES = 4_000
"""Of one function; the rest of a longer one is not looked at."""
_FUNCTIONS = frozenset({"function", "method"})
_LITERAL = re.compile(r"string|number|integer|float|char|literal|regex|heredoc|boolean|true|false")
_IDENTIFIER = re.compile(r"identifier|^name$|constant$|^word$|variable_name")
_WORD = re.compile(r"[A-Za-z][a-z0-9]+|[A-Z]+(?![a-z])")
_KIND = {"identifier": 11, "literal": 13}


@dataclass(frozen=True, slots=True)
class FunctionSketch:
    """A function, as the index keeps it.

    Attributes:
        symbol: Qualified name.
        lines: Its lines, leading comments and decorators included.
        size: Its subtrees of more than one node.
        hashes: The smallest hashes of its subtrees, in order; none of a small function.
        job: What its name says it does, see `job_key`.
    """

    symbol: str
    lines: LineRange
    size: int
    hashes: tuple[int, ...]
    job: int | None = None


@dataclass(frozen=True, slots=True)
class Build:
    """A function, as it is compared.

    Attributes:
        symbol: Qualified name.
        lines: Its lines.
        signature: Its declaration.
        subtrees: How often each of its subtrees stands in it.
        words: The words of its identifiers and texts.
    """

    symbol: str
    lines: LineRange
    signature: str
    subtrees: Mapping[int, int]
    words: frozenset[str]

    @property
    def size(self) -> int:
        """How many subtrees it has."""
        return sum(self.subtrees.values())


def sketches(tree: SyntaxTree) -> Iterator[FunctionSketch]:
    """Give every function of a file that is large enough to be compared."""
    for item in _functions(tree.top):
        counted = _subtrees(item.nodes)
        size = sum(counted.values())
        if size >= LEAST_KEPT:
            hashes = tuple(sorted(counted)[:SKETCH]) if size >= LEAST_SUBTREES else ()
            yield FunctionSketch(item.names[0], _lines(item), size, hashes, job_key(item.names[0]))


def builds(tree: SyntaxTree, wanted: Collection[LineRange] | None = None) -> Iterator[Build]:
    """Give functions of a file with all that they are compared by.

    Args:
        tree: The file.
        wanted: Lines of those that are asked for; None for all.
    """
    for item in _functions(tree.top):
        if wanted is None or _lines(item) in wanted:
            counted = _subtrees(item.nodes)
            yield Build(item.names[0], _lines(item), item.signature or "", counted, _words(item.nodes))


def built_like(one: Build, other: Build) -> float:
    """How much of two functions is built alike, 0 to 1: the Jaccard index of their bags of subtrees."""
    shared = sum(min(count, other.subtrees.get(key, 0)) for key, count in one.subtrees.items())
    return shared / max(1, one.size + other.size - shared)


def words_alike(one: Build, other: Build) -> float:
    """How many of the words of two functions they share, 0 to 1."""
    return len(one.words & other.words) / max(1, len(one.words | other.words))


def _functions(top: Item) -> Iterator[Item]:
    todo = top.children[::-1]
    while todo:
        item = todo.pop()
        if item.defines and item.category in _FUNCTIONS:
            yield item
        todo.extend(item.children[::-1])


def _lines(item: Item) -> LineRange:
    return LineRange(item.start + 1, item.end + 1)


def _subtrees(nodes: Iterable[Node]) -> Counter[int]:
    """Count the subtrees of height two, each by the hash of its nodes' types."""
    counted: Counter[int] = Counter()
    for root in nodes:
        # In the order in which a node comes after what it encloses.
        order: list[tuple[Node, int, list[int]]] = []
        todo: list[tuple[Node, int]] = [(root, -1)]
        while todo and len(order) < MOST_SUBTREES:
            node, parent = todo.pop()
            at = len(order)
            own = _type(node)
            children = (
                [] if own in _KIND.values() else [each for each in node.children if not _is_comment(each)]
            )
            order.append((node, own, []))
            if parent >= 0:
                order[parent][2].append(at)
            todo.extend((child, at) for child in reversed(children))
        narrow = [_mixed(own, (order[at][1] for at in below)) for _, own, below in order]
        for _, own, below in order:
            if len(below) > 1:
                counted[_mixed(own, (narrow[at] for at in below))] += 1
    return counted


def _mixed(own: int, below: Iterable[int]) -> int:
    found = own
    for each in below:
        found = (found * 1_000_003 ^ each) & 0xFFFFFFFF
    return found


def _type(node: Node) -> int:
    name = node.type
    if node.is_named:
        if _LITERAL.search(name):
            return _KIND["literal"]
        if not node.child_count and _IDENTIFIER.search(name):
            return _KIND["identifier"]
    return crc32(name.encode())


def _is_comment(node: Node) -> bool:
    return node.is_extra or "comment" in node.type


def _words(nodes: Iterable[Node]) -> frozenset[str]:
    found: set[str] = set()
    for node in nodes:
        text = (node.text or b"").decode("utf-8", "replace")
        found.update(word.lower() for word in _WORD.findall(text) if len(word) > 1)
    return frozenset(found)

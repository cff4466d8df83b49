"""Reading a file for what is left undone in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from whykeeper_indexers.code.functions import Function, captured
from whykeeper_indexers.code.grammar import text_of
from whykeeper_indexers.code.outline import Item, end_row
from whykeeper_indexers.code.parser import SyntaxTree
from whykeeper_indexers.types import LineRange
from whykeeper_indexers.undone.comments import Comment, commented_code, placeholders, todos
from whykeeper_indexers.undone.errors import swallowed_errors
from whykeeper_indexers.undone.languages import Language, language_for
from whykeeper_indexers.undone.made_up import made_up_functions, made_up_names, made_up_texts, test_doubles
from whykeeper_indexers.undone.remnant import Remnant
from whykeeper_indexers.undone.stubs import stub_in, work_in
from whykeeper_indexers.undone.unasserted import assertion_free, focused, skipped

__all__ = ["Before", "undone_in", "work_of"]

_NEAR = 12
"""Lines within which made-up data is one thing."""


@dataclass(frozen=True, slots=True)
class Before:
    """What a file was before a change.

    Attributes:
        work: What each function did; see `work_of`.
        shrunk: Functions of which something was taken away.
        code: Lines of code that are gone, without the white space around them.
    """

    work: Mapping[str, int] = field(default_factory=dict)
    shrunk: frozenset[str] = frozenset()
    code: frozenset[str] = frozenset()


def work_of(tree: SyntaxTree, functions: Iterable[Function]) -> dict[str, int]:
    """Measure what each function of a file does; empty for a language that is not looked at.

    Args:
        tree: Of the file.
        functions: Of the file.
    """
    language = language_for(tree.grammar.name)
    return {each.name: work_in(each, language) for each in functions} if language is not None else {}


def undone_in(
    tree: SyntaxTree,
    functions: Sequence[Function],
    comments: Sequence[Comment],
    lines: Sequence[LineRange],
    before: Before,
    *,
    of_tests: bool = False,
) -> list[Remnant]:
    """Give what is left undone in some lines of a file, in order; nothing for languages not looked at.

    Args:
        tree: Of the file.
        functions: Of the file.
        comments: Of the file.
        lines: That count.
        before: What the file was.
        of_tests: Whether the file is for tests, which may hold what product code may not.
    """
    language = language_for(tree.grammar.name)
    if language is None:
        return []
    touched = _Lines(lines)
    fresh = [each for each in comments if touched.meets(each.lines)]
    read = _of_tests if of_tests else _of_product
    found = read(functions, fresh, tree, language, touched, before)
    return _distinct(found)


def _of_tests(
    functions: Sequence[Function],
    comments: Sequence[Comment],
    tree: SyntaxTree,
    language: Language,
    touched: _Lines,
    before: Before,
) -> Iterator[Remnant]:
    tests = [each for each in functions if touched.meets(each.lines)]
    yield from skipped(tests, language, before.work)
    yield from (each for each in focused(tests, language) if touched.meets(each.lines))
    yield from (each for each in assertion_free(functions, language) if touched.meets(each.lines))
    yield from commented_code(comments, tree, before.code.__contains__)
    yield from todos(comments)


def _of_product(
    functions: Sequence[Function],
    comments: Sequence[Comment],
    tree: SyntaxTree,
    language: Language,
    touched: _Lines,
    before: Before,
) -> Iterator[Remnant]:
    aside = _Lines([*_tried(tree, functions)])
    changed = [
        each
        for each in functions
        if (touched.meets(each.lines) or each.name in before.shrunk) and not aside.meets(each.lines)
    ]
    for each in changed:
        inside = (one for one in comments_of_function(each, comments, tree))
        remnant = stub_in(each, language, "\n".join(inside), before.work)
        if remnant is not None:
            yield remnant
    held = [each for each in comments if not aside.meets(each.lines)]
    yield from made_up_functions([each for each in changed if each.name not in before.work], language)
    yield from _met(made_up_names(tree, language), touched, aside)
    yield from _met(made_up_texts(tree, language), touched, aside)
    yield from _met(test_doubles(tree, language), touched, aside)
    yield from placeholders(held)
    yield from _met(swallowed_errors(tree, functions, language), touched, aside)
    yield from commented_code(held, tree, before.code.__contains__)
    yield from todos(held)


def comments_of_function(function: Function, comments: Sequence[Comment], tree: SyntaxTree) -> Iterator[str]:
    """Give the comments inside a function, and the one that ends its header's line."""
    start = function.body.start_byte
    # Python hangs a comment that opens a body before the body.
    start = min(
        start, tree.data.find(b"\n", function.node.start_byte) if tree.grammar.name == "python" else start
    )
    end = max(function.node.end_byte, function.body.end_byte)
    line = tree.data.find(b"\n", end)
    for each in comments:
        if start <= each.start < (line if line >= 0 else len(tree.data)):
            yield each.text


def _tried(tree: SyntaxTree, functions: Sequence[Function]) -> Iterator[LineRange]:
    """Lines of product code that try it: tests beside it, what only runs when the file is run by itself."""
    todo: list[Item] = [*tree.top.children]
    while todo:
        item = todo.pop()
        if item.category == "module" and any(
            name.rsplit(".", 1)[-1] in ("tests", "test") for name in item.names
        ):
            yield LineRange(item.start + 1, item.end + 1)
        else:
            todo.extend(item.children)
    yield from (each.lines for each in functions if each.is_test or each.suite)
    if tree.grammar.name == "python":
        for node in captured(tree, "(if_statement)"):
            if "__name__" in text_of(node.child_by_field_name("condition")):
                yield LineRange(node.start_point[0] + 1, end_row(node) + 1)


def _met(found: Iterable[Remnant], touched: _Lines, aside: _Lines) -> Iterator[Remnant]:
    return (each for each in found if touched.meets(each.lines) and not aside.meets(each.lines))


class _Lines:
    """Some lines of a file."""

    def __init__(self, ranges: Sequence[LineRange]) -> None:
        self._ranges = ranges

    def meets(self, lines: LineRange) -> bool:
        """Whether any of some lines is among them."""
        return any(each.start <= lines.end and lines.start <= each.end for each in self._ranges)


def _distinct(found: Iterable[Remnant]) -> list[Remnant]:
    """Leave out what another remnant at the same place says better, and keep the order of lines."""
    kept: list[Remnant] = []
    for each in found:
        if each.rule == "mock-data" and any(_is_near(each, one) for one in kept if one.rule == each.rule):
            continue
        better = {"placeholder": ("stub", "mock-data"), "todo": ("stub", "placeholder")}.get(each.rule, ())
        if any(one.rule in better and _holds(one, each) for one in kept):
            continue
        kept.append(each)
    return sorted(kept, key=lambda each: (each.lines.start, each.rule))


def _is_near(one: Remnant, other: Remnant) -> bool:
    return one.lines.start <= other.lines.end + _NEAR and other.lines.start <= one.lines.end + _NEAR


def _holds(outer: Remnant, inner: Remnant) -> bool:
    return outer.lines.start <= inner.lines.start and inner.lines.end <= outer.lines.end + 1

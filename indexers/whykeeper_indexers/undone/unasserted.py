"""Tests that are not run, or that cannot fail."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence

from whykeeper_indexers.code.functions import Function
from whykeeper_indexers.code.grammar import text_of
from whykeeper_indexers.types import LineRange
from whykeeper_indexers.undone.bodies import Shape, body_of
from whykeeper_indexers.undone.languages import Language
from whykeeper_indexers.undone.remnant import Remnant, Weight

__all__ = ["assertion_free", "focused", "skipped"]

_NO_TEST = re.compile(r"^(?:Benchmark|Fuzz|Example|bench)")
_TRIVIAL = re.compile(
    r"(?:assert\s*\(?\s*(?:True|true|1)\s*\)?|assert\s+1\s*==\s*1|self\.assertTrue\(True\)|assertTrue\(true\)"
    r"|expect\((?P<a>true|1|\"\w*\")\)\.to(?:Be|Equal|StrictEqual)\((?P=a)\)|expect\(true\)\.toBeTruthy\(\)|assert\.ok\(true\)"
    r"|assert!\(true\)|Assert\.True\(true\)|assert\.True\(t, true\)|\$this->assertTrue\(true\))\s*;?"
)
_CALLED = re.compile(r"([A-Za-z_]\w*)\s*\(")


def skipped(functions: Sequence[Function], language: Language, known: Container[str]) -> Iterator[Remnant]:
    """Give the tests that are told not to run.

    Args:
        functions: Of a file of tests.
        language: Of its language.
        known: Functions that were there before: one that is no longer run is a loss.
    """
    for function in functions:
        if not (function.is_test or function.suite):
            continue
        how = _skip_mark(function, language) or _skip_call(function, language)
        if how:
            message = f"The test `{function.name}` is not run: `{how}`."
            weight = Weight.LIKELY if function.name in known else Weight.MAYBE
            yield Remnant("skipped-test", function.lines, function.name, message, weight)


def _skip_mark(function: Function, language: Language) -> str:
    if language.skip_marks is None:
        return ""
    return next((mark.split("\n")[0][:60] for mark in function.marks if language.skip_marks.match(mark)), "")


def _skip_call(function: Function, language: Language) -> str:
    if language.skip_calls is None:
        return ""
    statements = function.statements()
    first = text_of(statements[0]).strip().removeprefix("await ") if statements else ""
    found = language.skip_calls.match(first)
    if found is None and function.category == "test" and function.node.parent is not None:
        found = language.skip_calls.match(_declaring(function))
    return found.group().rstrip("(") if found else ""


def _declaring(function: Function) -> str:
    """How the call begins that declares a test: ``it.skip("title", () => …)``."""
    parent = function.node.parent
    call = parent.parent if parent is not None and parent.type == "arguments" else parent
    return text_of(call)[:80] if call is not None else ""


def focused(functions: Sequence[Function], language: Language) -> Iterator[Remnant]:
    """Give the tests and suites that keep all others from being run."""
    if language.focus_calls is None:
        return
    for function in functions:
        found = language.focus_calls.match(_declaring(function)) if function.category == "test" else None
        if found is not None:
            message = f"`{found.group()}` of `{function.name}` keeps the other tests from being run."
            lines = LineRange(function.lines.start, function.lines.start)
            yield Remnant("focused-test", lines, function.name, message)


def assertion_free(functions: Sequence[Function], language: Language) -> Iterator[Remnant]:
    """Give the tests in which nothing can fail but by an accident."""
    asserting = {
        each.name.rsplit(".", 1)[-1]
        for each in functions
        if not each.is_test and language.asserts.search(text_of(each.body))
    }
    for function in functions:
        if not function.is_test or function.suite or _NO_TEST.match(function.name.rsplit(".", 1)[-1]):
            continue
        if _skip_mark(function, language) or _skip_call(function, language):
            continue
        if any(re.search(r"expected|raises|throws|should_panic", mark) for mark in function.marks):
            continue
        text = text_of(function.body)
        statements = function.statements()
        if body_of(function, language).shape is Shape.EMPTY or _is_trivial(statements):
            message = f"The test `{function.name}` tests nothing."
            yield Remnant("assertion-free-test", function.lines, function.name, message)
        elif not language.asserts.search(text) and asserting.isdisjoint(_CALLED.findall(text)):
            message = f"The test `{function.name}` asserts nothing."
            yield Remnant("assertion-free-test", function.lines, function.name, message, Weight.MAYBE)


def _is_trivial(statements: Sequence[object]) -> bool:
    return len(statements) == 1 and bool(_TRIVIAL.fullmatch(text_of(statements[0]).strip()))  # type: ignore[arg-type]

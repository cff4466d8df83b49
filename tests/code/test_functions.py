"""The functions of a file: names, bodies, owners, tests, in several languages."""

from __future__ import annotations

import pytest

from whykeeper_indexers.code import definitions, syntax_tree
from whykeeper_indexers.code.functions import Function, functions
from whykeeper_indexers.types import SourceText

PYTHON = '''
class Store(Base):
    @cached
    async def load(self):
        """Read it."""
        # from disk
        return read()

def outer():
    def inner():
        pass
    return sorted(inner, key=lambda x: x)
'''
TYPESCRIPT = """
export const api = { fetch: async () => { return []; } };
export function outer() { const inner = () => 2; items.map((x) => x); return inner; }
abstract class A { abstract q(): void; private override r(): void {} }
describe("a suite", () => { it("works", () => { go(); }); });
"""
GO = "package a\nfunc (s *Store) Load() error { return nil }\nfunc TestLoad(t *testing.T) {}\n"
JAVA = "class A { A() {} @Override @Test public int go() { return 1; } int q(); }"
KOTLIN = "class A { @Test fun go() { x() }\n fun v(): Int = 3 }"
RUST = "impl A { fn go(&self) -> u8 { 1 } }\n#[test]\n#[ignore]\nfn works() {}"
CSHARP = "class A { [Fact] public int Go() { int In() { return 1; } return In(); } int V() => 2; }"
PHP = "<?php class A { #[Test] public static function go() { return null; } abstract function q(); }"
RUBY = 'class A\n def go(x)\n  x\n end\n it "works" do\n  go\n end\nend'


def read(path: str, text: str) -> dict[str, Function]:
    tree = syntax_tree(SourceText(path, text, ""))
    assert tree is not None
    return {each.name: each for each in functions(tree)}


@pytest.mark.parametrize(
    ("path", "text", "names", "tests"),
    [
        ("a.py", PYTHON, ["Store.load", "outer", "outer.inner"], []),
        ("a.ts", TYPESCRIPT, ["api.fetch", "outer", "outer.inner", "A.r", "a suite", "works"], ["works"]),
        ("a.go", GO, ["Store.Load", "TestLoad"], ["TestLoad"]),
        ("A.java", JAVA, ["A.A", "A.go"], ["A.go"]),
        ("A.kt", KOTLIN, ["A.go", "A.v"], ["A.go"]),
        ("a.rs", RUST, ["A.go", "works"], ["works"]),
        ("A.cs", CSHARP, ["A.Go", "A.Go.In", "A.V"], ["A.Go"]),
        ("a.php", PHP, ["A.go"], ["A.go"]),
        ("a.rb", RUBY, ["A.go", "works"], ["works"]),
    ],
)
def test_functions_with_bodies_are_listed_in_source_order(
    path: str, text: str, names: list[str], tests: list[str]
) -> None:
    found = read(path, text)
    assert list(found) == names
    assert [name for name, each in found.items() if each.is_test] == tests


def test_names_are_those_of_the_outline() -> None:
    for path, text in (("a.py", PYTHON), ("a.go", GO), ("A.java", JAVA), ("a.rs", RUST)):
        symbols = {each.symbol for each in definitions(SourceText(path, text, ""))}
        assert {name for name in read(path, text) if not name.startswith("outer.")} <= symbols


def test_a_docstring_and_comments_are_no_statements() -> None:
    load = read("a.py", PYTHON)["Store.load"]
    assert [each.type for each in load.statements()] == ["return_statement"]
    assert load.docstring == "Read it."
    assert (load.lines.start, load.lines.end) == (3, 7)
    assert load.marks == ("cached",)
    assert load.owner is not None and load.owner.signature == "class Store(Base)"


def test_an_expression_is_a_body_too() -> None:
    inner = read("a.ts", TYPESCRIPT)["outer.inner"]
    assert not inner.is_block and [each.type for each in inner.statements()] == ["number"]


def test_a_suite_holds_tests_and_is_none() -> None:
    found = read("a.ts", TYPESCRIPT)
    assert found["a suite"].suite and not found["a suite"].is_test


def test_modifiers_and_annotations_are_told_apart() -> None:
    found = read("A.java", JAVA)["A.go"]
    assert found.marks == ("Override", "Test") and found.modifiers == {"public"}
    assert read("a.rs", RUST)["works"].marks == ("test", "ignore")
    assert "override" in read("a.ts", TYPESCRIPT)["A.r"].modifiers


def test_a_language_without_a_form_has_none() -> None:
    assert read("a.lua", "function go() return 1 end") == {}

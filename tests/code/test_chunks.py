"""How code is cut: whole symbols, parts at statements, small neighbours together, nothing twice or lost."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from whykeeper_indexers.code import is_code, parse_code, symbols_of
from whykeeper_indexers.types import Chunk, ParsedFile, Role, SourceText

PROJECT = Path(__file__).parents[2]
CAP = 2_002


def parsed(path: str, text: str) -> ParsedFile:
    return parse_code(SourceText(path, text, "0"))


def pieces(path: str, text: str) -> list[Chunk]:
    return [chunk for chunk in parsed(path, text).chunks if chunk.role is not Role.REASON]


def assert_every_line_is_in_one_chunk(path: str, text: str) -> None:
    held = Counter(
        row
        for chunk in pieces(path, text)
        if chunk.lines
        for row in range(chunk.lines.start, chunk.lines.end + 1)
    )
    for row, line in enumerate(text.split("\n"), 1):
        assert held[row] <= 1, f"{path}:{row} is in {held[row]} chunks"
        assert held[row] == 1 or not line.strip(), f"{path}:{row} is in no chunk"


def python_function(name: str, statements: int, indent: str = "") -> str:
    body = "".join(f"{indent}    value_{n} = compute_something_with({n}, {n})\n" for n in range(statements))
    return f"{indent}def {name}(self, n):\n{body}\n"


def test_every_line_of_this_projects_code_is_in_exactly_one_chunk() -> None:
    files = [
        path
        for folder in ("server", "indexers", "tests")
        for path in sorted((PROJECT / folder).rglob("*.py"))
    ]
    assert files
    for path in [*files, PROJECT / "pyproject.toml"]:
        text = path.read_text(encoding="utf-8")
        assert_every_line_is_in_one_chunk(path.relative_to(PROJECT).as_posix(), text)
        assert all(len(chunk.text) <= CAP for chunk in pieces(path.name, text))


def test_a_chunk_holds_the_text_of_its_lines() -> None:
    text = (PROJECT / "indexers/whykeeper_indexers/types.py").read_text(encoding="utf-8")
    for chunk in parsed("types.py", text).chunks:
        assert chunk.lines is not None
        assert chunk.text == "\n".join(text.split("\n")[chunk.lines.start - 1 : chunk.lines.end])


def test_the_files_head_is_titled_by_the_file_and_knows_its_docstring() -> None:
    head = pieces(
        "pkg/catalog.py", '"""Holds files."""\n\nimport os\n\nLIMIT = 1\n\n\n' + python_function("f", 30)
    )[0]
    assert head.title == "catalog.py"
    assert head.docstring == "Holds files."
    assert symbols_of(head) == ("LIMIT",)


def test_a_licence_is_not_what_a_file_is_about() -> None:
    head = pieces("a.go", "// Copyright 2026 X. All rights reserved.\n\npackage a\n\nfunc F() {}\n")[0]
    assert head.docstring is None


def test_a_long_function_is_split_between_statements() -> None:
    found = pieces("a.py", "@cached\n" + python_function("apply", 120))
    assert [chunk.part for chunk in found] == list(range(1, len(found) + 1))
    assert len(found) > 2
    assert {chunk.symbol for chunk in found} == {"apply"}
    assert {chunk.signature for chunk in found} == {"def apply(self, n)"}
    assert found[0].text.startswith("@cached\ndef apply")
    assert all(600 < len(chunk.text) <= CAP for chunk in found)


def test_a_long_statement_inside_a_function_is_split_within() -> None:
    inner = "".join(f"        if n == {n}:\n            return call({n}, {n}, {n})\n" for n in range(80))
    found = pieces("a.py", f"def f(n):\n    while n:\n{inner}    return None\n")
    assert len(found) > 2
    assert all(chunk.text.lstrip().startswith(("def f", "if n ==", "return")) for chunk in found)


def test_small_neighbours_share_a_chunk() -> None:
    text = "".join(f"def f{n}():\n    return {n}\n\n\n" for n in range(30))
    found = pieces("a.py", text)
    assert 1 <= len(found) <= 2
    names = [name for chunk in found for name in symbols_of(chunk)]
    assert names == [f"f{n}" for n in range(30)]


def test_a_definition_of_some_size_stands_alone() -> None:
    found = pieces("a.py", python_function("first", 14) + python_function("second", 14))
    assert [chunk.symbol for chunk in found] == ["first", "second"]


def test_a_class_too_large_for_one_chunk_gives_its_header_and_its_members() -> None:
    text = 'class Catalog(Base):\n    """Holds files, by path."""\n\n    size: int = 1\n\n'
    text += python_function("apply", 16, "    ") + python_function("drop", 16, "    ")
    text += python_function("sweep", 16, "    ")
    header, *members = pieces("a.py", text)
    assert header.title == "Catalog"
    assert header.docstring == "Holds files, by path."
    assert header.signature == "class Catalog(Base) { size, apply, drop, sweep }"
    assert [chunk.symbol for chunk in members] == ["Catalog.apply", "Catalog.drop", "Catalog.sweep"]
    assert all(chunk.breadcrumb == ("Catalog",) for chunk in members)


def test_a_method_carries_its_leading_comment_and_decorators() -> None:
    body = "    go();\n" * 300
    text = f"class A {{\n  x = 1;\n\n  /** Take it in. */\n  @log()\n  apply() {{\n{body}  }}\n}}\n"
    part = next(chunk for chunk in pieces("a.ts", text) if chunk.symbol == "A.apply")
    assert part.text.startswith("  /** Take it in. */\n  @log()\n  apply()")
    assert part.docstring == "Take it in."


def test_a_go_method_stands_in_its_receivers_scope() -> None:
    body = "\tgo()\n" * 120
    (chunk, *_) = pieces("a.go", f"func (c *Catalog) Apply() {{\n{body}}}\n")
    assert (chunk.symbol, chunk.breadcrumb) == ("Catalog.Apply", ("Catalog",))


def test_a_test_suite_is_cut_at_its_cases_and_titled_by_them() -> None:
    body = "    expect(compute(1)).toBe(1);\n" * 25
    cases = "".join(f'  it("does {n}", () => {{\n{body}  }});\n' for n in range(4))
    found = pieces("a.test.ts", f'describe("Catalog", () => {{\n{cases}}});\n')
    assert [chunk.title for chunk in found if chunk.title.startswith("does")] == [
        f"does {n}" for n in range(4)
    ]
    assert all(chunk.symbol is None for chunk in found)


@pytest.mark.parametrize("path", ["q.sql", "main.tf", "a.yaml", "Makefile", "x.proto", "a.dart"])
def test_other_languages_are_cut_into_windows(path: str) -> None:
    text = "".join(f"block {n}\n  first line of it\n  second line of it\n\n" for n in range(200))
    found = pieces(path, text)
    assert is_code(path)
    assert {chunk.role for chunk in found} == {Role.WINDOW}
    assert [chunk.part for chunk in found] == list(range(1, len(found) + 1))
    assert all(chunk.text.startswith("block") and 700 < len(chunk.text) <= CAP for chunk in found)
    assert_every_line_is_in_one_chunk(path, text)


def test_a_header_with_classes_is_cpp() -> None:
    assert parsed("a.h", "namespace a {\nclass B {};\n}\n").language == "cpp"
    assert parsed("a.h", "int f(void);\n").language == "c"


def test_an_empty_file_has_no_chunks() -> None:
    for text in ("", "\n\n", "   \n\t\n"):
        assert parsed("a.py", text).chunks == ()
        assert parsed("a.sql", text).chunks == ()

"""Source nobody meant to be indexed: broken, huge, deep, minified, not ASCII."""

from __future__ import annotations

from collections import Counter

import pytest

from whykeeper_indexers.code import definitions, parse_code
from whykeeper_indexers.code.grammars import GRAMMARS
from whykeeper_indexers.types import ParsedFile, Role, SourceText

EXTENSIONS = {
    "python": "py",
    "typescript": "ts",
    "javascript": "js",
    "kotlin": "kt",
    "rust": "rs",
    "csharp": "cs",
    "ruby": "rb",
    "bash": "sh",
    "elixir": "ex",
    "haskell": "hs",
}
PATHS = [f"a.{EXTENSIONS.get(language, language)}" for language in GRAMMARS]


def parsed(path: str, text: str) -> ParsedFile:
    return parse_code(SourceText(path, text, "0"))


def assert_covered(path: str, text: str) -> None:
    file = parsed(path, text)
    held = Counter(
        row
        for chunk in file.chunks
        if chunk.lines and chunk.role is not Role.REASON
        for row in range(chunk.lines.start, chunk.lines.end + 1)
    )
    wanted = Counter(row for row, line in enumerate(text.split("\n"), 1) if line.strip())
    assert not wanted - held
    assert max(held.values(), default=0) <= 1


@pytest.mark.parametrize("path", PATHS)
def test_broken_source_is_covered_all_the_same(path: str) -> None:
    assert_covered(path, "class } ((( def function {{{ fn x( \"unclosed\n\nfoo bar baz ;;; ]]] '''\n" * 40)


@pytest.mark.parametrize("path", PATHS)
def test_ten_thousand_deep_brackets_do_not_break_the_parser(path: str) -> None:
    assert_covered(path, "x = " + "(\n" * 10_000 + "1" + ")\n" * 10_000)


def test_ten_thousand_nested_blocks_do_not_break_the_parser() -> None:
    assert_covered("a.js", "if (a) {\n" * 10_000 + "go();\n" + "}\n" * 10_000)
    assert_covered("a.cpp", "namespace a {\n" * 3_000 + "int x;\n" + "}\n" * 3_000)
    assert_covered("a.c", "#ifdef A\n" * 2_000 + "int x;\n" + "#endif\n" * 2_000)


def test_a_minified_line_is_kept_short_and_said_so() -> None:
    text = "var a=1;" + "function f(){return 1};" * 40_000 + "\nvar b = 2;\n"
    file = parsed("a.min.js", text)
    assert all(len(chunk.text) < 4_100 for chunk in file.chunks)
    assert any("cut to" in note for note in file.notes)
    assert_covered("a.min.js", text)


def test_a_megabyte_of_source_is_parsed() -> None:
    text = "".join(f"def f{n}(a, b):\n    return compute(a, b, {n})\n\n\n" for n in range(22_000))
    assert len(text) > 1_000_000
    file = parsed("a.py", text)
    assert file.notes == ()
    assert len(definitions(SourceText("a.py", text, "0"))) == 22_000
    assert_covered("a.py", text)


def test_a_file_too_large_to_parse_is_cut_into_windows_and_said_so() -> None:
    file = parsed("a.py", "x = 'some text that fills the line'\n" * 120_000)
    assert {chunk.role for chunk in file.chunks} == {Role.WINDOW}
    assert any("did not parse" in note for note in file.notes)


def test_lines_and_names_are_right_behind_characters_of_many_bytes() -> None:
    text = (
        '"""Ümläute 漢字 🎉 über alles."""\n\n'
        'GRÖSSE = "漢字漢字漢字漢字"  # 🎉🎉🎉\n\n\n'
        'class Straße:\n    """Führt zum Ziel. 🛣"""\n\n    def größe(self, maß: str = "漢") -> str:\n'
        '        """Gibt die Größe."""\n'
        "        # WHY: 漢字 are wide, because fonts are 🎉\n        return maß\n"
    )
    found = {one.symbol: one for one in definitions(SourceText("a.py", text, "0"))}
    assert list(found) == ["GRÖSSE", "Straße", "Straße.größe"]
    assert found["Straße.größe"].lines == (9, 12)
    assert found["Straße.größe"].signature == 'def größe(self, maß: str = "漢") -> str'
    assert found["Straße.größe"].docstring == "Gibt die Größe."
    reason = next(chunk for chunk in parsed("a.py", text).chunks if chunk.role is Role.REASON)
    assert reason.lines == (11, 12)
    assert reason.title == "WHY: 漢字 are wide, because fonts are 🎉"


def test_replaced_characters_and_odd_line_separators_do_not_move_lines() -> None:
    text = "// \ufffd\ufffd\x0c\u2028 page\nfunc A() {}\n\x0c\nfunc B() {}\r\n"
    found = {one.symbol: one.lines for one in definitions(SourceText("a.go", text, "0"))}
    assert found["B"].start == 4
    assert_covered("a.go", text)


def test_a_surrogate_that_slipped_through_is_no_error() -> None:
    assert parsed("a.py", "x = '\udcff'\n").chunks

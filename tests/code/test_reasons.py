"""Comments that give a reason are found, and nothing else is."""

from __future__ import annotations

import pytest

from whykeeper_indexers.code import parse_code
from whykeeper_indexers.types import Chunk, Kind, Role, SourceText


def reasons(path: str, text: str) -> list[Chunk]:
    return [chunk for chunk in parse_code(SourceText(path, text, "0")).chunks if chunk.role is Role.REASON]


@pytest.mark.parametrize(
    "comment",
    [
        "WHY: the pool is never closed",
        "why not a set: order matters",
        "NOTE: keep the order",
        "NOTE(ada) keep the order",
        "Note that the caller holds the lock",
        "HACK around the driver",
        "DECISION: one owner",
        "XXX this is slow",
        "FIXME(#12): leaks",
        "TODO: drop this, we keep it because clients lag behind",
        "IMPORTANT: call it last",
        "WARNING: not thread safe",
        "INVARIANT: sorted",
        "SAFETY: the pointer outlives the call",
        "we can't use a pool because fork copies it",
        "workaround for a bug in 3.11",
        "deliberately not cached",
        "do not sort here, since callers rely on it",
        "must not be renamed, otherwise old clients break",
        "kept for backwards compatibility",
        "slower for security reasons",
    ],
)
def test_a_comment_that_gives_a_reason_is_found(comment: str) -> None:
    (found,) = reasons("a.go", f"package a\n\nfunc F() {{\n\t// {comment}\n\tgo()\n}}\n")
    assert found.kind is Kind.CODE
    assert comment in found.text
    assert found.title.startswith(comment[:20])


@pytest.mark.parametrize(
    "line",
    [
        "// increments the counter",
        "// TODO: more tests",
        "// levels are INFO, WARNING, ERROR",
        "// see issue XXX-123",
        "// a note is stored here",
        "// Copyright 2026, all rights reserved",
        'log("WARNING: disk is full because it is")',
        's := "// HACK: not a comment"',
        "because := notes",
    ],
)
def test_plain_comments_and_strings_give_no_reason(line: str) -> None:
    assert reasons("a.go", f"package a\n\nfunc F() {{\n\t{line}\n\tgo()\n}}\n") == []


def test_a_reason_knows_its_symbol_and_the_code_below() -> None:
    text = (
        "class Catalog:\n    def apply(self):\n        x = 1\n"
        "        # One writer only:\n        # two would deadlock, because SQLite locks.\n"
        "        with lock:\n            go()\n\n        return x\n"
    )
    (found,) = reasons("a.py", text)
    assert found.symbol == "Catalog.apply"
    assert found.breadcrumb == ("Catalog", "apply")
    assert found.lines == (4, 7)
    assert found.text.endswith("            go()")
    assert found.title == "two would deadlock, because SQLite locks."


def test_a_reason_stays_in_its_symbols_chunk_too() -> None:
    text = "def f():\n    # HACK: twice\n    go()\n"
    chunks = parse_code(SourceText("a.py", text, "0")).chunks
    assert [chunk.role for chunk in chunks] == [Role.SYMBOL, Role.REASON]
    assert "HACK: twice" in chunks[0].text


def test_a_comment_behind_code_is_a_reason_of_its_line() -> None:
    (found,) = reasons("a.go", "package a\n\nvar x = 1 // because zero means unset\nvar y = 2\n")
    assert found.text == "var x = 1 // because zero means unset"


def test_a_doc_comment_belongs_to_the_definition_below() -> None:
    (found,) = reasons(
        "A.java",
        "class A {\n"
        "  /**\n   * Copied, because callers change it.\n   */\n  int[] all() {\n    return x;\n  }\n}\n",
    )
    assert found.symbol == "A.all"


def test_of_a_long_comment_only_the_passage_with_the_reason_is_kept() -> None:
    filler = "// This paragraph tells what the thing does, at length.\n" * 20
    text = f"package a\n\n{filler}//\n// It is slow because it is safe.\n//\n{filler}func F() {{}}\n"
    (found,) = reasons("a.go", text)
    assert found.text == "// It is slow because it is safe."


@pytest.mark.parametrize(
    ("path", "comment"),
    [
        ("a.sql", "-- NOTE: nullable on purpose"),
        ("a.toml", "# pinned because 2.0 breaks"),
        ("a.css", "/* HACK: Safari */"),
    ],
)
def test_files_without_a_grammar_give_reasons_too(path: str, comment: str) -> None:
    (found,) = reasons(path, f"first\n{comment}\nsecond\n")
    assert found.text == f"{comment}\nsecond"
    assert found.symbol is None


def test_a_file_of_nothing_but_reasons_is_bounded() -> None:
    assert len(reasons("a.go", "package a\n" + "// because\n\nvar x = 1\n" * 2_000)) == 200

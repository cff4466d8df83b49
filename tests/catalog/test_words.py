from __future__ import annotations

import random
import sqlite3
import string
from typing import TYPE_CHECKING, Any

import pytest

from whykeeper_indexers.catalog import fts_query
from whykeeper_indexers.types import Chunk, FileStat, Kind, ParsedFile, Role

if TYPE_CHECKING:
    from tests.catalog.conftest import Bench


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("calls getUserName here", "getUserName"),
        ("calls getUserName here", "get user name of somebody"),
        ("calls get_user_name here", "get_user_name"),
        ("calls get_user_name here", "username or user name"),
        ("an HTTPServer2 starts", "httpserver2"),
        ("an HTTPServer2 starts", "http"),
        ("an HTTPServer2 starts", "server"),
        ("the http server", "HTTPServer"),
        ("indexes are rebuilt", "rebuilding an index"),
        ("the decisions were recorded", "recording a decision"),
        ("café at noon", "cafe"),
        ("設計の理由を記録する", "理由"),
        ("see pkg.module.Klass", "pkg.module.Klass"),
    ],
)
def test_words_are_found_in_every_form_they_are_asked_for(bench: Bench, text: str, query: str) -> None:
    bench.write("a.md", f"title\n\n{text}")
    bench.write("b.md", "something of another kind entirely")

    assert bench.found(query) == [text]


def test_a_quoted_phrase_keeps_its_word_order(bench: Bench) -> None:
    bench.write("a.md", "merge the conflict now")
    bench.write("b.md", "the merge conflict now")

    assert bench.found('"merge conflict"') == ["the merge conflict now"]


def test_a_quoted_phrase_that_is_nowhere_is_searched_by_its_words(bench: Bench) -> None:
    bench.write("a.md", "conflict first, merge later")

    assert bench.found('"merge conflict"') == ["conflict first, merge later"]


def test_stop_words_are_dropped_unless_nothing_is_left() -> None:
    assert fts_query("why is the daemon so slow") == '"daemon" OR "slow"'
    assert fts_query("how to do it") == '"how" OR "to" OR "do" OR "it"'


@pytest.mark.parametrize("text", ["", "   ", "—", '"', '""', "***", "\0"])
def test_a_question_without_words_is_no_expression(text: str) -> None:
    assert fts_query(text) == ""


HOSTILE = [
    'a" OR "b', "NEAR(a b, 2)", "title : x", "AND OR NOT", "col:^x*", "(unbalanced", "a - b + c",
    '"open phrase', "x\0y", "\ud800 half", "'; DROP TABLE chunks; --", "{a b}: c", "*", "a" * 100_000,
    "word " * 20_000, "a.b-c/" * 17_000, '"' * 100_000, "getUserName" * 9_000, "設" * 50_000,
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_no_question_is_a_syntax_error(bench: Bench, text: str) -> None:
    bench.write("a.md", "alpha or not near title")

    bench.catalog.search_words(bench.main, text)


def test_random_questions_are_valid_expressions() -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE t USING fts5(body)")
    pick = random.Random(7)
    for _ in range(2_000):
        text = "".join(pick.choices(string.printable + 'éß設"" \u0301\u200b', k=pick.randint(1, 40)))
        if expression := fts_query(text):
            connection.execute("SELECT count(*) FROM t WHERE t MATCH ?", (expression,)).fetchone()
    connection.close()


def test_a_title_and_a_definition_outrank_a_mention(bench: Bench) -> None:
    def chunk(title: str, text: str, **fields: Any) -> Chunk:
        return Chunk(Kind.CODE, Role.SYMBOL, title, text, path="a.py", **fields)

    chunks = (
        chunk("main", "calls settle and then some more words to settle the matter"),
        chunk("settle", "def it: pass, with as many words as the other one has", symbol="bank.settle"),
        chunk("other", "nothing here"),
    )
    parsed = ParsedFile("a.py", Kind.CODE, "a.py", chunks)
    bench.catalog.apply(bench.main, parsed=[(FileStat("a.py", 1, 1), "d", parsed, ())])

    assert [text.split()[0] for text in bench.found("settle")] == ["def", "calls"]


def test_a_changed_way_of_making_words_rebuilds_the_index_at_the_next_start(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.write("a.md", "alpha")
    bench.write("b.py", "beta", Kind.CODE)
    with sqlite3.connect(bench.folder / "catalog.sqlite3") as direct:
        direct.execute("UPDATE meta SET value = 'older' WHERE name = 'words_version'")
        direct.execute("INSERT INTO words_prose(words_prose) VALUES ('delete-all')")
    direct.close()
    assert bench.found("alpha") == []

    bench.reopen()

    assert sorted(bench.found("alpha beta")) == ["alpha", "beta"]

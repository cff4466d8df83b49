from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from whykeeper_indexers.catalog import postings, searching
from whykeeper_indexers.catalog.schema import row_range
from whykeeper_indexers.types import Chunk, FileStat, Kind, ParsedFile, Role

if TYPE_CHECKING:
    from tests.catalog.conftest import Bench


def test_every_kind_has_its_own_best_hits(bench: Bench) -> None:
    bench.write("adr/1.md", "storage decided", Kind.DECISION)
    for number in range(30):
        bench.write(f"docs/{number}.md", f"storage storage storage document {number}")

    hits = bench.catalog.search_words(bench.main, "storage", limit=5)

    assert sum(hit.kind is Kind.DOCUMENT for hit in hits) == 5
    assert sum(hit.kind is Kind.DECISION for hit in hits) == 1
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_kinds_leave_out_the_others(bench: Bench) -> None:
    bench.write("a.md", "storage in prose")
    bench.write("a.py", "storage in code", Kind.CODE)
    bench.write("adr/1.md", "storage decided", Kind.DECISION)

    assert bench.found("storage", kinds={Kind.CODE}) == ["storage in code"]
    assert bench.found("storage", kinds={Kind.DECISION}) == ["storage decided"]
    assert bench.found("storage", kinds=[]) == []


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (["docs"], {"docs/a.md", "docs/deep/b.md"}),
        (["docs/"], {"docs/a.md", "docs/deep/b.md"}),
        (["./docs/a.md"], {"docs/a.md"}),
        (["*.py"], {"src/c.py", "src/deep/d.py"}),
        (["src/*.py"], {"src/c.py"}),
        (["src/**/*.py"], {"src/c.py", "src/deep/d.py"}),
        (["**/deep/*"], {"docs/deep/b.md", "src/deep/d.py"}),
        (["doc"], set()),
        (["d[o]cs/a.md", "src/deep"], {"docs/a.md", "src/deep/d.py"}),
        ([""], {"docs/a.md", "docs/deep/b.md", "src/c.py", "src/deep/d.py"}),
        (["*" * 500 + "x"], set()),
    ],
)
def test_paths_narrow_to_files_folders_and_globs(bench: Bench, paths: list[str], expected: set[str]) -> None:
    for path in ("docs/a.md", "docs/deep/b.md"):
        bench.write(path, f"needle {path}")
    for path in ("src/c.py", "src/deep/d.py"):
        bench.write(path, f"needle {path}", Kind.CODE)

    assert {text.split()[1] for text in bench.found("needle", paths=paths)} == expected


def large_repository(bench: Bench, count: int = 4_000) -> None:
    """Documents that all share one word, share another in part, and have one of their own."""
    contents = []
    for number in range(count):
        words = f"issue common{number % 3} number{number} filler text to search in"
        contents.append(bench.content(f"docs/{number % 40}/{number}.md", words))
    bench.catalog.apply(bench.main, parsed=contents)


def test_rare_words_decide_and_frequent_words_break_ties(bench: Bench) -> None:
    large_repository(bench)
    both = "issue common1 number7"

    best = bench.found(f"why {both} issue", limit=3)

    assert best[0].split()[2] == "number7"
    assert bench.found("number4 number5 common2", limit=2)[0].split()[2] == "number5"


def test_a_search_within_a_folder_finds_frequent_words_there(bench: Bench) -> None:
    large_repository(bench)

    found = bench.found("issue number3 number4 number5", paths=["docs/39"], limit=10)

    assert len(found) == 10
    assert all(int(text.split()[2].removeprefix("number")) % 40 == 39 for text in found)


def test_frequent_words_alone_still_find_enough(bench: Bench) -> None:
    large_repository(bench)

    assert len(bench.found("issue common1 unheardof", limit=20)) == 20
    assert len(bench.found("issue number8", limit=20)) == 20


def test_forms_of_one_word_count_once(bench: Bench) -> None:
    bench.write("a.md", "validate it carefully")
    bench.write("b.md", "carefully nested thing")
    for number in range(30):
        bench.write(f"{number}.md", f"unrelated{number}")

    alone = bench.catalog.search_words(bench.main, "validate")
    both = bench.catalog.search_words(bench.main, "validate validated validates")

    assert [hit.score for hit in both] == pytest.approx([hit.score for hit in alone])


def test_a_word_is_found_as_soon_as_it_is_written(bench: Bench) -> None:
    bench.write("a.md", "alpha")
    assert bench.found("zygote") == []

    bench.write("b.md", "zygote")

    assert bench.found("zygote") == ["zygote"]


def test_another_worktrees_contents_do_not_crowd_out_ones_own(bench: Bench) -> None:
    feature = bench.catalog.checkout(Path("/srv/feature"))
    for number in range(120):
        bench.write(f"{number}.md", f"storage storage elsewhere {number}", checkout=feature)
    bench.write("mine.md", "a long text that mentions storage once among many other words")

    assert bench.found("storage", limit=5) == [
        "a long text that mentions storage once among many other words"
    ]


def test_symbols_are_found_by_any_qualified_form_of_their_name(bench: Bench) -> None:
    def symbol(name: str) -> Chunk:
        return Chunk(Kind.CODE, Role.SYMBOL, name, f"body of {name}", path="a.py", symbol=name)

    names = ("bank.Account.settle", "bank.settle", "Other::settle", "settlement")
    parsed = ParsedFile("a.py", Kind.CODE, "a.py", tuple(map(symbol, names)))
    bench.catalog.apply(bench.main, parsed=[(FileStat("a.py", 1, 1), "d", parsed, ())])

    def found(name: str) -> list[str]:
        rows = bench.catalog.symbols(bench.main, name)
        return [stored.chunk.symbol for stored in bench.catalog.chunks(bench.main, rows)]

    assert found("SETTLE") == ["bank.Account.settle", "bank.settle", "Other::settle"]
    assert found("Account.settle") == ["bank.Account.settle"]
    assert found("other#settle()") == ["Other::settle"]
    assert found("") == []
    bench.catalog.apply(bench.main, removed=["a.py"])
    assert found("settle") == []


def test_readers_see_whole_changes_while_a_writer_works(bench: Bench) -> None:
    """Every change replaces two files together: a reader must never see one of each."""
    bench.write("a.md", "round 0")
    done = threading.Event()
    wrong: list[list[str]] = []

    def read() -> None:
        while not done.is_set():
            with bench.catalog.snapshot():
                texts = bench.found("round")
            if len(set(texts)) > 1:
                wrong.append(texts)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for number in range(1, 40):
        both = [bench.content(path, f"round {number}") for path in ("a.md", "b.md")]
        bench.catalog.apply(bench.main, parsed=both)
    done.set()
    for reader in readers:
        reader.join(timeout=20)

    assert wrong == []
    assert bench.found("round") == ["round 39", "round 39"]


def test_a_frequent_word_counts_in_a_passage_that_came_after_it_was_first_asked_for(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "RANKED_PASSAGES", 20)
    for number in range(60):
        bench.write(f"docs/{number}.md", f"berth {number}" if number % 3 == 0 else f"quay {number}")
    bench.write("without.md", "quokka harbour")
    assert bench.found("quokka berth", limit=1) == ["quokka harbour"]
    bench.write("with.md", "quokka berth harbour")
    assert bench.found("quokka berth", limit=1)[0].startswith("quokka berth")
    bench.catalog.apply(bench.main, removed=["with.md"])
    bench.catalog.release()

    assert bench.found("quokka berth", limit=1) == ["quokka harbour"]


def test_a_word_that_every_passage_has_is_found_when_some_came_after_the_table_was_counted(
    bench: Bench,
) -> None:
    for number in range(20):
        bench.write(f"docs/{number}.md", f"alpha berth {number}")
    assert bench.found("quay") == []
    bench.write("late.md", "alpha late")

    assert "alpha late" in bench.found("alpha late")
    assert bench.found("alpha")


def test_what_is_remembered_of_words_is_bounded_and_what_was_not_asked_for_lately_goes_first(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(8):
        bench.write(f"{number}.md", f"alpha beta gamma {number}")
    first = row_range(Kind.DOCUMENT)[0]
    ends = {Kind.DOCUMENT: first + 100}
    known = postings.Postings().of("words_prose", 8, ends)
    monkeypatch.setattr(postings, "MOST_BYTES", known.places // 8 + 1)
    with closing(sqlite3.connect(bench.folder / "catalog.sqlite3")) as connection:
        for word in ("alpha", "beta", "gamma"):
            there = known.presence(connection, {word: 1.0}, ends, known.at(np.array([first, first + 99])))
            assert there.tolist() == [1.0, 0.0]

    assert [term for term, _ in known._known] == ["gamma"]


def test_passages_score_the_same_when_what_their_words_are_worth_is_remembered(bench: Bench) -> None:
    for number in range(40):
        bench.write(
            f"docs/{number}.md",
            f"alpha {'beta ' * (number % 5)} {'gamma' if number % 3 else 'delta'} {number}",
        )
    question = "alpha beta gamma delta 7"
    first = bench.catalog.search_words(bench.main, question)
    assert len(first) == 40
    assert bench.catalog.search_words(bench.main, question) == first
    bench.catalog.release()
    assert bench.catalog.search_words(bench.main, question) == first

"""Which code comes first: names of files, folders and symbols, and what files agree on."""

from __future__ import annotations

import pytest
from tests.search.test_ranking import candidate, order

from whykeeper_indexers.search.analysis import analyse
from whykeeper_indexers.search.candidates import Candidate
from whykeeper_indexers.search.names import akin, path_names, question, words_of
from whykeeper_indexers.search.ranking import rank
from whykeeper_indexers.types import Kind


def code(path: str, *, symbol: str | None = None, score: float = 1.0, rowid: int = 1) -> Candidate:
    return candidate(path, kind=Kind.CODE, symbol=symbol, score=score, rowid=rowid)


def test_the_file_whose_whole_name_is_asked_for_comes_before_one_that_shares_a_word() -> None:
    part = code("src/request_body_decoder.swift", score=1.1)
    whole = code("src/request.swift")

    assert order("how a request is represented", part, whole)[0] == "src/request.swift"


def test_a_file_that_stands_for_its_folder_has_the_folders_name() -> None:
    other = code("src/serve.rs", score=1.1)

    assert order("how routing works", other, code("src/routing/mod.rs"))[0] == "src/routing/mod.rs"


def test_a_folders_name_speaks_for_its_files() -> None:
    elsewhere = code("src/deep/gzip.go", score=1.1)

    assert order("compression middleware", elsewhere, code("src/middleware/gzip.go"))[0] == (
        "src/middleware/gzip.go"
    )


def test_a_folder_that_completes_a_files_name_says_more_than_either() -> None:
    whole, other = code("lib/session.ex", score=1.2), code("lib/store/cookie.ex", score=1.1)

    assert order("cookie of a session", other, whole, code("lib/session/cookie.ex"))[0] == (
        "lib/session/cookie.ex"
    )


def test_a_name_is_worth_less_in_a_question_of_many_words() -> None:
    def first(asked: str) -> str | None:
        return order(asked, code("src/store.py", score=2.0), code("src/state.py"))[0]

    assert first("plugin state") == "src/state.py"
    long = "which function writes everything known about plugins and their state back between two sessions"
    assert first(long) == "src/store.py"


def test_a_symbol_that_says_what_is_asked_comes_first() -> None:
    other = code("src/a.py", symbol="Lock.release_everything", score=1.1)

    assert order("release lock", other, code("src/b.py", symbol="Pool.release_lock"))[0] == "src/b.py"


@pytest.mark.parametrize("question_", ["Job", "what is a Job for", "`Job`", "kotlin.Job"])
def test_the_definition_of_a_spelled_name_comes_before_what_only_uses_it(question_: str) -> None:
    use = code("src/a.kt", symbol="JobSupport.start", score=1.5)

    assert order(question_, use, code("src/b.kt", symbol="Other, Job"))[0] == "src/b.kt"


def test_the_first_word_of_a_sentence_is_no_name() -> None:
    use = code("src/a.kt", symbol="start", score=1.5)

    assert order("Run it again", use, code("src/b.kt", symbol="Run"))[0] == "src/a.kt"


def test_source_comes_before_examples_unless_examples_are_asked_for() -> None:
    def both() -> list[Candidate]:
        return [code("examples/queue.py", score=1.3), code("src/queue.py")]

    assert order("queue", *both())[0] == "src/queue.py"
    assert order("an example of a queue", *both())[0] == "examples/queue.py"


def test_a_file_with_many_passages_comes_before_one_with_a_single_better_one() -> None:
    many = [code("src/a.py", rowid=n, score=1.0 - n / 100) for n in range(8)]

    assert order("something", code("src/b.py", rowid=99, score=1.5), *many)[0] == "src/a.py"


def test_names_say_which_code_comes_first_and_not_whether_code_does() -> None:
    document = candidate("docs/guide.md", score=1.3)
    named, other = code("src/state.py", rowid=1), code("src/store.py", rowid=2, score=1.1)
    analysis = analyse("plugin state")

    ranked = rank([document, other, named], analysis)

    assert [each.chunk.path for each in ranked] == ["docs/guide.md", "src/state.py", "src/store.py"]
    assert ranked[1].signals["file's name"] > 1


@pytest.mark.parametrize(
    ("one", "other", "related"),
    [
        ("auth", "authentication", True),
        ("validators", "validation", True),
        ("parse", "parsing", True),
        ("request", "response", False),
        ("to", "token", False),
        ("g", "g", True),
    ],
)
def test_words_are_compared_loosely(one: str, other: str, related: bool) -> None:
    assert akin(one, other) is akin(other, one) is related


def test_names_are_split_as_programmers_join_them() -> None:
    assert words_of("HTTPServer_v2maxSize") == ("http", "server", "max", "size")
    assert path_names("a/lock/Builders.common.kt").file == ("builders", "common")
    assert path_names("lib.rs").file == ("lib",)


def test_a_question_counts_each_of_its_words_once() -> None:
    asked = question("how does FromRequest handle from_request and requests")

    assert asked.words == ("request", "handle", "requests")
    assert asked.covered(("requests",)) == pytest.approx(2 / 3)
    assert asked.said(("request", "body")) == 0.5


def test_a_second_passage_of_a_file_comes_after_other_files() -> None:
    same = [code("src/a.py", rowid=n, score=1.0 - n / 100) for n in range(3)]

    assert order("something", *same, code("src/b.py", rowid=9, score=0.5))[:2] == ["src/a.py", "src/b.py"]


def test_a_second_passage_of_a_file_comes_before_files_that_hardly_match() -> None:
    same = [code("src/a.py", rowid=n, score=1.0 - n / 100) for n in range(3)]

    assert order("something", *same, code("src/b.py", rowid=9, score=0.1))[:2] == ["src/a.py", "src/a.py"]

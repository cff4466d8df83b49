"""What is put before what, and why."""

from __future__ import annotations

from dataclasses import replace

import pytest

from whykeeper_indexers.catalog import StoredChunk, StoredFile
from whykeeper_indexers.search.analysis import analyse
from whykeeper_indexers.search.candidates import Candidate
from whykeeper_indexers.search.fusion import fuse
from whykeeper_indexers.search.ranking import PER_FILE, collapse, prefer_agreement, rank
from whykeeper_indexers.types import Chunk, DecisionRecord, Kind, LineRange, Role


def candidate(
    path: str,
    text: str = "text",
    *,
    kind: Kind = Kind.DOCUMENT,
    status: str | None = None,
    symbol: str | None = None,
    score: float = 1.0,
    rowid: int = 1,
) -> Candidate:
    role = Role.SYMBOL if kind is Kind.CODE else Role.SECTION
    chunk = Chunk(
        kind, role, "title", f"{text} {path} " + "and so on " * 20, path, LineRange(1, 2), symbol=symbol
    )
    decision = DecisionRecord("madr-4", "ADR-1", "title", status=status) if status else None
    file = StoredFile(path, kind, "title", "digest", None, decision, None, None)
    return Candidate(StoredChunk(rowid, f"id{rowid}", chunk, "key", None, file, 0), score=score)


def order(question: str, *candidates: Candidate) -> list[str | None]:
    return [each.chunk.path for each in rank(candidates, analyse(question))]


def test_a_decision_in_force_comes_before_the_one_it_replaced() -> None:
    old = candidate("docs/adr/0001.md", kind=Kind.DECISION, status="superseded", score=1.05)
    new = candidate("docs/adr/0002.md", kind=Kind.DECISION, status="accepted")

    assert order("which queue", old, new) == ["docs/adr/0002.md", "docs/adr/0001.md"]


def test_source_comes_before_its_test_unless_tests_are_asked_for() -> None:
    test = candidate("tests/test_queue.py", kind=Kind.CODE, score=1.1)
    source = candidate("src/queue.py", kind=Kind.CODE)

    assert order("where is the queue", test, source)[0] == "src/queue.py"
    test.score, source.score = 1.1, 1.0
    assert order("where is the queue tested, in which tests", test, source)[0] == "tests/test_queue.py"


@pytest.mark.parametrize(
    ("sample", "kind"),
    [
        ("tests/fixtures/docs/adr/0001.md", Kind.DECISION),
        ("pkg/core/integration-tests/project/docs/adr/0001.md", Kind.DECISION),
        ("cmd/testdata/README.md", Kind.DOCUMENT),
        ("web/__tests__/page.md", Kind.DOCUMENT),
        ("tests/fixtures/AGENTS.md", Kind.CONVENTION),
    ],
)
def test_a_document_comes_before_what_tests_read_unless_tests_are_asked_for(sample: str, kind: Kind) -> None:
    read, real = candidate(sample, kind=kind, score=1.1), candidate("docs/page.md", kind=kind)

    assert order("which queue", read, real)[0] == "docs/page.md"
    read.score, real.score = 1.1, 1.0
    assert order("which queue do the fixtures use", read, real)[0] == sample


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("tests/README.md", Kind.DOCUMENT),
        ("tests/AGENTS.md", Kind.CONVENTION),
        ("docs/test-strategy.md", Kind.DOCUMENT),
        ("specs/001-queue/plan.md", Kind.DOCUMENT),
        ("docs/contests/rules.md", Kind.DOCUMENT),
    ],
)
def test_what_is_written_about_tests_is_a_document_like_others(path: str, kind: Kind) -> None:
    (alone,) = rank([candidate(path, kind=kind)], analyse("which queue"))

    assert "source before tests" not in alone.signals


@pytest.mark.parametrize(
    "copy", ["i18n/de/docs/guide.md", "docs/guide.de.md", "vendor/lib/guide.md", "README-fr.md"]
)
def test_an_original_comes_before_its_copies(copy: str) -> None:
    assert order("the guide", candidate(copy, score=1.1), candidate("docs/guide.md"))[0] == "docs/guide.md"


@pytest.mark.parametrize(
    "name", ["0001-one-daemon-and-pipes-to-it.md", "how-to-do-it.md", "what-we-use-es.rst"]
)
def test_a_name_that_only_ends_like_a_language_is_no_translation(name: str) -> None:
    (alone,) = rank([candidate(f"docs/{name}")], analyse("what"))

    assert "original before copy" not in alone.signals


def test_the_definition_of_a_name_in_the_question_comes_first() -> None:
    use = candidate("src/caller.py", kind=Kind.CODE, symbol="run", score=1.4)
    definition = candidate("src/stats.py", kind=Kind.CODE, symbol="Stats.open_session")

    assert order("what does open_session return", use, definition)[0] == "src/stats.py"


def test_chunks_of_one_file_that_agree_lift_it() -> None:
    several = [candidate("a.md", f"part {n}", rowid=n, score=1.0 - n / 100) for n in range(3)]
    single = candidate("b.md", rowid=9, score=1.05)

    assert order("question", single, *several)[0] == "a.md"


def test_an_answer_holds_a_few_results_of_one_file_and_no_passage_twice() -> None:
    same = [candidate("a.md", f"part {n}", rowid=n) for n in range(PER_FILE + 2)]
    twice = candidate("a.md", "part 0", rowid=50)
    other = candidate("b.md", rowid=99)

    kept = collapse([*same, twice, other], 10)

    assert [each.chunk.path for each in kept] == ["a.md"] * PER_FILE + ["b.md"]


def test_a_passage_is_not_given_again_as_a_part_of_another() -> None:
    whole = candidate("pay.go", "package pay // WHY: the bank wants cents")
    part = replace(
        whole.stored, chunk=replace(whole.chunk, text=whole.chunk.text.removeprefix("package pay "))
    )
    for first, second in ((whole, Candidate(part)), (Candidate(part), whole)):
        assert collapse([first, second, candidate("b.md")], 10)[0] is first
        assert len(collapse([first, second, candidate("b.md")], 10)) == 2


def test_a_candidate_both_retrievers_find_comes_before_one_of_them_alone() -> None:
    both, words, meaning = candidate("both.md"), candidate("words.md"), candidate("meaning.md")
    both.word_rank, both.meaning_rank = 3, 3
    words.word_rank, meaning.meaning_rank = 0, 0

    fuse([both, words, meaning])

    assert both.score > max(words.score, meaning.score)
    assert words.score == meaning.score


def test_the_only_passage_with_a_rare_word_comes_before_what_merely_resembles_the_question() -> None:
    only = candidate("tests/only.test.ts", kind=Kind.CODE)
    only.word_rank, only.word_strength = 0, 1.0
    near = [candidate(f"near{number}.md", rowid=number) for number in range(5)]
    for place, each in enumerate(near):
        each.meaning_rank = place

    fuse([only, *near])

    assert order("quokka012", only, *near)[0] == "tests/only.test.ts"


def test_what_a_record_says_comes_before_its_links() -> None:
    says = candidate("docs/adr/1.md", kind=Kind.DECISION, status="accepted", score=0.9)
    appended = replace(says.whole.chunk, title="Links", breadcrumb=("1. Use squid",))
    links = Candidate(replace(says.whole, chunk=appended), score=1.0)
    assert rank([links, says], analyse("why squid"))[0] is says


def test_the_only_decision_does_not_win_a_question_that_it_is_far_from() -> None:
    bread = candidate("docs/ovens.md")
    bread.meaning_rank, bread.nearness = 0, 1.0
    queue = candidate("docs/adr/0001.md", kind=Kind.DECISION, status="accepted")
    queue.meaning_rank, queue.nearness = 1, 0.2

    fuse([bread, queue])

    assert order("temperature for a sourdough loaf", queue, bread) == ["docs/ovens.md", "docs/adr/0001.md"]


def test_passages_that_resemble_nothing_of_the_question_are_ranked_last() -> None:
    nothing = [candidate("a.md", rowid=number) for number in range(2)]
    for each in nothing:
        each.meaning_rank, each.nearness = 1, 0.0
    some = candidate("b.md", rowid=9)
    some.word_rank = 5

    fuse([*nothing, some])

    assert order("zebra quantum", *nothing, some) == ["b.md", "a.md", "a.md"]


def test_every_factor_is_told_by_name() -> None:
    old = candidate("docs/adr/0001.md", kind=Kind.DECISION, status="deprecated")

    (ranked,) = rank([old], analyse("why"))

    assert ranked.signals["in force"] < 1
    assert ranked.signals["kind"] > 1


def test_what_says_each_word_of_the_question_comes_first() -> None:
    vague, exact, unseen = candidate("a.md", score=1.1), candidate("b.md"), candidate("c.md", score=0.5)

    ranked = prefer_agreement([vague, exact, unseen], [0.4, 0.8], analyse("why do we retry"))

    assert [each.chunk.path for each in ranked] == ["b.md", "a.md", "c.md"]
    assert "says the words" in exact.signals
    assert "says the words" not in vague.signals and "says the words" not in unseen.signals


def test_without_anything_to_compare_the_order_stays() -> None:
    ranked = [candidate("a.md", score=2.0), candidate("b.md")]

    assert prefer_agreement(ranked, [], analyse("why")) == ranked


LONG = "which function waits a while between two attempts to reach a broker whose connection was lost"


@pytest.mark.parametrize(("asked", "first"), [("retry queue", "named.py"), (LONG, "described.py")])
def test_code_is_told_by_names_where_a_question_names_it_and_by_words_where_it_describes_it(
    asked: str, first: str
) -> None:
    named = candidate("named.py", kind=Kind.CODE, score=1.1)
    described, prose = candidate("described.py", kind=Kind.CODE), candidate("guide.md", score=1.2)

    ranked = prefer_agreement([prose, named, described], [0.4, 0.4, 0.8], analyse(asked))

    assert ranked[0].chunk.path == first
    assert ranked[0].score > prose.score


def test_of_several_versions_of_a_document_the_best_is_shown() -> None:
    text = "Set the limit in the settings, and start the server again. " * 3
    ours = candidate("docs/limits.md", text)
    older, other = candidate("site/v1/limits.md", text), candidate("docs/other.md", "Something else. " * 40)

    assert [each.chunk.path for each in collapse([ours, older, other], 10)] == [
        "docs/limits.md",
        "docs/other.md",
    ]

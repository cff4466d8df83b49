"""Reading a question, judging an answer, and fitting it into its budget."""

from __future__ import annotations

import time

import pytest

from whykeeper_indexers.catalog import StoredChunk
from whykeeper_indexers.search.analysis import analyse
from whykeeper_indexers.search.budget import fit
from whykeeper_indexers.search.candidates import Candidate
from whykeeper_indexers.search.confidence import is_confident
from whykeeper_indexers.types import Chunk, Kind, LineRange, Role


class WordCounter:
    """Counts words where the product counts the model's tokens."""

    def count_tokens(self, text: str) -> int:
        return len(text.split())

    def trim_to_tokens(self, text: str, budget: int) -> str:
        return " ".join(text.split()[:budget])


def passage(text: str, *, similarity: float | None = None, kind: Kind = Kind.DOCUMENT) -> Candidate:
    chunk = Chunk(kind, Role.SECTION, "Title", text, "a.md", LineRange(1, 2))
    return Candidate(StoredChunk(1, "id", chunk, "key", None, None, 0), similarity=similarity, score=1.0)


@pytest.mark.parametrize(
    ("question", "identifiers", "paths"),
    [
        ("what does parse_file return", ("parse_file",), ()),
        ("where is CatalogReader used", ("CatalogReader",), ()),
        ("is Catalog.apply atomic", ("Catalog.apply",), ()),
        ("why does src/app/main.py exist", (), ("src/app/main.py",)),
        ("why does ./src/app/main.py exist", (), ("src/app/main.py",)),
        ("is config.toml read twice", (), ("config.toml",)),
        ("why is it so", (), ()),
    ],
)
def test_names_and_paths_are_told_from_prose(
    question: str, identifiers: tuple[str, ...], paths: tuple[str, ...]
) -> None:
    analysis = analyse(question)

    assert (analysis.identifiers, analysis.paths) == (identifiers, paths)


@pytest.mark.parametrize(
    ("question", "folders", "only"),
    [
        ("src/app", ("src/app",), True),
        ("src/", ("src",), True),
        ("what is in src/app/ and in docs/?", ("src/app", "docs"), True),
        ("why is src/app a package", ("src/app",), False),
        ("why is it so", (), False),
    ],
)
def test_a_folder_alone_is_told_from_one_in_a_question(
    question: str, folders: tuple[str, ...], only: bool
) -> None:
    analysis = analyse(question)

    assert (analysis.folders, analysis.only_paths) == (folders, only)


def test_why_asks_for_decisions_and_where_for_code() -> None:
    why, where = analyse("why do we retry").priors, analyse("where is the function that retries").priors

    assert why[Kind.DECISION] / why[Kind.CODE] > where[Kind.DECISION] / where[Kind.CODE]


@pytest.mark.parametrize(
    "question",
    [
        "where is the queue drained?",
        "which class do I extend for a new exporter",
        "existing helper for temporary folders",
        "function turning a date into a week number",
    ],
)
def test_asking_for_a_place_prefers_code(question: str) -> None:
    priors = analyse(question).priors

    assert priors[Kind.CODE] > max(priors[kind] for kind in Kind if kind is not Kind.CODE)


@pytest.mark.parametrize(
    "question",
    [
        "where do I put a new test?",
        "must a pull request have a changelog entry?",
        "is the old cache still in use?",
        "was a second queue considered?",
        "adding a component that takes children",
    ],
)
def test_asking_for_a_rule_a_reason_or_what_holds_prefers_prose_to_code(question: str) -> None:
    priors = analyse(question).priors

    assert priors[Kind.CODE] < min(priors[Kind.DECISION], priors[Kind.CONVENTION], priors[Kind.DOCUMENT])


def test_a_question_about_the_past_asks_for_commits() -> None:
    past, present = analyse("when did we remove the cache").priors, analyse("the cache").priors

    assert past[Kind.COMMIT] > present[Kind.COMMIT]


def test_a_question_as_long_as_a_book_is_read_in_bounded_time() -> None:
    assert len(analyse("why " * 100_000).text) <= 4_000


def judged(found: list[Candidate], terms: list[str], question: str = "why do we retry") -> bool:
    return is_confident(found, terms, analyse(question), [Kind.DOCUMENT])


def test_nothing_found_is_not_confident() -> None:
    assert not judged([], ["retry"])


def test_a_near_passage_is_confident_and_a_far_one_is_not() -> None:
    assert judged([passage("we retry", similarity=0.8)], ["retry"])
    assert not judged([passage("we retry", similarity=0.05)], ["retry"])


def test_words_make_up_for_distance() -> None:
    vague, exact = passage("we retry", similarity=0.3), passage("we retry", similarity=0.3)
    exact.word_strength = 0.9

    assert not judged([vague], ["retry"])
    assert judged([exact], ["retry"])


def test_a_passage_that_is_the_nearest_of_many_must_be_nearer_than_one_of_few() -> None:
    near, asked = passage("we retry", similarity=0.4), analyse("why do we retry")

    assert is_confident([near], ["retry"], asked, [Kind.DOCUMENT], compared=500)
    assert not is_confident([near], ["retry"], asked, [Kind.DOCUMENT], compared=100_000)


@pytest.mark.parametrize(
    "question",
    [
        "is there a decision on {}?",
        "is there an ADR about {}",
        "any decision about {}?",
        "do we have a decision record about {}",
        "what does our ADR on {} say",
        "did we decide anything about {}",
        "was {} considered?",
    ],
)
def test_whether_anything_is_recorded_is_answered_with_yes_when_a_passage_says_the_topic(
    question: str,
) -> None:
    aside = passage("a queue holds what is sent twice", similarity=0.6)
    there = passage("of sagas and an outbox we chose the outbox", similarity=0.6)
    aside.word_strength = there.word_strength = 0.3

    assert judged([aside], ["outbox"], "why do we need an outbox")
    assert not judged([aside], ["outbox"], question.format("an outbox"))
    assert judged([there], ["outbox"], question.format("an outbox"))


def test_code_that_says_the_topic_records_no_decision() -> None:
    code = passage("class Outbox: ...", similarity=0.6, kind=Kind.CODE)
    code.word_strength = 0.3

    assert not judged([code], ["outbox"], "is there a decision on an outbox?")


def test_a_name_that_nothing_found_mentions_takes_more_to_be_answered_with_yes() -> None:
    near = passage("we retry every call of the broker", similarity=0.6)

    assert not judged([near], ["retry", "graphql"], "why do we retry GraphQL calls")
    assert judged(
        [near, passage("GraphQL", similarity=0.4)], ["retry", "graphql"], "why do we retry GraphQL calls"
    )
    assert judged([near], ["retry", "graphql"], "why do we retry graphql calls")


def test_a_short_name_is_no_part_of_another_word_and_an_acronym_may_be() -> None:
    near = passage("we retry every category of calls with the clients of our apis", similarity=0.6)

    assert not judged([near], ["retry"], "why do we retry in Go")
    assert judged([near], ["retry"], "why do we retry API calls")


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("Why is Linux slower? Because of gRPC", ("Linux", "gRPC")),
        ("the HTTP client: Retries and timeouts", ("HTTP",)),
        ("does retryQueue use a Redis-backed store", ("retryQueue", "Redis")),
        ("why do we retry", ()),
    ],
)
def test_names_are_told_by_their_capitals(question: str, names: tuple[str, ...]) -> None:
    assert analyse(question).names == names


def test_how_near_the_static_model_finds_a_passage_does_not_count() -> None:
    assert not is_confident([passage("we retry", similarity=0.8)], ["retry"], analyse("why retry"), [])


def test_a_passage_that_has_no_word_of_the_question_must_be_nearer() -> None:
    assert not judged([passage("x", similarity=0.5)], ["asdfqwer", "zxcv"])
    assert judged([passage("x zxcv", similarity=0.5)], ["asdfqwer", "zxcv"])


def test_without_meaning_the_words_decide() -> None:
    assert judged([passage("we retry three times")], ["retry", "times"])
    assert not judged([passage("something else")], ["retry", "times"])


def test_an_answer_fits_its_budget_and_says_what_was_cut() -> None:
    long = " ".join(["word"] * 500)

    results, tokens = fit([passage(long) for _ in range(5)], 300, WordCounter())

    assert tokens <= 300
    assert results[0].truncated
    assert results[0].text


def test_the_best_result_is_there_however_small_the_budget() -> None:
    results, _ = fit([passage("some words here"), passage("others")], 1, WordCounter())

    assert len(results) == 1


def test_a_short_answer_is_not_cut() -> None:
    results, tokens = fit([passage("three words here")], 500, WordCounter())

    assert results[0].text == "three words here"
    assert not results[0].truncated
    above, around = "1. a.md:1-2 [document] Title (id id)", "``` […] ```"
    assert tokens == 3 + len(f"{above} {around}".split())


def test_further_down_a_second_passage_of_a_file_is_told_by_its_heading() -> None:
    several = [passage(f"passage {number} says more") for number in range(5)]

    results, _ = fit(several, 5_000, WordCounter())

    assert [bool(result.text) for result in results] == [True, True, True, False, False]
    assert results[3].title == "Title" and results[3].item_id and results[3].truncated


def test_words_without_an_end_are_read_for_lines_in_bounded_time() -> None:
    started = time.process_time()
    analyse("a/" * 2_000)
    analyse("a:1-" * 1_000)

    assert time.process_time() - started < 0.5

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from whykeeper_indexers.types import Kind

if TYPE_CHECKING:
    from tests.catalog.conftest import Bench

DOCUMENT = Kind.DOCUMENT


def waiting(bench: Bench, kind: Kind = DOCUMENT, limit: int = 100) -> list[str]:
    return [each.chunk.text for each in bench.catalog.unencoded(kind, limit)]


def counted(bench: Bench, checkout: int | None = None) -> tuple[int, int]:
    numbers = bench.catalog.statistics(bench.main if checkout is None else checkout)
    return numbers.encoded[DOCUMENT], numbers.waiting[DOCUMENT]


def encode_all(bench: Bench, kind: Kind = DOCUMENT) -> list[str]:
    keys = [each.vector_key for each in bench.catalog.unencoded(kind, 1_000)]
    bench.catalog.mark_encoded(kind, keys)
    return keys


def test_new_chunks_wait_for_their_vector_the_newest_first(bench: Bench) -> None:
    bench.write("a.md", "alpha")
    bench.write("b.md", "beta")
    bench.write("c.py", "gamma", Kind.CODE)

    assert waiting(bench) == ["beta", "alpha"]
    assert waiting(bench, limit=1) == ["beta"]
    assert waiting(bench, Kind.CODE) == ["gamma"]


def test_encoded_chunks_wait_no_more_and_the_state_survives_a_restart(bench: Bench) -> None:
    bench.write("a.md", "alpha\n\nbeta")
    first = bench.catalog.unencoded(DOCUMENT, 1)
    bench.catalog.mark_encoded(DOCUMENT, [first[0].vector_key])

    bench.reopen()

    assert waiting(bench) == ["alpha"]
    assert bench.catalog.encoded_keys(DOCUMENT) == {first[0].vector_key}
    numbers = bench.catalog.statistics(bench.main)
    assert (numbers.encoded[DOCUMENT], numbers.waiting[DOCUMENT]) == (1, 1)


def test_vectors_are_counted_as_long_as_a_live_passage_needs_them(bench: Bench) -> None:
    feature = bench.catalog.checkout(Path("/srv/feature"))
    bench.write("a.md", "alpha\n\nbeta")
    bench.write("copy.md", "alpha")
    bench.write("b.md", "gamma", checkout=feature)
    encode_all(bench)
    bench.write("c.md", "delta")
    assert counted(bench) == (2, 1)
    assert counted(bench, feature) == (1, 0)
    assert bench.catalog.encoding_progress() == (3, 4)

    bench.catalog.apply(bench.main, removed=["a.md", "copy.md", "c.md"])

    assert counted(bench) == (0, 0)
    assert bench.catalog.encoding_progress() == (1, 1)


def test_only_the_present_models_vectors_are_counted(bench: Bench) -> None:
    bench.catalog.rekey(DOCUMENT, "minilm")
    bench.write("a.md", "alpha\n\nbeta")
    encode_all(bench)
    bench.fingerprint = "better"
    bench.catalog.rekey(DOCUMENT, "better")
    assert counted(bench) == (0, 2)
    assert bench.catalog.encoding_progress() == (0, 2)

    encode_all(bench)

    assert counted(bench) == (2, 0)
    assert bench.catalog.encoding_progress() == (2, 2)


def test_equal_texts_share_one_vector(bench: Bench) -> None:
    bench.write("a.md", "alpha")
    bench.write("copy.md", "alpha")

    (each,) = bench.catalog.unencoded(DOCUMENT, 10)
    bench.catalog.mark_encoded(DOCUMENT, [each.vector_key])

    assert waiting(bench) == []
    assert len(bench.catalog.live(bench.main, [each.vector_key])[each.vector_key]) == 2


def test_a_chunk_tells_its_vector_and_whether_that_is_still_to_be_made(bench: Bench) -> None:
    bench.write("a.md", "alpha")
    (each,) = bench.catalog.unencoded(DOCUMENT, 10)
    assert bench.catalog.vectors_of(bench.main, [each.rowid]) == {each.rowid: (each.vector_key, True)}

    bench.catalog.mark_encoded(DOCUMENT, [each.vector_key])

    assert bench.catalog.vectors_of(bench.main, [each.rowid]) == {each.rowid: (each.vector_key, False)}


def test_a_rename_needs_no_new_vector(bench: Bench) -> None:
    bench.write("a.md", "alpha")
    encode_all(bench)

    bench.catalog.apply(bench.main, parsed=[bench.content("b.md", "alpha")], removed=["a.md"])

    assert waiting(bench) == []


def test_vectors_are_live_where_their_chunks_are(bench: Bench) -> None:
    feature = bench.catalog.checkout(Path("/srv/feature"))
    bench.write("a.md", "alpha")
    bench.write("b.md", "beta", checkout=feature)
    alpha, beta = encode_all(bench)[::-1]

    assert list(bench.catalog.live(bench.main, [alpha, beta, "unknown"])) == [alpha]
    assert list(bench.catalog.live(feature, [alpha, beta], DOCUMENT)) == [beta]
    assert bench.catalog.live(feature, [alpha, beta], Kind.CODE) == {}


def test_what_no_checkout_holds_is_not_encoded(bench: Bench) -> None:
    bench.write("a.md", "alpha")
    bench.write("a.md", "beta")

    assert waiting(bench) == ["beta"]


def test_vectors_a_store_has_lost_are_due_again(bench: Bench) -> None:
    bench.write("a.md", "alpha\n\nbeta")
    lost, _ = encode_all(bench)

    bench.catalog.forget_encoded(DOCUMENT, [lost])
    assert len(waiting(bench)) == 1
    bench.catalog.forget_encoded(DOCUMENT)
    assert len(waiting(bench)) == 2


def test_vectors_nobody_needs_are_listed_until_they_are_forgotten(bench: Bench) -> None:
    bench.write("a.md", "alpha")
    (alpha,) = encode_all(bench)
    bench.write("a.md", "beta")
    assert bench.catalog.unreferenced_vector_keys(DOCUMENT) == []

    bench.catalog.sweep(0)
    assert bench.catalog.unreferenced_vector_keys(DOCUMENT) == [alpha]
    bench.catalog.forget_encoded(DOCUMENT, [alpha])

    assert bench.catalog.unreferenced_vector_keys(DOCUMENT) == []
    assert bench.catalog.encoded_keys(DOCUMENT) == set()


def test_a_vector_wanted_again_while_it_was_taken_out_is_due_again(bench: Bench) -> None:
    bench.write("a.md", "alpha")
    (alpha,) = encode_all(bench)
    bench.catalog.apply(bench.main, removed=["a.md"])
    bench.catalog.sweep(0)
    assert bench.catalog.unreferenced_vector_keys(DOCUMENT) == [alpha]

    bench.write("b.md", "alpha")
    bench.catalog.forget_encoded(DOCUMENT, [alpha])

    assert waiting(bench) == ["alpha"]


def test_a_new_model_is_encoded_anew_while_the_old_vectors_keep_answering(bench: Bench) -> None:
    bench.catalog.rekey(DOCUMENT, "minilm")
    bench.write("a.md", "alpha\n\nbeta")
    beta_old, alpha_old = encode_all(bench)
    bench.write("new.md", "gamma")

    bench.fingerprint = "better"
    bench.reopen()
    assert bench.catalog.rekey(DOCUMENT, "better")

    assert bench.catalog.fingerprint(DOCUMENT) == "better"
    assert sorted(waiting(bench)) == ["alpha", "beta", "gamma"]
    previous = bench.catalog.previous_keys(DOCUMENT, 10)
    assert list(previous.values()) == [alpha_old, beta_old]
    assert set(bench.catalog.live(bench.main, list(previous))) == set(previous)
    assert list(bench.catalog.previous_keys(DOCUMENT, 1).values()) == [alpha_old]
    encode_all(bench)
    # The earlier model goes on answering until all is read, and is asked for all of it.
    assert bench.catalog.previous_keys(DOCUMENT, 10) == previous
    bench.catalog.forget_previous(DOCUMENT)
    assert bench.catalog.previous_keys(DOCUMENT, 10) == {}
    assert {alpha_old, beta_old} <= set(bench.catalog.unreferenced_vector_keys(DOCUMENT))


def test_going_back_to_a_model_whose_vectors_are_there_encodes_nothing(bench: Bench) -> None:
    bench.catalog.rekey(DOCUMENT, "minilm")
    bench.write("a.md", "alpha")
    (old,) = encode_all(bench)
    bench.fingerprint = "better"
    bench.catalog.rekey(DOCUMENT, "better")

    bench.fingerprint = "minilm"
    bench.catalog.rekey(DOCUMENT, "minilm")

    assert waiting(bench) == []
    (stored,) = bench.catalog.file_chunks(bench.main, "a.md")
    assert (stored.vector_key, stored.previous_key) == (old, None)


def test_an_interrupted_change_of_model_is_picked_up(bench: Bench) -> None:
    bench.catalog.rekey(DOCUMENT, "minilm")
    text = "\n\n".join(f"passage{number}" for number in range(2_500))
    bench.write("a.md", text)
    encode_all(bench)
    bench.catalog.mark_encoded(
        DOCUMENT, [each.vector_key for each in bench.catalog.unencoded(DOCUMENT, 5_000)]
    )
    bench.fingerprint = "better"
    bench.reopen()

    asked = iter([False, True])
    assert not bench.catalog.rekey(DOCUMENT, "better", should_stop=lambda: next(asked))
    assert len(bench.catalog.unencoded(DOCUMENT, 5_000)) == 1_000
    assert bench.catalog.rekey(DOCUMENT, "better")

    assert len(bench.catalog.unencoded(DOCUMENT, 5_000)) == 2_500
    stored = bench.catalog.file_chunks(bench.main, "a.md")
    assert {each.vector_key.partition(":")[0] for each in stored} == {"better"}
    assert {(each.previous_key or "").partition(":")[0] for each in stored} == {"minilm"}

"""What is searched in memory stays true to what is stored."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from whykeeper_indexers.types import Kind
from whykeeper_indexers.vectors import Space, VectorStore, vector_key
from whykeeper_indexers.vectors import store as store_module

NOTES = Space(Kind.DOCUMENT, "0123456789abcdef")


def some(n: int, seed: int = 0) -> tuple[list[str], NDArray[np.float32]]:
    vectors = np.random.default_rng(seed).normal(size=(n, 24)).astype(np.float32)
    return [vector_key("model", f"{seed} {i}") for i in range(n)], vectors


def first(store: VectorStore, vector: NDArray[np.float32]) -> str:
    return store.query(NOTES, vector, 1)[0][0]


def test_what_is_stored_after_a_question_is_found_by_the_next(store: VectorStore) -> None:
    keys, vectors = some(400)
    assert store.query(NOTES, vectors[0], 1) == []
    store.add(NOTES, keys[:10], vectors[:10])
    assert first(store, vectors[7]) == keys[7]
    store.add(NOTES, keys[10:], vectors[10:])

    assert [first(store, vector) for vector in vectors] == keys


def test_what_is_removed_is_not_found_any_more_and_the_rest_is(store: VectorStore) -> None:
    keys, vectors = some(50)
    store.add(NOTES, keys, vectors)
    assert first(store, vectors[3]) == keys[3]
    store.remove(NOTES, keys[::2])

    assert {key for key, _ in store.query(NOTES, vectors[3], 50)} == set(keys[1::2])
    assert [first(store, vector) for vector in vectors[1::2]] == keys[1::2]


def test_a_vector_that_replaces_another_is_compared_in_its_place(store: VectorStore) -> None:
    keys, vectors = some(20)
    store.add(NOTES, keys, vectors)
    assert first(store, vectors[3]) == keys[3]
    store.add(NOTES, [keys[3]], -vectors[3].reshape(1, -1))

    assert store.query(NOTES, -vectors[3], 1)[0] == (keys[3], pytest.approx(1, abs=1e-4))
    assert len(store.query(NOTES, vectors[0], 50)) == 20


def test_a_space_that_is_dropped_answers_nothing(store: VectorStore) -> None:
    keys, vectors = some(20)
    store.add(NOTES, keys, vectors)
    assert first(store, vectors[3]) == keys[3]
    store.drop(NOTES)

    assert store.query(NOTES, vectors[3], 5) == []


def test_more_than_fits_into_memory_is_found_all_the_same(
    store: VectorStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys, vectors = some(300)
    store.add(NOTES, keys[:100], vectors[:100])
    exact = store.query(NOTES, vectors[5], 10)
    monkeypatch.setattr(store_module, "_EXACT_UP_TO", 50)

    assert [key for key, _ in store.query(NOTES, vectors[5], 10)] == [key for key, _ in exact]
    store.add(NOTES, keys[100:], vectors[100:])
    assert first(store, vectors[250]) == keys[250]


def test_warming_reads_what_there_is(store: VectorStore) -> None:
    keys, vectors = some(30)
    store.use(Kind.DOCUMENT, NOTES.fingerprint)
    store.add(NOTES, keys, vectors)
    store.warm()

    assert first(store, vectors[9]) == keys[9]


@pytest.mark.parametrize("in_memory", [True, False])
def test_what_is_near_to_any_of_several_is_found_once_each_with_its_greatest_cosine(
    store: VectorStore, monkeypatch: pytest.MonkeyPatch, in_memory: bool
) -> None:
    if not in_memory:
        monkeypatch.setattr(store_module, "_EXACT_UP_TO", 10)
    keys, vectors = some(200)
    store.add(NOTES, keys, vectors)

    found = store.query(NOTES, vectors[[5, 9]], 20)

    assert dict(found[:2]) == {keys[5]: pytest.approx(1, abs=1e-4), keys[9]: pytest.approx(1, abs=1e-4)}
    assert len({key for key, _ in found}) == len(found) == 20
    assert [cosine for _, cosine in found] == sorted((cosine for _, cosine in found), reverse=True)


@pytest.mark.parametrize("in_memory", [True, False])
def test_stored_vectors_are_given_back_as_far_as_they_are_there(store: VectorStore, in_memory: bool) -> None:
    keys, vectors = some(20)
    assert store.directions(NOTES, keys) is None
    store.add(NOTES, keys, vectors)
    if in_memory:
        store.query(NOTES, vectors[0], 1)

    found = store.directions(NOTES, [keys[4], "gone"])

    assert found is not None
    (direction,) = found
    cosine = direction @ vectors[4] / np.linalg.norm(direction) / np.linalg.norm(vectors[4])
    assert cosine == pytest.approx(1, abs=1e-4)

"""Vectors that stand in for others, in memory."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from whykeeper_indexers.types import Kind
from whykeeper_indexers.vectors import ProvisionalVectors


def unit(*values: float) -> NDArray[np.float32]:
    vector = np.array(values, dtype=np.float32)
    return vector / np.linalg.norm(vector)


EAST, NORTH, NORTH_EAST = unit(1, 0), unit(0, 1), unit(1, 1)


@pytest.fixture
def vectors() -> ProvisionalVectors:
    held = ProvisionalVectors()
    held.add(Kind.DOCUMENT, ["east", "north"], np.stack([EAST, NORTH]))
    return held


def keys(found: Sequence[tuple[str, float]]) -> list[str]:
    return [key for key, _ in found]


def test_the_nearest_stand_first_with_their_cosine(vectors: ProvisionalVectors) -> None:
    found = vectors.query(Kind.DOCUMENT, unit(2, 1), 5)

    assert keys(found) == ["east", "north"]
    assert [round(similarity, 3) for _, similarity in found] == [0.894, 0.447]


def test_no_more_are_given_than_asked_for(vectors: ProvisionalVectors) -> None:
    assert keys(vectors.query(Kind.DOCUMENT, EAST, 1)) == ["east"]


def test_kinds_keep_apart(vectors: ProvisionalVectors) -> None:
    assert vectors.query(Kind.DECISION, EAST, 5) == []
    assert vectors.counts() == {Kind.DOCUMENT: 2}


def test_one_that_was_let_go_makes_room_for_the_next(vectors: ProvisionalVectors) -> None:
    vectors.discard(Kind.DOCUMENT, ["east", "never there"])

    assert keys(vectors.query(Kind.DOCUMENT, EAST, 1)) == ["north"]
    assert vectors.held(Kind.DOCUMENT, ["east", "north"]) == {"north"}


def test_more_can_come_after_some_have_gone(vectors: ProvisionalVectors) -> None:
    vectors.discard(Kind.DOCUMENT, ["east"])
    vectors.add(Kind.DOCUMENT, ["both"], NORTH_EAST.reshape(1, -1))

    assert keys(vectors.query(Kind.DOCUMENT, EAST, 5)) == ["both", "north"]


def test_nothing_is_left_when_the_last_has_gone(vectors: ProvisionalVectors) -> None:
    vectors.discard(Kind.DOCUMENT, ["east", "north"])

    assert vectors.counts() == {}
    assert vectors.query(Kind.DOCUMENT, EAST, 5) == []

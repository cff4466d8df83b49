"""The metrics that the evaluation sets define."""

from math import log2

import pytest
from benchmarks.retrieval.metrics import ndcg, recall, strict_ndcg


def test_the_ideal_order_scores_one() -> None:
    assert ndcg(["b", "a", "x"], {"b": 2, "a": 1}) == pytest.approx(1.0)


def test_a_better_grade_below_a_worse_one_costs() -> None:
    assert ndcg(["a", "b"], {"b": 2, "a": 1}) == pytest.approx((1 + 3 / log2(3)) / (3 + 1 / log2(3)))


def test_recall_counts_the_first_five_alone() -> None:
    assert recall(["1", "2", "3", "4", "5", "a"], {"a": 2, "1": 1}) == 0.5


def test_repeated_chunks_of_one_file_waste_ranks() -> None:
    chunks = [("a", 1, 9), ("a", 10, 19), ("b", 1, 9)]
    assert strict_ndcg(chunks, [("b", None)]) == pytest.approx(0.5)


def test_a_chunk_must_touch_the_lines_that_are_named() -> None:
    assert strict_ndcg([("a", 1, 9), ("a", 10, 19)], [("a", (12, 14))]) == pytest.approx(0.6309, abs=1e-4)

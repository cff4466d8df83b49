"""Tokens that it takes to have seen what was asked for."""

from benchmarks.retrieval.tokens import Curve, curve, mean_recall, tokens_interval, tokens_to_reach
from benchmarks.retrieval.units import Target, Unit

FIRST = Unit("a.py", 1, 10, "first")
SECOND = Unit("b.py", 1, 10, "second")
AGAIN = Unit("b.py", 30, 40, "again")
NAMED = Unit("b.py", 50, 60, "")


def test_a_target_costs_everything_read_before_it_too() -> None:
    found = curve([FIRST, SECOND], [100, 50], [("b.py", None)])
    assert found == Curve(1, (150,))


def test_a_file_is_covered_by_the_result_that_touches_its_lines() -> None:
    found = curve([SECOND, AGAIN], [10, 20], [("b.py", (35, 50))])
    assert found == Curve(1, (30,))


def test_a_second_result_of_a_file_covers_nothing_new() -> None:
    targets: list[Target] = [("b.py", None), ("c.py", None)]
    assert curve([SECOND, AGAIN], [10, 20], targets) == Curve(2, (10,))


def test_a_result_without_a_text_covers_nothing() -> None:
    assert curve([NAMED, SECOND], [0, 10], [("b.py", None)]) == Curve(1, (10,))


def test_a_result_that_goes_past_the_budget_is_not_counted() -> None:
    curves = [Curve(2, (100, 300)), Curve(1, (200,))]
    assert mean_recall(curves, 199) == 0.25
    assert mean_recall(curves, 200) == 0.75


def test_the_smallest_budget_that_reaches_a_recall_is_given() -> None:
    curves = [Curve(2, (100, 300)), Curve(1, (200,))]
    assert tokens_to_reach(curves, 0.75) == 200
    assert tokens_to_reach(curves, 0.76) == 300


def test_a_recall_that_everything_returned_does_not_reach_has_no_budget() -> None:
    curves = [Curve(2, (100,)), Curve(1, (200,))]
    assert tokens_to_reach(curves, 0.9) is None
    assert tokens_interval(curves, 0.9) != (100.0, 200.0)


def test_the_interval_holds_the_figure() -> None:
    curves = [Curve(1, (tokens,)) for tokens in range(1, 101)]
    low, high = tokens_interval(curves, 0.9)
    assert low <= (tokens_to_reach(curves, 0.9) or 0) <= high
    assert low < high

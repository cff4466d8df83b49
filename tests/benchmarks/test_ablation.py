"""Parts of the ranking, switched off one at a time."""

from __future__ import annotations

from contextlib import ExitStack

import pytest
from benchmarks.retrieval.ablation import REGISTRIES, WHOLE, table, variants
from benchmarks.retrieval.rows import Score
from benchmarks.sandbox import BenchmarkError

from whykeeper_indexers.search import fusion


def test_every_registered_feature_is_switched_off_in_a_variant_of_its_own() -> None:
    assert len({name for registry in REGISTRIES for name in registry}) == sum(map(len, REGISTRIES))
    for registry in REGISTRIES:
        before = dict(registry)
        for name in before:
            with ExitStack() as stack:
                variants()[f"without “{name}”"](stack)
                assert [each for each in before if registry[each] is not before[each]] == [name]
        assert before == registry


def test_a_constant_comes_back_after_its_variant() -> None:
    before = fusion.STRENGTH_WEIGHT
    with ExitStack() as stack:
        variants()["without strength of words"](stack)
        assert fusion.STRENGTH_WEIGHT == 0
    assert before == fusion.STRENGTH_WEIGHT


def test_a_constant_that_is_gone_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(fusion, "NEAR_ENOUGH")
    with ExitStack() as stack, pytest.raises(BenchmarkError, match="NEAR_ENOUGH"):
        variants()["without nearness"](stack)


def test_the_table_shows_what_a_part_is_worth_over_the_same_questions() -> None:
    def scores(*values: float) -> dict[str, list[Score]]:
        return {"hand": [Score("id", "repo", "code", {"ndcg@10": value}, 0.0) for value in values]}

    found = [{WHOLE: scores(0.5, 1.0), "without it": scores(0.25, 1.0), "without that": scores(0.5, 1.0)}]
    lines = table(found).splitlines()
    assert "| 0.625 | -0.125 [-0.250, +0.000] |" in next(line for line in lines if "without it" in line)
    assert "| 0.750 | none |" in next(line for line in lines if "without that" in line)


def test_questions_that_only_a_commit_answers_are_left_out() -> None:
    history = Score("id", "repo", "history", {"ndcg@10": 0.0}, 0.0)
    code = Score("id", "repo", "code", {"ndcg@10": 1.0}, 0.0)
    assert "| 1.000 |" in table([{WHOLE: {"hand": [history, code]}}])

"""Counting and cutting by the model's own tokens."""

from __future__ import annotations

from pathlib import Path

import pytest

from whykeeper_indexers.encoder.models import ModelSettings, resolve_model
from whykeeper_indexers.encoder.tokens import TokenCounter


@pytest.fixture
def counter(tmp_path: Path) -> TokenCounter:
    return TokenCounter(resolve_model(ModelSettings(), tmp_path).tokenizer)


def test_counts_every_token_past_the_models_own_limit(counter: TokenCounter) -> None:
    assert counter.count("") == 0
    assert counter.count("why is the pipe thin?") == 6
    assert counter.count("word " * 1000) == 1000


def test_a_text_that_fits_is_kept_whole(counter: TokenCounter) -> None:
    assert counter.trim("why is it\nso?", 50) == "why is it\nso?"
    assert counter.trim("anything", 0) == ""


def test_a_cut_falls_on_a_lines_end_where_one_is_near(counter: TokenCounter) -> None:
    text = "the first line of it\nthe second line\nthe third"
    assert counter.trim(text, 7) == "the first line of it"
    assert counter.trim(text, 8) == "the first line of it\nthe second line"


def test_a_cut_in_a_long_line_falls_between_words(counter: TokenCounter) -> None:
    text = "unbelievable reconfigurability " * 40
    cut = counter.trim(text, 13)
    assert text.startswith(cut)
    assert cut.endswith(("unbelievable", "reconfigurability"))
    assert counter.count(cut) <= 13


def test_a_text_far_over_the_budget_is_cut_without_reading_it_all(counter: TokenCounter) -> None:
    assert counter.count(counter.trim("word " * 400_000, 100)) == 100
    assert len(counter.trim("x" * 5_000_000, 10)) <= 640

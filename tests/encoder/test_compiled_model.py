"""The transformer compiled: the same vectors, sooner."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file
from tests.encoder.conftest import VOCABULARY
from tests.waiting import eventually

from whykeeper_indexers.encoder.client import Encoder
from whykeeper_indexers.encoder.models import ModelSettings, Tier

pytestmark = pytest.mark.border

LIMIT_S = 120.0

Vector = NDArray[np.float32]
QUESTIONS = ("why", "", "Where is parseConfigFile defined?", "how do we name migrations " * 40)


PASSAGES = [f"passage {n} " + "abc " * (n % 70) for n in range(70)]


@pytest.fixture(scope="module")
def settings(tiny_model: Path) -> ModelSettings:
    return ModelSettings(model=str(tiny_model), query_prompt="query: ", passage_prompt="passage: ")


@pytest.fixture(scope="module")
def compiled(
    settings: ModelSettings, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, list[Vector], Vector]:
    """A data folder with the compiled model, and the transformer's own vectors of questions and passages."""
    data = tmp_path_factory.mktemp("data")
    encoder = Encoder(settings, data)
    own_passages = encoder.encode_passages(PASSAGES, Tier.TRANSFORMER)
    own = [encoder.encode_query(text, Tier.TRANSFORMER) for text in QUESTIONS]
    assert encoder.status()["questions"] == "not compiled yet"
    encoder.compile()
    assert eventually(lambda: encoder.status()["questions"] == "compiled", within_s=LIMIT_S)
    encoder.close()
    return data, own, own_passages


def found_faster(compiled: Path, data: Path, *, faster: bool) -> Path:
    """A copy where the compiled model was measured to be faster for passages, or was not."""
    shutil.copytree(compiled, data, dirs_exist_ok=True)
    (use,) = data.glob("compiled/*/use.json")
    use.write_text(json.dumps(json.loads(use.read_text("utf-8")) | {"reads_passages": faster}), "utf-8")
    return data


def test_a_compiled_model_answers_as_the_transformer_does_and_before_that_is_loaded(
    settings: ModelSettings, compiled: tuple[Path, list[Vector], Vector], tmp_path: Path
) -> None:
    folder, own, _ = compiled
    encoder = Encoder(settings, found_faster(folder, tmp_path, faster=False))
    encoder.warm()
    assert eventually(lambda: encoder.question_ready(Tier.TRANSFORMER), within_s=LIMIT_S)
    assert not encoder.tier_ready(Tier.TRANSFORMER)
    answers = [encoder.encode_query(text, Tier.TRANSFORMER) for text in QUESTIONS]
    assert all(float(one @ other) > 0.99 for one, other in zip(own, answers, strict=True))
    assert np.allclose(np.linalg.norm(answers, axis=1), 1, atol=1e-3)
    encoder.close()


def test_a_compiled_model_that_is_faster_reads_passages_and_the_transformer_is_not_loaded(
    settings: ModelSettings, compiled: tuple[Path, list[Vector], Vector], tmp_path: Path
) -> None:
    folder, _, own = compiled
    encoder = Encoder(settings, found_faster(folder, tmp_path, faster=True))
    vectors = encoder.encode_passages(PASSAGES, Tier.TRANSFORMER)
    assert float((vectors * own).sum(axis=1).min()) > 0.98
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)
    assert encoder.status()["dtype"] == "8-bit integers"
    encoder.close()


def test_the_number_format_is_that_of_the_compiled_model_once_it_has_taken_over(
    settings: ModelSettings, compiled: tuple[Path, list[Vector], Vector], tmp_path: Path
) -> None:
    encoder = Encoder(settings, tmp_path)
    encoder.encode_passages(PASSAGES[:2], Tier.TRANSFORMER)
    assert encoder.status()["dtype"] in {"float32", "bfloat16"}
    found_faster(compiled[0], tmp_path, faster=True)
    encoder.compile()
    assert eventually(lambda: encoder.status()["questions"] == "compiled", within_s=LIMIT_S)
    assert encoder.status()["dtype"] == "8-bit integers"
    encoder.close()


def test_a_model_that_8_bits_would_change_keeps_its_numbers_and_status_says_so(
    tiny_model: Path, tmp_path: Path
) -> None:
    folder, data = shutil.copytree(tiny_model, tmp_path / "model"), tmp_path / "data"
    weights = load_file(folder / "model.safetensors")
    # So far out, of a token that no text has, that eight bits hold nothing of the others.
    weights["embeddings.word_embeddings.weight"][VOCABULARY.index("[MASK]")] = 1e4
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    settings = ModelSettings(model=str(folder))
    first = Encoder(settings, data)
    own = first.encode_passages(PASSAGES[:4], Tier.TRANSFORMER)
    first.compile()
    assert eventually(lambda: first.status()["questions"] == "compiled", within_s=LIMIT_S)
    first.close()

    encoder = Encoder(settings, found_faster(data, tmp_path / "faster", faster=True))
    vectors = encoder.encode_passages(PASSAGES[:4], Tier.TRANSFORMER)
    assert float((vectors * own).sum(axis=1).min()) > 0.98
    assert encoder.status()["dtype"] == "float32"
    encoder.close()


def test_a_compiled_model_that_is_slower_leaves_passages_to_the_transformer(
    settings: ModelSettings, compiled: tuple[Path, list[Vector], Vector], tmp_path: Path
) -> None:
    folder, _, own = compiled
    encoder = Encoder(settings, found_faster(folder, tmp_path, faster=False))
    assert np.array_equal(encoder.encode_passages(PASSAGES, Tier.TRANSFORMER), own)
    assert encoder.status()["questions"] == "compiled"
    encoder.close()


def test_a_number_format_that_was_chosen_is_what_passages_are_read_in(
    settings: ModelSettings, compiled: tuple[Path, list[Vector], Vector], tmp_path: Path
) -> None:
    folder, _, _ = compiled
    exactly = replace(settings, dtype="float32")
    encoder = Encoder(exactly, found_faster(folder, tmp_path, faster=True))
    encoder.encode_passages(PASSAGES[:2], Tier.TRANSFORMER)
    assert encoder.status()["dtype"] == "float32"
    assert encoder.status()["questions"] == "compiled"
    encoder.close()


def test_a_compiled_model_that_cannot_be_read_is_done_without(
    settings: ModelSettings, compiled: tuple[Path, list[Vector], Vector], tmp_path: Path
) -> None:
    shutil.copytree(compiled[0], tmp_path, dirs_exist_ok=True)
    (graph,) = tmp_path.glob("compiled/*/model.onnx")
    graph.write_bytes(graph.read_bytes()[:100])
    encoder = Encoder(settings, tmp_path)
    encoder.encode_passages(["warm"], Tier.TRANSFORMER)
    assert encoder.status()["questions"].startswith("read by the transformer itself: ")
    assert encoder.encode_query("why", Tier.TRANSFORMER).shape == (16,)
    encoder.close()


def test_a_model_that_cannot_be_compiled_reads_questions_itself_and_says_so(
    static_only_model: Path, tmp_path: Path
) -> None:
    encoder = Encoder(ModelSettings(model=str(static_only_model)), tmp_path)
    encoder.encode_passages(["warm"], Tier.TRANSFORMER)
    encoder.compile()
    assert eventually(
        lambda: encoder.status()["questions"].startswith("read by the transformer itself: "), within_s=LIMIT_S
    )
    assert "questions are read by the transformer itself: " in encoder.status()["note"]
    assert encoder.encode_query("why", Tier.TRANSFORMER).shape == (16,)
    encoder.close()
    assert [path.suffix for path in (tmp_path / "compiled").iterdir()] == [".json"]

"""The encoder as the daemon uses it: states, vectors, deaths."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from tests.waiting import eventually

from whykeeper_indexers.encoder.client import Encoder, NotReadyError
from whykeeper_indexers.encoder.models import ModelSettings, Tier
from whykeeper_indexers.errors import ModelError, WorkerError

pytestmark = pytest.mark.border

LIMIT_S = 60.0

TEXTS = [f"passage {n} " + "abc " * (n % 7) for n in range(60)]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def encoder(tiny_model: Path, data: Path) -> Iterator[Encoder]:
    encoder = Encoder(ModelSettings(model=str(tiny_model), static_dimensions=8, batch_size=16), data)
    yield encoder
    encoder.close()


@pytest.fixture
def warm_encoder(encoder: Encoder) -> Encoder:
    encoder.encode_passages(["warm"], Tier.STATIC)
    return encoder


def test_without_a_static_model_nothing_is_compared_token_by_token(encoder: Encoder) -> None:
    assert encoder.agreement("abc", ["abc"]) is None


def test_a_question_before_the_model_is_loaded_starts_loading_and_is_refused(encoder: Encoder) -> None:
    assert encoder.state == "off"
    with pytest.raises(NotReadyError, match="warming"):
        encoder.encode_query("why", Tier.TRANSFORMER)
    assert not encoder.ready
    assert eventually(lambda: encoder.ready, within_s=LIMIT_S)
    assert encoder.state == "ready"
    assert encoder.encode_query("why", Tier.TRANSFORMER).shape == (16,)
    assert encoder.tier_state(Tier.STATIC).startswith("not built yet")


def test_passages_come_back_in_order_as_unit_vectors_whatever_the_batch(warm_encoder: Encoder) -> None:
    for tier, dimensions in ((Tier.TRANSFORMER, 16), (Tier.STATIC, 8)):
        done: list[int] = []
        together = warm_encoder.encode_passages(TEXTS, tier, on_batch=done.append)
        assert together.shape == (60, dimensions)
        assert together.dtype == np.float32
        assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-3)
        assert done[-1] == 60
        one = warm_encoder.encode_passages([TEXTS[17]], tier)[0]
        assert float(one @ together[17]) > 0.99
        assert float(warm_encoder.encode_query(TEXTS[17], tier) @ one) > 0.99


def test_texts_without_a_single_token_have_a_vector_too(warm_encoder: Encoder) -> None:
    for tier in Tier:
        vectors = warm_encoder.encode_passages(["", "\n\n", "\u200b"], tier)
        assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)
    assert len(warm_encoder.encode_passages([], Tier.STATIC)) == 0


def test_a_question_is_answered_while_passages_are_encoded(warm_encoder: Encoder) -> None:
    started = threading.Event()
    finished: list[bool] = []

    def bulk() -> None:
        warm_encoder.encode_passages(TEXTS * 60, Tier.TRANSFORMER, on_batch=lambda _: started.set())
        finished.append(True)

    thread = threading.Thread(target=bulk)
    thread.start()
    assert started.wait(60)
    warm_encoder.encode_query("asked in the middle", Tier.TRANSFORMER)
    assert not finished
    thread.join(60)
    assert finished


def test_a_released_encoder_answers_what_it_knows_and_warms_again_for_a_new_question(
    warm_encoder: Encoder, data: Path
) -> None:
    first = warm_encoder.encode_query("why twice", Tier.TRANSFORMER)
    (table,) = data.glob("static/*/model.safetensors")
    built = table.stat().st_mtime_ns
    warm_encoder.release()
    assert np.array_equal(warm_encoder.encode_query("why twice", Tier.TRANSFORMER), first)
    assert warm_encoder.state == "off"
    with pytest.raises(NotReadyError):
        warm_encoder.encode_query("a new question", Tier.STATIC)
    assert eventually(lambda: warm_encoder.tier_ready(Tier.STATIC), within_s=LIMIT_S)
    assert warm_encoder.encode_query("a new question", Tier.STATIC).shape == (8,)
    assert eventually(lambda: warm_encoder.ready, within_s=LIMIT_S)
    assert table.stat().st_mtime_ns == built
    assert [path.suffix for path in (data / "static").iterdir()] == [""]


def test_passages_survive_the_death_of_the_process(warm_encoder: Encoder) -> None:
    killed: list[int] = []

    def kill_once(done: int) -> None:
        pid = warm_encoder.status()["pid"]
        if not killed and pid is not None:
            os.kill(pid, signal.SIGKILL)
            killed.append(done)

    vectors = warm_encoder.encode_passages(TEXTS, Tier.TRANSFORMER, on_batch=kill_once)
    assert killed[0] < 60
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)


def test_a_models_own_prompts_go_before_questions_and_passages(
    warm_encoder: Encoder, tiny_model: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "prompted"
    shutil.copytree(tiny_model, folder)
    own = {"prompts": {"query": "ask: ", "passage": "read: "}}
    (folder / "config_sentence_transformers.json").write_text(json.dumps(own), encoding="utf-8")
    prompted = Encoder(ModelSettings(model=str(folder)), tmp_path)
    try:
        (passage,) = prompted.encode_passages(["why"], Tier.TRANSFORMER)
        question = prompted.encode_query("why", Tier.TRANSFORMER)
        assert prompted.status()["prompts"] == {"query": "ask: ", "passage": "read: "}
    finally:
        prompted.close()
    asked, read, neither = warm_encoder.encode_passages(["ask: why", "read: why", "why"], Tier.TRANSFORMER)
    assert float(question @ asked) > 0.999 > float(question @ read)
    assert float(passage @ read) > 0.999 > float(passage @ asked)
    assert float(passage @ neither) < 0.999


def test_a_model_that_cannot_be_distilled_encodes_code_itself_and_says_so(
    static_only_model: Path, tmp_path: Path
) -> None:
    encoder = Encoder(ModelSettings(model=str(static_only_model)), tmp_path)
    intended = encoder.fingerprint(Tier.STATIC)
    assert encoder.encode_passages(["def main(): ..."], Tier.STATIC).shape == (1, 16)
    assert encoder.fingerprint(Tier.STATIC) == encoder.fingerprint(Tier.TRANSFORMER) != intended
    assert "commits use the transformer: " in encoder.status()["note"]
    encoder.close()
    again = Encoder(ModelSettings(model=str(static_only_model)), tmp_path)
    assert again.fingerprint(Tier.STATIC) == encoder.fingerprint(Tier.TRANSFORMER)
    again.close()


def test_a_model_that_cannot_be_loaded_is_said_once_and_not_retried_for_ever(
    tiny_model: Path, tmp_path: Path
) -> None:
    encoder = Encoder(ModelSettings(model=str(tmp_path / "nowhere")), tmp_path)
    with pytest.raises(ModelError, match="there is no model in"):
        encoder.fingerprint(Tier.TRANSFORMER)
    with pytest.raises(ModelError, match="there is no model in"):
        encoder.encode_passages(["text"], Tier.TRANSFORMER)
    with pytest.raises(ModelError, match="there is no model in"):
        encoder.encode_query("why", Tier.TRANSFORMER)
    assert encoder.state.startswith("failed: there is no model in")
    encoder.close()


def test_a_model_that_is_mended_in_its_place_is_loaded_and_has_a_space_of_its_own(
    tiny_model: Path, tmp_path: Path
) -> None:
    folder = shutil.copytree(tiny_model, tmp_path / "broken")
    (folder / "model.safetensors").write_bytes(b"no weights" * 100)
    encoder = Encoder(ModelSettings(model=str(folder), static_dimensions=8), tmp_path)
    broken = encoder.fingerprint(Tier.TRANSFORMER)
    with pytest.raises(ModelError, match="cannot be loaded"):
        encoder.load()
    assert encoder.fingerprint(Tier.TRANSFORMER) == broken
    assert encoder.state.startswith("failed: ")
    assert "cannot be loaded" in encoder.state

    shutil.copy(tiny_model / "model.safetensors", folder)
    encoder.load()
    assert encoder.state == "ready"
    whole = Encoder(ModelSettings(model=str(tiny_model), static_dimensions=8), tmp_path)
    assert encoder.fingerprint(Tier.TRANSFORMER) == whole.fingerprint(Tier.TRANSFORMER) != broken
    encoder.close()


def test_without_a_model_tokens_are_estimated_until_it_is_there(tiny_model: Path, tmp_path: Path) -> None:
    folder = tmp_path / "late"
    encoder = Encoder(ModelSettings(model=str(folder), static_dimensions=8), tmp_path)
    text = "abc " * 100
    assert encoder.count_tokens(text) == 100
    assert encoder.trim_to_tokens(text, 5) == "abc abc abc abc abc"
    assert encoder.trim_to_tokens("abc", 5) == "abc"
    assert encoder.trim_to_tokens(text, 0) == ""
    assert encoder.agreement("abc", [text]) is None
    assert encoder.state.startswith("failed: there is no model in")

    shutil.copytree(tiny_model, folder)
    encoder.warm()
    assert eventually(lambda: encoder.ready, within_s=LIMIT_S)
    assert encoder.state == "ready"
    assert encoder.encode_query("why", Tier.TRANSFORMER).shape == (16,)
    encoder.close()


def test_a_closed_encoder_is_not_started_again(tiny_model: Path, tmp_path: Path) -> None:
    encoder = Encoder(ModelSettings(model=str(tiny_model)), tmp_path)
    encoder.close()
    with pytest.raises(WorkerError):
        encoder.encode_passages(["text"], Tier.TRANSFORMER)
    assert encoder.status()["pid"] is None


def test_the_daemons_side_imports_nothing_heavy() -> None:
    program = "import sys, whykeeper_indexers.encoder.client; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout
    assert not {"torch", "transformers", "sentence_transformers", "tokenizers", "numpy"} & set(loaded.split())


@pytest.mark.model
def test_the_default_model_finds_what_is_meant_in_both_number_formats(tmp_path: Path) -> None:
    passages = [
        "The front-end is a thin pipe, because every agent session starts a process of its own.",
        "Bread rises when yeast turns sugar into gas.",
        "Vectors are keyed by the hash of their text, so a branch switch costs no embedding.",
    ]
    vectors = {}
    for dtype in ("float32", "bfloat16"):
        encoder = Encoder(ModelSettings(dtype=dtype), tmp_path)
        vectors[dtype] = encoder.encode_passages(passages, Tier.TRANSFORMER)
        question = encoder.encode_query("why is the process that agents start so small?", Tier.TRANSFORMER)
        assert int(np.argmax(vectors[dtype] @ question)) == 0
        encoder.close()
    assert (vectors["float32"] * vectors["bfloat16"]).sum(axis=1).min() > 0.99


def test_a_passage_agrees_with_a_question_by_its_most_similar_tokens(warm_encoder: Encoder) -> None:
    agreements = warm_encoder.agreement("abc", ["abc", "passage", "passage abc passage", ""])

    assert agreements is not None
    same, other, among, nothing = agreements.tolist()
    assert same == pytest.approx(1.0, abs=1e-5)
    assert among == pytest.approx(1.0, abs=1e-5)
    assert other < 0.99
    assert nothing == 0.0


def test_a_question_without_tokens_agrees_with_nothing(warm_encoder: Encoder) -> None:
    agreements = warm_encoder.agreement("", ["abc"])

    assert agreements is not None and agreements.tolist() == [0.0]

"""A model of a few kilobytes, made without PyTorch, that the encoder process loads like any other."""

from __future__ import annotations

import json
import string
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer
from tokenizers.processors import TemplateProcessing

WIDTH = 16
HEADS = 2
LETTERS = string.ascii_lowercase + string.digits + string.punctuation
VOCABULARY = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *LETTERS, *(f"##{letter}" for letter in LETTERS)]


def make_tiny_model(folder: Path) -> Path:
    """A BERT of one layer and 16 dimensions with random weights, as sentence-transformers saves it."""
    (folder / "1_Pooling").mkdir(parents=True)
    _write(folder / "modules.json", _modules())
    _write(
        folder / "1_Pooling" / "config.json",
        {"word_embedding_dimension": WIDTH, "pooling_mode_mean_tokens": True},
    )
    _write(folder / "sentence_bert_config.json", {"max_seq_length": 64, "do_lower_case": False})
    _write(folder / "config.json", _configuration())
    _write(
        folder / "tokenizer_config.json",
        {"tokenizer_class": "BertTokenizerFast", "model_max_length": 64, "do_lower_case": True},
    )
    _write_tokenizer(folder / "tokenizer.json")
    (folder / "vocab.txt").write_text("\n".join(VOCABULARY) + "\n", encoding="utf-8")
    save_file(_weights(), folder / "model.safetensors", metadata={"format": "pt"})
    return folder


def make_static_only_model(folder: Path) -> Path:
    """A model without a transformer, which cannot be distilled."""
    inner = folder / "0_StaticEmbedding"
    inner.mkdir(parents=True)
    module = "sentence_transformers.models.StaticEmbedding"
    _write(folder / "modules.json", [{"idx": 0, "name": "0", "path": inner.name, "type": module}])
    _write_tokenizer(inner / "tokenizer.json")
    table = np.random.default_rng(2).normal(size=(len(VOCABULARY), WIDTH)).astype(np.float32)
    save_file({"embedding.weight": table}, inner / "model.safetensors")
    return folder


def _write(file: Path, content: object) -> None:
    file.write_text(json.dumps(content), encoding="utf-8")


def _modules() -> list[dict[str, object]]:
    prefix = "sentence_transformers.models"
    return [
        {"idx": 0, "name": "0", "path": "", "type": f"{prefix}.Transformer"},
        {"idx": 1, "name": "1", "path": "1_Pooling", "type": f"{prefix}.Pooling"},
    ]


def _configuration() -> dict[str, object]:
    return {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "vocab_size": len(VOCABULARY),
        "hidden_size": WIDTH,
        "num_hidden_layers": 1,
        "num_attention_heads": HEADS,
        "intermediate_size": 2 * WIDTH,
        "max_position_embeddings": 64,
        "type_vocab_size": 2,
        "pad_token_id": 0,
    }


def _write_tokenizer(file: Path) -> None:
    tokenizer = Tokenizer(
        WordPiece({token: index for index, token in enumerate(VOCABULARY)}, unk_token="[UNK]")
    )
    tokenizer.normalizer = BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = BertPreTokenizer()
    tokenizer.post_processor = TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    tokenizer.save(str(file))


def _weights() -> dict[str, np.ndarray]:
    random = np.random.default_rng(1)
    shapes: dict[str, tuple[int, ...]] = {
        "embeddings.word_embeddings.weight": (len(VOCABULARY), WIDTH),
        "embeddings.position_embeddings.weight": (64, WIDTH),
        "embeddings.token_type_embeddings.weight": (2, WIDTH),
    }
    layer = "encoder.layer.0"
    for name in (
        "attention.self.query",
        "attention.self.key",
        "attention.self.value",
        "attention.output.dense",
    ):
        shapes[f"{layer}.{name}.weight"] = (WIDTH, WIDTH)
        shapes[f"{layer}.{name}.bias"] = (WIDTH,)
    for name, shape in (("intermediate.dense", (2 * WIDTH, WIDTH)), ("output.dense", (WIDTH, 2 * WIDTH))):
        shapes[f"{layer}.{name}.weight"] = shape
        shapes[f"{layer}.{name}.bias"] = shape[:1]
    shapes["pooler.dense.weight"], shapes["pooler.dense.bias"] = (WIDTH, WIDTH), (WIDTH,)
    weights = {name: (0.3 * random.normal(size=shape)).astype(np.float32) for name, shape in shapes.items()}
    for norm in ("embeddings.LayerNorm", f"{layer}.attention.output.LayerNorm", f"{layer}.output.LayerNorm"):
        weights[f"{norm}.weight"] = np.ones(WIDTH, dtype=np.float32)
        weights[f"{norm}.bias"] = np.zeros(WIDTH, dtype=np.float32)
    return weights


@pytest.fixture(scope="module")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tiny_model(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture(scope="module")
def static_only_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_static_only_model(tmp_path_factory.mktemp("models") / "static")

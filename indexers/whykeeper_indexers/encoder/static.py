"""The static tier: one vector a token, averaged. Built once from the transformer, then a table look-up.

Built by model2vec, as sentence-transformers' ``StaticEmbedding.from_distillation`` does (after
Tulkens and van Dongen, Model2Vec, 2024: token embeddings, principal components, weights by smooth
inverse frequency). Read with NumPy alone, so that it answers while PyTorch is still being imported.
"""

from __future__ import annotations

import json
import struct
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from whykeeper_indexers.encoder.built import build_aside, why_build_failed
from whykeeper_indexers.encoder.models import preferred_dtype
from whykeeper_indexers.encoder.word_pieces import WordPieces
from whykeeper_indexers.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

__all__ = ["StaticModel", "build_static_model", "has_static_model", "token_table", "why_static_model_failed"]

_WEIGHTS = "model.safetensors"
_TOKENIZER = "tokenizer.json"
_DISTILLERS = ("sentence-transformers", "model2vec", "skeletoken", "transformers")


class StaticModel:
    """A distilled model, mapped into memory.

    Args:
        folder: Where `build_static_model` put it.
    """

    def __init__(self, folder: Path) -> None:
        self._table, tokenizer = token_table(folder)
        self._pieces = WordPieces(tokenizer)
        unknown = tokenizer.token_to_id("[UNK]")
        self._nothing = [0 if unknown is None else unknown]

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors of the texts, float32 [n, dimensions]."""
        import numpy as np

        # A text without tokens gets the unknown token's vector: a zero vector has no direction.
        sums = [self._table.take(ids or self._nothing, axis=0).sum(axis=0) for ids in self._pieces.ids(texts)]
        vectors: NDArray[np.float32] = np.stack(sums).astype(np.float32, copy=False)
        vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), np.finfo(np.float32).tiny)
        return vectors


def token_table(folder: Path) -> tuple[NDArray[np.float32], Tokenizer]:
    """The model's parts: float32 [tokens, dimensions], and what makes tokens of text."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / _TOKENIZER))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return _map_table(folder / _WEIGHTS), tokenizer


def has_static_model(folder: Path) -> bool:
    """Whether a built model is there."""
    return (folder / _WEIGHTS).is_file() and (folder / _TOKENIZER).is_file()


def why_static_model_failed(folder: Path) -> str | None:
    """Why an earlier build by the libraries installed now failed; None when there was none."""
    return why_build_failed(folder, _DISTILLERS)


def build_static_model(transformer: Path, folder: Path, dimensions: int) -> None:
    """Distil a transformer into ``folder``: aside first, then put in place at once.

    Args:
        transformer: Folder of the sentence-transformers model.
        folder: Where the static model goes.
        dimensions: Principal components to keep.

    Raises:
        ModelError: This model cannot be distilled; noted, so that it is not tried again
            until one of the libraries changes.
    """
    build_aside(folder, partial(_distil_and_prove, transformer, dimensions), has_static_model, _DISTILLERS)


def _distil_and_prove(transformer: Path, dimensions: int, folder: Path) -> None:
    _distil(transformer, folder, dimensions)
    StaticModel(folder).encode(["a text that is encoded to prove that it can be"])


def _distil(transformer: Path, folder: Path, dimensions: int) -> None:
    import torch
    from model2vec.distill import distill_from_model
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from transformers import AutoModel, AutoTokenizer, PreTrainedTokenizerFast

    # What StaticEmbedding.from_distillation does, but in the number format that the processor is fast in.
    dtype = getattr(torch, preferred_dtype())
    model = AutoModel.from_pretrained(str(transformer), dtype=dtype, local_files_only=True)
    tokenizer = AutoTokenizer.from_pretrained(str(transformer), use_fast=True, local_files_only=True)
    if not isinstance(tokenizer, PreTrainedTokenizerFast):
        raise ModelError(f"{transformer} has no tokenizer that the static model could use")
    distilled = distill_from_model(model, tokenizer, device="cpu", pca_dims=dimensions, quantize_to="float32")
    with tempfile.TemporaryDirectory(dir=folder) as aside:
        distilled.save_pretrained(aside)
        static = StaticEmbedding.from_model2vec(aside)
    weights = static.embedding.weight.detach()
    if weights.ndim != 2 or not torch.isfinite(weights).all() or not weights.any():
        raise ModelError("its token vectors are not numbers")
    static.save(str(folder))


def _map_table(file: Path) -> NDArray[np.float32]:
    """The one matrix of a safetensors file (little-endian length, JSON header, raw data)."""
    import numpy as np

    with file.open("rb") as stream:
        (length,) = struct.unpack("<Q", stream.read(8))
        header = json.loads(stream.read(length))
    entry = header["embedding.weight"]
    if entry["dtype"] != "F32":
        raise ModelError(f"{file} holds {entry['dtype']}, not F32")
    offset = 8 + length + entry["data_offsets"][0]
    return np.memmap(file, dtype="<f4", mode="r", offset=offset, shape=tuple(entry["shape"]))

"""The transformer compiled for ONNX Runtime: one text at a time, each on one core.

What PyTorch does between the layers takes as long as the layers themselves when the text has twenty
tokens; and 8-bit weights are read from memory in half the time of bfloat16. A question takes 3.3 ms
of processor time so, against 10.7. Passages are read by it too where it is faster than PyTorch, which
is measured where it will run. It is the same model: compiled once on a machine from its own
weights, and used only if its vectors are the model's own, as far as the numbers' format allows.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import timeit
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from whykeeper_indexers.encoder.built import build_aside, why_build_failed
from whykeeper_indexers.encoder.models import ModelFiles, ModelSettings, Tier, fingerprint, prompts
from whykeeper_indexers.errors import ModelError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from whykeeper_indexers.encoder.transformer import TransformerModel

__all__ = [
    "CompiledModel",
    "build_compiled_model",
    "compiled_folder",
    "has_compiled_model",
    "why_compiling_failed",
]

logger = logging.getLogger(__name__)

_GRAPH = "model.onnx"
_TOKENIZER = "tokenizer.json"
_USE = "use.json"
_COMPILERS = ("torch", "transformers", "sentence-transformers", "onnx", "onnxscript", "onnxruntime")
_RECIPE = 3
# The first with one operator for the whole of attention.
_OPSET = 23
_LONGEST_TOKENS = 8192

_LIKE_THE_MODEL = {"8-bit": 0.99, "float32": 0.999}
"""Least mean cosine to the model's own vectors. With 8-bit weights all-MiniLM-L6-v2 has 0.994. A processor
without the instructions for it may round more, which is why this is measured where it will run."""
_TIMED_PASSAGES, _TIMED_REPEATS = 8, 3
_SAMPLE = (
    "Why is the front-end a pipe and not a server?",
    "Where is the retry policy of the HTTP client defined?",
    "parseConfigFile",
    "Do we still use PostgreSQL for the event store, or was that decision superseded by ADR-0012?",
    "How should errors be logged",
    "which commit removed the `legacy_auth` middleware, and what went wrong with it before that",
    "naming convention for migrations",
    "Is there already a helper that splits camelCase and snake_case identifiers into words?",
)


class CompiledModel:
    """A compiled model.

    Args:
        folder: Where `build_compiled_model` put it.
        threads: Passages that are read at once; None takes every core.

    Attributes:
        number_format: Of its weights.
        reads_passages: Whether it is faster than PyTorch on this machine for passages too.
    """

    def __init__(self, folder: Path, threads: int | None = None) -> None:
        import onnxruntime  # type: ignore[import-untyped]
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        # A second core gains nothing for a question, and of passages each core reads one.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            str(folder / _GRAPH), options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer = Tokenizer.from_file(str(folder / _TOKENIZER))
        use = json.loads((folder / _USE).read_text(encoding="utf-8"))
        self._prompts = {True: use["query_prompt"], False: use["passage_prompt"]}
        self.number_format: str = use["number_format"]
        self.reads_passages: bool = use["reads_passages"]
        self._lanes = ThreadPoolExecutor(threads or _cores(), thread_name_prefix="passages")

    def encode(self, texts: Sequence[str], *, query: bool) -> NDArray[np.float32]:
        """Unit vectors of the texts, float32 [n, dimensions]; as many passages at once as there are cores."""
        import numpy as np

        given = [self._prompts[query] + text for text in texts]
        return np.stack(list(map(self._encode, given) if query else self._lanes.map(self._encode, given)))

    def _encode(self, text: str) -> NDArray[np.float32]:
        import numpy as np

        tokens = self._tokenizer.encode(text).ids
        (found,) = self._session.run(None, {"tokens": np.array([tokens], dtype=np.int64)})
        vector: NDArray[np.float32] = found[0] / np.linalg.norm(found[0])
        return vector


def compiled_folder(data: Path, settings: ModelSettings, files: ModelFiles) -> Path:
    """Where the compiled form of a model is kept."""
    parts = [fingerprint(settings, files, Tier.TRANSFORMER), *prompts(settings, files), _RECIPE]
    return data / "compiled" / hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


def has_compiled_model(folder: Path) -> bool:
    """Whether a compiled model is there."""
    return all((folder / name).is_file() for name in (_GRAPH, _TOKENIZER, _USE))


def why_compiling_failed(folder: Path) -> str | None:
    """Why an earlier attempt by the libraries installed now failed; None when there was none."""
    return why_build_failed(folder, _COMPILERS)


def build_compiled_model(settings: ModelSettings, data: Path, folder: Path) -> None:
    """Compile a model into ``folder``: aside first, then put in place at once.

    Args:
        settings: Names the model.
        data: Folder of derived data.
        folder: Where the compiled model goes.

    Raises:
        ModelError: It cannot be compiled, or is another model then; noted, so that it is not
            tried again until one of the libraries changes.
    """
    build_aside(folder, partial(_compile, settings, data), has_compiled_model, _COMPILERS)


def _compile(settings: ModelSettings, data: Path, folder: Path) -> None:
    from whykeeper_indexers.encoder.transformer import TransformerModel

    model = TransformerModel(replace(settings, dtype="float32", threads=1), data)
    _save_tokenizer(model, folder / _TOKENIZER)
    use: dict[str, str | bool] = {
        "query_prompt": model.query_prompt,
        "passage_prompt": model.passage_prompt,
        "number_format": "8-bit integers",
        "reads_passages": False,
    }
    _note_use(folder, use)
    exact = folder / "exact.onnx"
    _export(model, exact)
    _quantize(exact, folder / _GRAPH)
    likeness = _likeness(model, folder)
    if likeness < _LIKE_THE_MODEL["8-bit"]:
        logger.info("with 8-bit weights its vectors are like the model's own by %.4f only", likeness)
        exact.replace(folder / _GRAPH)
        use["number_format"] = "float32"
        likeness = _likeness(model, folder)
        if likeness < _LIKE_THE_MODEL["float32"]:
            raise ModelError(f"compiled, its vectors are like the model's own by {likeness:.4f} only")
    exact.unlink(missing_ok=True)
    faster = _speed_up(settings, data, folder)
    use["reads_passages"] = faster > 1 and not model.has_sides
    _note_use(folder, use)
    logger.info("compiled; likeness to the model %.4f, reads passages %.1f times as fast", likeness, faster)


def _note_use(folder: Path, use: Mapping[str, str | bool]) -> None:
    (folder / _USE).write_text(json.dumps(use), encoding="utf-8")


def _save_tokenizer(model: TransformerModel, file: Path) -> None:
    tokenizer = getattr(model.library_model.tokenizer, "backend_tokenizer", None)
    if tokenizer is None:
        raise ModelError("the model has no tokenizer that works without PyTorch")
    tokenizer.no_padding()
    tokenizer.enable_truncation(min(int(model.library_model.max_seq_length or 512), _LONGEST_TOKENS))
    tokenizer.save(str(file))


def _export(model: TransformerModel, file: Path) -> None:
    import torch

    library_model = model.library_model

    class OneText(torch.nn.Module):
        """All modules in a row, for a text without padding: no mask for the layers."""

        def __init__(self) -> None:
            super().__init__()
            self.parts = torch.nn.ModuleList(library_model)

        def forward(self, tokens: torch.Tensor) -> torch.Tensor:
            features: dict[str, Any] = self.parts[0]({"input_ids": tokens})
            features["attention_mask"] = torch.ones_like(tokens)
            for part in self.parts[1:]:
                features = part(features)
            embedding: torch.Tensor = features["sentence_embedding"]
            return embedding[:, : library_model.truncate_dim]

    tokens = library_model.preprocess([_SAMPLE[0]])["input_ids"]
    longest = torch.export.Dim("length", min=2, max=int(library_model.max_seq_length or 512))
    program = torch.onnx.export(
        OneText().eval(),
        (tokens,),
        dynamo=True,
        input_names=["tokens"],
        output_names=["vector"],
        dynamic_shapes=({1: longest},),
        opset_version=_OPSET,
        verbose=False,
    )
    assert program is not None
    program.save(str(file), external_data=False)


def _quantize(exact: Path, file: Path) -> None:
    from onnxruntime.quantization import (  # type: ignore[import-untyped]
        QuantType,
        quantize_dynamic,
    )

    quantize_dynamic(
        exact,
        file,
        weight_type=QuantType.QInt8,
        # A scale for each output: with one for all of a matrix the cosine falls to 0.968.
        per_channel=True,
        op_types_to_quantize=["MatMul", "Gather"],
        extra_options={"MatMulConstBOnly": True},
    )


def _likeness(model: TransformerModel, folder: Path) -> float:
    import numpy as np

    cosines = model.encode(_SAMPLE, query=True) * CompiledModel(folder).encode(_SAMPLE, query=True)
    return float(np.mean(cosines.sum(axis=1)))


def _speed_up(settings: ModelSettings, data: Path, folder: Path) -> float:
    """How many times as fast as PyTorch it reads passages, long and short ones, on one core."""
    from whykeeper_indexers.encoder.transformer import TransformerModel

    own, compiled = TransformerModel(replace(settings, threads=1), data), CompiledModel(folder, threads=1)
    passages = [" ".join(_SAMPLE)] * _TIMED_PASSAGES + [" ".join(_SAMPLE[:4])] * _TIMED_PASSAGES
    took = [
        min(timeit.repeat(partial(each.encode, passages, query=False), number=1, repeat=_TIMED_REPEATS))
        for each in (own, compiled)
    ]
    return took[0] / took[1]


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

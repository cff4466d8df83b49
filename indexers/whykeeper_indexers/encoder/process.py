"""The encoder process: ``python -I -m whykeeper_indexers.encoder.process``, started by the client.

Passages are encoded in its main thread at low priority, questions in a second one at the
same time. Measured on two cores under a full background load: a question takes 13 ms
(p95 19), against 26 ms (p95 36) when it waits for batches of one, which also cost 40 % of
the throughput.
"""

from __future__ import annotations

import logging
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from whykeeper_indexers.encoder.compiled_model import CompiledModel, build_compiled_model, has_compiled_model
from whykeeper_indexers.encoder.models import ModelSettings, Tier
from whykeeper_indexers.encoder.static import StaticModel, build_static_model, has_static_model
from whykeeper_indexers.errors import WorkerError
from whykeeper_indexers.worker import serve

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from whykeeper_indexers.encoder.transformer import TransformerModel


@dataclass(slots=True)
class _Models:
    transformer: TransformerModel | None = None
    static: StaticModel | None = None
    compiled: CompiledModel | None = None


_models = _Models()


def _load_static(folder: Path) -> int | None:
    """This process's id when there is a static model; it answers before PyTorch is there."""
    if not has_static_model(folder):
        return None
    _models.static = StaticModel(folder)
    return os.getpid()


def _load_compiled(settings: ModelSettings, folder: Path) -> tuple[int, str | None] | None:
    """This process's id when there is a compiled model, and if it reads passages its number format.

    Needs no PyTorch.
    """
    if not has_compiled_model(folder):
        return None
    model = CompiledModel(folder, settings.threads)
    model.encode(["warm"], query=True)
    # Whoever chose a number format gets it.
    model.reads_passages &= settings.dtype == "auto"
    _models.compiled = model
    if model.reads_passages:
        _models.transformer = None
    return os.getpid(), model.number_format if model.reads_passages else None


def _load_transformer(settings: ModelSettings, data: Path) -> tuple[int, str]:
    """This process's id, and the number format in use."""
    from whykeeper_indexers.encoder.transformer import TransformerModel

    model = TransformerModel(settings, data)
    # The first call of each kind allocates and picks kernels; no question should pay for it.
    model.encode(["warm"], query=False)
    _models.transformer = model
    return os.getpid(), model.dtype


def _download(settings: ModelSettings, data: Path) -> None:
    from whykeeper_indexers.encoder.transformer import download

    download(settings, data)


def _encode(tier: Tier, query: bool, texts: Sequence[str]) -> NDArray[np.float32]:
    if tier is Tier.STATIC and _models.static is not None:
        return _models.static.encode(texts)
    compiled, transformer = _models.compiled, _models.transformer
    if tier is Tier.TRANSFORMER and compiled is not None and (query or compiled.reads_passages):
        return compiled.encode(texts, query=query)
    if tier is Tier.TRANSFORMER and transformer is not None:
        return transformer.encode(texts, query=query)
    raise WorkerError(f"the {tier} model is not loaded")


if __name__ == "__main__":
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(asctime)s encoder %(message)s")
    serve(
        {
            "load_static": _load_static,
            "build_static": build_static_model,
            "load_compiled": _load_compiled,
            "build_compiled": build_compiled_model,
            "load_transformer": _load_transformer,
            "download": _download,
            "encode": _encode,
        },
        urgent_lane=True,
    )

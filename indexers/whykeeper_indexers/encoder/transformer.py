"""The transformer tier, inside the encoder process. The only module that loads sentence-transformers."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from whykeeper_indexers.encoder.models import (
    ModelSettings,
    hub_folder,
    preferred_dtype,
    prompts,
    resolve_model,
)
from whykeeper_indexers.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray
    from sentence_transformers import SentenceTransformer

__all__ = ["TransformerModel", "download"]

# What the longest token of a word-piece vocabulary could need, many times over: a bound, not a limit.
_CHARACTERS_A_TOKEN = 32


class TransformerModel:
    """A loaded sentence-transformers model.

    Args:
        settings: The model and how to use it.
        data: Folder of derived data.

    Raises:
        ModelError: The files are not there, not whole, or not a model.
    """

    def __init__(self, settings: ModelSettings, data: Path) -> None:
        files = resolve_model(settings, data)
        import torch
        from sentence_transformers import SentenceTransformer
        from sentence_transformers.base.modules import Router

        if settings.threads is not None:
            torch.set_num_threads(settings.threads)
        self._single_threaded = threading.local()
        self.dtype = preferred_dtype() if settings.dtype == "auto" else settings.dtype
        try:
            self._model = SentenceTransformer(
                str(files.folder),
                device="cpu",
                local_files_only=True,
                truncate_dim=settings.dimensions,
                model_kwargs={"dtype": getattr(torch, self.dtype)},
            )
        except Exception as error:
            # A border: what the library raises for a broken model is of any type.
            raise ModelError(f"{files.folder} cannot be loaded: {error}", "fetch the model again") from error
        if settings.max_length is not None:
            self._model.max_seq_length = settings.max_length
        query_prompt, passage_prompt = prompts(settings, files)
        self._prompts = {True: query_prompt, False: passage_prompt}
        self._has_sides = isinstance(self._model[0], Router)
        self._plain_queries = not query_prompt and not self._has_sides
        self._limit = _CHARACTERS_A_TOKEN * int(min(self._model.max_seq_length or 512, 8192))

    @property
    def library_model(self) -> SentenceTransformer:
        """The model as sentence-transformers has it."""
        return self._model

    @property
    def query_prompt(self) -> str:
        """What goes before every question."""
        return self._prompts[True]

    @property
    def passage_prompt(self) -> str:
        """What goes before every passage."""
        return self._prompts[False]

    @property
    def has_sides(self) -> bool:
        """Whether questions and passages go through modules of their own."""
        return self._has_sides

    def encode(self, texts: Sequence[str], *, query: bool) -> NDArray[np.float32]:
        """Unit vectors of the texts, float32 [n, dimensions]; all go through the layers at once."""
        import numpy as np

        if query:
            self._leave_other_cores()
        given = [text[: self._limit] for text in texts]
        encoded = self._encode_plainly(given) if query and self._plain_queries else self._encode(given, query)
        vectors: NDArray[np.float32] = np.array(encoded, dtype=np.float32)
        # Here and not by the library: it would divide in bfloat16, which is wrong by 0.3 %.
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors

    def _encode(self, texts: list[str], query: bool) -> Any:
        # The task chooses the side of a model that has one for questions and one for passages.
        return self._model.encode(
            texts,
            prompt=self._prompts[query],
            task="query" if query else "document",
            batch_size=len(texts),
            show_progress_bar=False,
        )

    def _encode_plainly(self, texts: list[str]) -> Any:
        """What `SentenceTransformer.encode` does without a prompt, without the 3 ms it takes around it."""
        import torch

        with torch.inference_mode():
            vectors = self._model(self._model.preprocess(texts))["sentence_embedding"]
        return vectors[:, : self._model.truncate_dim].float().numpy()

    def _leave_other_cores(self) -> None:
        """Encode questions on one core: a second gains nothing, and words are searched on it.

        The setting is a thread's own, so passages keep all of theirs.
        """
        if not getattr(self._single_threaded, "done", False):
            import torch

            torch.set_num_threads(1)
            self._single_threaded.done = True


def download(settings: ModelSettings, data: Path) -> None:
    """Fetch a hub model into the data folder, unless it is there already.

    Raises:
        ModelError: The hub has no such model, or cannot be reached.
    """
    folder = hub_folder(settings, data)
    if (folder / "modules.json").is_file():
        return
    from huggingface_hub import snapshot_download

    try:
        snapshot_download(
            settings.model,
            revision=settings.revision,
            local_dir=folder,
            allow_patterns=["*.json", "*.txt", "*.model", "*.safetensors", "*/*.json", "*/*.safetensors"],
        )
    except Exception as error:
        # A border: network, hub and file system each have errors of their own.
        said = (str(error).splitlines() or [type(error).__name__])[0]
        hint = "check its name, and that the hub can be reached"
        raise ModelError(f"{settings.model} could not be downloaded: {said}", hint) from error

"""Which tier encodes which kind of memory."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from whykeeper_indexers.encoder.client import Encoder
from whykeeper_indexers.encoder.models import Tier
from whykeeper_indexers.errors import ModelError
from whykeeper_indexers.types import Kind

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["NO_MODEL", "KindEncoder"]

_DESCRIBED = "d1"
"""Of the transformer's vectors of code, which are of descriptions; another when these become others."""

NO_MODEL: Final = "none"
"""The space of no vectors: passages wait in it until the configured model is there to name another."""


class KindEncoder:
    """An encoder seen by kind: prose by the transformer, commits by the static model, code as configured.

    Args:
        encoder: Of the configured model.
        code_tier: For code.
    """

    def __init__(self, encoder: Encoder, code_tier: Tier = Tier.TRANSFORMER) -> None:
        self._encoder = encoder
        self._tiers = dict.fromkeys(Kind, Tier.TRANSFORMER) | {Kind.CODE: code_tier, Kind.COMMIT: Tier.STATIC}
        self._used_at = time.monotonic()

    def tier(self, kind: Kind) -> Tier:
        """Give the tier that encodes a kind."""
        return self._tiers[kind]

    def fingerprint(self, kind: Kind) -> str:
        """Name the space that a kind's vectors are in; see ``Encoder.fingerprint``.

        Without the model nobody can tell: what is indexed meanwhile is found by words, and gets its name
        as soon as the model is there.
        """
        tier = self.tier(kind)
        try:
            name = self._encoder.fingerprint(tier)
        except ModelError:
            return NO_MODEL
        return f"{name}-{_DESCRIBED}" if kind is Kind.CODE and tier is Tier.TRANSFORMER else name

    @property
    def ready(self) -> bool:
        """Whether questions can be encoded for any kind."""
        return any(self._encoder.question_ready(tier) for tier in Tier)

    def ready_for(self, kind: Kind) -> bool:
        """Whether questions can be encoded for this kind."""
        return self._encoder.question_ready(self.tier(kind))

    def tier_ready(self, tier: Tier) -> bool:
        """Whether questions can be encoded with this tier."""
        return self._encoder.question_ready(tier)

    def tier_of(self, fingerprint: str) -> Tier | None:
        """The tier whose vectors are in a space; see ``Encoder.tier_of``."""
        return self._encoder.tier_of(fingerprint.removesuffix(f"-{_DESCRIBED}"))

    def warm(self) -> None:
        """Start loading, without waiting; does nothing when loaded."""
        self._used_at = time.monotonic()
        self._encoder.warm()

    def load(self) -> None:
        """Have questions encoded from now on; see ``Encoder.load``."""
        self._used_at = time.monotonic()
        self._encoder.load()

    def encode_query(self, text: str, tier: Tier) -> NDArray[np.float32]:
        """Encode a question with one tier; see ``Encoder.encode_query``."""
        self._used_at = time.monotonic()
        return self._encoder.encode_query(text, tier)

    def encode_passages(self, texts: Sequence[str], kind: Kind) -> NDArray[np.float32]:
        """Encode passages of one kind; see ``Encoder.encode_passages``."""
        self._used_at = time.monotonic()
        return self._encoder.encode_passages(texts, self.tier(kind))

    @property
    def quick_ready(self) -> bool:
        """Whether the quick model, the static one, can be used now."""
        return self._encoder.distilled

    @property
    def quick_coming(self) -> bool:
        """Whether `prepare_quick` is under way."""
        return self._encoder.distilling

    def slow(self, kind: Kind) -> bool:
        """Whether a kind's passages go through the transformer, 50 to 250 a second."""
        return self.tier(kind) is Tier.TRANSFORMER

    def prepare_quick(self) -> None:
        """Start to build and load the quick model, without waiting."""
        self._used_at = time.monotonic()
        self._encoder.distil()

    def prepare_compiled(self) -> None:
        """Start to make the model faster; see ``Encoder.compile``."""
        self._encoder.compile()

    def encode_passages_quickly(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Encode passages of any kind with the quick model; see ``Encoder.encode_passages``."""
        self._used_at = time.monotonic()
        return self._encoder.encode_passages(texts, Tier.STATIC)

    def agreement(self, question: str, passages: Sequence[str]) -> NDArray[np.float32] | None:
        """How well passages say each word of a question; see ``Encoder.agreement``."""
        self._used_at = time.monotonic()
        return self._encoder.agreement(question, passages)

    def count_tokens(self, text: str) -> int:
        """Count the model's tokens in a text."""
        return self._encoder.count_tokens(text)

    def trim_to_tokens(self, text: str, budget: int) -> str:
        """Cut a text to a budget of tokens, at a line or word."""
        return self._encoder.trim_to_tokens(text, budget)

    def release_if_idle(self, idle_s: float) -> None:
        """Let the model's process go when nothing has been encoded for some seconds."""
        if time.monotonic() - self._used_at > idle_s:
            self._encoder.release()

    def description(self) -> dict[str, Any]:
        """What ``memory_status`` shows of the model."""
        return {name: value for name, value in self._encoder.status().items() if value is not None}

    @property
    def name(self) -> str:
        """The model's own name, without the folders it lies in."""
        return Path(self._encoder.status()["model"]).name

    @property
    def state(self) -> str:
        """The transformer's state, for progress."""
        return self._encoder.state

    @property
    def failed(self) -> bool:
        """Whether the model cannot be found or loaded; that is tried again by and by."""
        return self.state.startswith("failed")

    @property
    def unready(self) -> str:
        """What keeps questions from being encoded, in words, and what to do about it."""
        if self.failed:
            return f"the embedding model {self.state}"
        doing = "being downloaded, once" if self.state.startswith("downloading") else "loading"
        return f"the embedding model is {doing}; ask again in a few seconds for more"

    def close(self) -> None:
        """End the process for good."""
        self._encoder.close()

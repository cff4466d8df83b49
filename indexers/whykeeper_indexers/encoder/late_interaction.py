"""How well a passage says each of a question's words, in its own.

Late interaction (Khattab and Zaharia: "ColBERT", SIGIR 2020): for every token of the question the most
similar token of the passage counts, where one vector for the whole passage would have averaged it away.
The tokens' vectors are the static model's, whose lengths weigh them by rarity (Tulkens and van Dongen,
Model2Vec, 2024), so nothing is stored for a passage and a comparison costs microseconds.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from whykeeper_indexers.encoder.static import has_static_model, token_table
from whykeeper_indexers.encoder.word_pieces import WordPieces
from whykeeper_indexers.errors import ModelError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["LateInteraction"]

MAX_CHARACTERS = 1_500
"""Of a passage: as much as the other model reads."""
MOST_REMEMBERED = 10_000
"""Passages whose tokens are kept: some 4 MB."""


class LateInteraction:
    """Compares questions with passages token by token. Thread-safe; maps the table when first asked.

    Args:
        folder: Says where the static model is, or will be.
    """

    def __init__(self, folder: Callable[[], Path]) -> None:
        self._folder = folder
        self._model: _Tokens | None = None

    def agreement(self, question: str, passages: Sequence[str]) -> NDArray[np.float32] | None:
        """Say how well passages say what is asked.

        Args:
            question: In words.
            passages: Texts; their beginnings are read.

        Returns:
            float32 [n]: the mean over the question's tokens, weighted by their rarity, of the cosine of the
            passage's most similar token; 0 for texts without tokens. None until the static model is built,
            or while the model it is built of is not there.
        """
        model = self._model
        if model is None:
            try:
                folder = self._folder()
            except ModelError:
                return None
            if not has_static_model(folder):
                return None
            model = self._model = _Tokens(folder)
        return model.agreement(question, passages)

    def release(self) -> None:
        """Give the memory back; the next question maps the table again."""
        self._model = None


class _Tokens:
    """The static model's tokens, and those of passages asked about lately."""

    def __init__(self, folder: Path) -> None:
        import numpy as np

        table, tokenizer = token_table(folder)
        # A plain view of what is mapped: to index the map itself takes longer.
        self._table = np.asarray(table)
        self._pieces = WordPieces(tokenizer)
        self._lengths = np.linalg.norm(self._table, axis=1)
        self._lock = threading.Lock()
        self._known: OrderedDict[int, NDArray[np.int64]] = OrderedDict()

    def agreement(self, question: str, passages: Sequence[str]) -> NDArray[np.float32]:
        import numpy as np

        (asked,) = self._tokens_of([question])
        weights = self._lengths[asked]
        found = np.zeros(len(passages), dtype=np.float32)
        of_passages = self._tokens_of(passages)
        if not weights.sum() or not any(map(len, of_passages)):
            return found
        # Passages share most of their tokens: each is compared with the question once.
        tokens = np.concatenate(of_passages)
        there = np.zeros(len(self._table), dtype=np.bool_)
        there[tokens] = True
        distinct = np.flatnonzero(there)
        places = np.empty(len(self._table), dtype=np.intp)
        places[distinct] = np.arange(len(distinct))
        cosines = self._table[distinct] @ self._directions(asked).T
        cosines /= np.maximum(self._lengths[distinct], np.finfo(np.float32).tiny)[:, None]
        lengths = np.array(list(map(len, of_passages)))
        starts = (np.cumsum(lengths) - lengths)[lengths > 0]
        nearest = np.maximum.reduceat(cosines[places[tokens]], starts, axis=0)
        found[lengths > 0] = nearest @ weights / weights.sum()
        return found

    def _directions(self, tokens: NDArray[np.int64]) -> NDArray[np.float32]:
        import numpy as np

        lengths = np.maximum(self._lengths[tokens], np.finfo(np.float32).tiny)
        directions: NDArray[np.float32] = self._table[tokens] / lengths[:, None]
        return directions

    def _tokens_of(self, texts: Sequence[str]) -> list[NDArray[np.int64]]:
        """The distinct tokens of each text, remembered."""
        import numpy as np

        given = [text[:MAX_CHARACTERS] for text in texts]
        keys = list(map(hash, given))
        with self._lock:
            known = {key: self._known[key] for key in keys if key in self._known}
        missing = {key: text for key, text in zip(keys, given, strict=True) if key not in known}
        if missing:
            ids = self._pieces.ids(list(missing.values()))
            known |= {key: np.unique(one).astype(np.int64) for key, one in zip(missing, ids, strict=True)}
        with self._lock:
            for key in missing:
                self._known[key] = known[key]
            for key in keys:
                self._known.move_to_end(key)
            while len(self._known) > MOST_REMEMBERED:
                self._known.popitem(last=False)
        return [known[key] for key in keys]

"""Counting and cutting text by the model's own tokens, without loading the model."""

from __future__ import annotations

import threading
from pathlib import Path

from whykeeper_indexers.encoder.word_pieces import WordPieces

__all__ = ["EstimatedTokens", "TokenCounter"]

# No tokenizer makes fewer tokens of a readable text than one for so many characters; text past
# this many times the budget cannot be part of the answer and is not looked at.
_CHARACTERS_A_TOKEN = 64
# Of English prose and of code, by the tokenizers of common models.
_USUAL_CHARACTERS_A_TOKEN = 4
_COUNTS_KEPT = 50_000
# 6 MB: answers are some hundred tokens, and their words repeat.
_WORDS_KEPT = 30_000


class TokenCounter:
    """A tokenizer that is loaded on first use (20 ms, 15 MB).

    Args:
        file: The model's ``tokenizer.json``.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._pieces: WordPieces | None = None
        self._counted: dict[int, int] = {}

    def count(self, text: str) -> int:
        """How many tokens the text is, without the special ones around it."""
        # By its hash: the passages of one answer come back in the next.
        key = hash(text)
        known = self._counted.get(key)
        if known is None:
            known = self._loaded().count(text)
            if len(self._counted) >= _COUNTS_KEPT:
                self._counted.clear()
            self._counted[key] = known
        return known

    def trim(self, text: str, budget: int) -> str:
        """The beginning of a text that fits the budget, cut at a line's end, else between words.

        Args:
            text: Any text.
            budget: Tokens; nothing fits into zero.
        """
        if budget <= 0:
            return ""
        head = text[: budget * _CHARACTERS_A_TOKEN]
        end = self._loaded().end_of(head, budget)
        return head if end is None else _cut(head, end)

    def _loaded(self) -> WordPieces:
        with self._lock:
            if self._pieces is None:
                from tokenizers import Tokenizer

                tokenizer = Tokenizer.from_file(str(self._file))
                # The file carries the settings the model was trained with; counting needs all tokens.
                tokenizer.no_truncation()
                tokenizer.no_padding()
                self._pieces = WordPieces(tokenizer, _WORDS_KEPT)
            return self._pieces


class EstimatedTokens:
    """Counts by characters, for when there is no tokenizer to ask."""

    def count(self, text: str) -> int:
        """About how many tokens the text is."""
        return -(-len(text) // _USUAL_CHARACTERS_A_TOKEN)

    def trim(self, text: str, budget: int) -> str:
        """The beginning of a text that fits the budget; see ``TokenCounter.trim``."""
        if self.count(text) <= budget:
            return text
        return _cut(text, max(budget, 0) * _USUAL_CHARACTERS_A_TOKEN)


def _cut(text: str, end: int) -> str:
    line = end if text[end : end + 1] == "\n" else text.rfind("\n", 0, end)
    # Giving up less than half for a whole line is worth it; more is not.
    if line >= end // 2:
        return text[:line].rstrip()
    if text[end : end + 1].isspace():
        return text[:end]
    word = max(text.rfind(space, 0, end) for space in " \n\t")
    return text[:word].rstrip() if word > 0 else text[:end]

"""Fits an answer into the tokens its caller can spare."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from whykeeper_indexers.search.candidates import Candidate, Result
from whykeeper_indexers.types import Chunk, ChunkOutline

__all__ = ["TokenCounter", "fit", "heading"]

HEADER_TOKENS = 30
"""What a result costs beside its text: id, place, kind, status."""
SMALLEST_PASSAGE = 40
"""Below this many tokens a cut passage says nothing; its title has to do."""
WHOLE_SIBLINGS = 3
"""Among so many first results a file's second passage is given whole too; further down its heading tells of
it, and leaves the tokens to other files."""
LARGEST_SHARE = 0.5
"""No passage takes more of the budget than this, so that a second opinion fits."""


class TokenCounter(Protocol):
    """The embedding model's own tokenizer."""

    def count_tokens(self, text: str) -> int:
        """Give the number of word pieces in a text."""

    def trim_to_tokens(self, text: str, budget: int) -> str:
        """Cut a text at a line or word so that it fits."""


def fit(candidates: Sequence[Candidate], budget: int, counter: TokenCounter) -> tuple[list[Result], int]:
    """Turn candidates into results whose texts fit a budget.

    Args:
        candidates: Best first.
        budget: Tokens for everything.
        counter: Counts them.

    Returns:
        The results, best first, and the tokens they take. The first is always there; later ones
        lose their text, then their place. What has lost its text is read by its id.
    """
    results: list[Result] = []
    spent = 0
    shown: set[str] = set()
    best = candidates[0].score if candidates else 1.0
    for candidate in candidates:
        left = budget - spent - HEADER_TOKENS
        if left <= 0 and results:
            break
        file = candidate.chunk.path or ""
        folded = len(results) >= WHOLE_SIBLINGS and file in shown
        shown.add(file or candidate.whole.id)
        text, tokens = ("", 0) if folded else _passage(candidate.whole.chunk.text, left, budget, counter)
        results.append(_result(candidate, text, candidate.score / best))
        spent += tokens + HEADER_TOKENS
    return results, spent


def _passage(text: str, left: int, budget: int, counter: TokenCounter) -> tuple[str, int]:
    text = text.strip("\n")
    share = max(min(left, int(budget * LARGEST_SHARE)), 0)
    tokens = counter.count_tokens(text)
    if tokens <= share:
        return text, tokens
    if share < SMALLEST_PASSAGE:
        return "", 0
    trimmed = counter.trim_to_tokens(text, share)
    return trimmed, counter.count_tokens(trimmed)


def _result(candidate: Candidate, text: str, score: float) -> Result:
    chunk = candidate.whole.chunk
    return Result(
        item_id=candidate.whole.id,
        kind=chunk.kind,
        title=heading(chunk),
        text=text,
        score=round(score, 4),
        path=chunk.path,
        lines=chunk.lines,
        commit=chunk.commit,
        status=candidate.decision.status if candidate.decision else None,
        superseded_by=candidate.decision.superseded_by if candidate.decision else (),
        signals=candidate.signals,
        truncated=len(text) < len(chunk.text.strip("\n")),
    )


def heading(chunk: Chunk | ChunkOutline) -> str:
    """Say what a chunk is in one line: its headings, or its symbol."""
    if chunk.symbol:
        return chunk.symbol
    return " > ".join((*chunk.breadcrumb, chunk.title)) if chunk.breadcrumb else chunk.title

"""Fits an answer into the tokens its caller can spare."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from whykeeper_indexers.search.candidates import Candidate, Result
from whykeeper_indexers.search.framing import CUT, fence, headline, place, short_title, standing
from whykeeper_indexers.types import Chunk, ChunkOutline

__all__ = ["TokenCounter", "fit", "heading"]

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


def fit(
    candidates: Sequence[Candidate],
    budget: int,
    counter: TokenCounter,
    reasons: Sequence[str] = (),
    asked_for: Collection[str] = (),
    fresh: Mapping[str, str] | None = None,
    told: Collection[str] = (),
) -> tuple[list[Result], int]:
    """Turn candidates into results that fit a budget as they are shown.

    Args:
        candidates: Best first.
        budget: Tokens for everything, the lines above the passages and the marks around them included.
        counter: Counts them.
        reasons: What is shown of each besides, in their order.
        asked_for: Files that the caller named to look into: no passage of theirs is given up for others.
        fresh: Whether documents still hold, by path, as it is shown.
        told: Files whose text is told elsewhere in the answer: they keep their place and take nothing.

    Returns:
        The results, best first, and the tokens they take. The first is always there; later ones
        lose their text, then their place. What has lost its text is read by its id.
    """
    results: list[Result] = []
    spent = 0
    shown: set[str] = set()
    full = False
    best = candidates[0].score if candidates else 1.0
    for number, candidate in enumerate(candidates):
        result = _result(candidate, candidate.score / best, (fresh or {}).get(candidate.chunk.path or "", ""))
        if candidate.chunk.path in told:
            results.append(result)
            continue
        above = counter.count_tokens(_above(result, reasons[number : number + 1]))
        left = budget - spent - above
        if full := full or (left < 0 and bool(results)):
            continue
        file = candidate.chunk.path or ""
        folded = len(results) >= WHOLE_SIBLINGS and file in shown and file not in asked_for
        shown.add(file or candidate.whole.id)
        whole = candidate.whole.chunk.text.strip("\n")
        text, tokens = ("", 0) if folded else _passage(whole, left, budget, counter)
        results.append(replace(result, text=text, truncated=len(text) < len(whole)))
        spent += tokens + above
    return results, spent


def _above(result: Result, reasons: Sequence[str]) -> str:
    """What is shown above a passage, with its number."""
    where = place(result.path, result.lines, result.commit)
    said = standing(result.status, result.superseded_by, result.amended_by, result.freshness)
    line = headline(where, result.kind.value, result.title, result.item_id, said)
    return "\n".join((f"1. {line}", *reasons))


def _passage(text: str, left: int, budget: int, counter: TokenCounter) -> tuple[str, int]:
    around = fence(text)
    marks = counter.count_tokens(f"{around}\n{CUT}\n{around}")
    share = max(min(left - marks, int(budget * LARGEST_SHARE)), 0)
    tokens = counter.count_tokens(text)
    if tokens <= share:
        return text, tokens + marks
    if share < SMALLEST_PASSAGE:
        return "", 0
    trimmed = counter.trim_to_tokens(text, share)
    return trimmed, counter.count_tokens(trimmed) + marks


def _result(candidate: Candidate, score: float, freshness: str) -> Result:
    chunk = candidate.whole.chunk
    return Result(
        item_id=candidate.whole.id,
        kind=chunk.kind,
        title=short_title(heading(chunk)),
        text="",
        score=round(score, 4),
        path=chunk.path,
        lines=chunk.lines,
        commit=chunk.commit,
        status=candidate.decision.status if candidate.decision else None,
        superseded_by=candidate.decision.superseded_by if candidate.decision else (),
        amended_by=candidate.decision.amended_by if candidate.decision else (),
        freshness=freshness,
        signals=candidate.signals,
        truncated=False,
    )


def heading(chunk: Chunk | ChunkOutline) -> str:
    """Say what a chunk is in one line: its headings, or its symbol."""
    if chunk.symbol:
        return chunk.symbol
    return " > ".join((*chunk.breadcrumb, chunk.title)) if chunk.breadcrumb else chunk.title

"""An explanation as compact Markdown, and how much of one a budget holds."""

from __future__ import annotations

from collections.abc import Sequence

from whykeeper.explaining.answer import ExplainAnswer, Reason
from whykeeper_indexers.printable import one_line
from whykeeper_indexers.search.budget import LARGEST_SHARE, SMALLEST_PASSAGE, TokenCounter
from whykeeper_indexers.search.framing import CUT, fence, headline, place, standing

__all__ = ["explanation_markdown", "fitted"]


def explanation_markdown(answer: ExplainAnswer) -> str:
    """Render an explanation."""
    lines = [f"Note: {one_line(note)}" for note in answer.notes]
    lines.append(one_line(answer.summary))
    for number, reason in enumerate(answer.reasons, start=1):
        lines += ["", *_lines(reason, number)]
    return "\n".join(lines).strip()


def fitted(reasons: Sequence[Reason], budget: int, counter: TokenCounter) -> list[Reason]:
    """Keep what fits a budget as it is shown; later reasons lose their text, then their place.

    Args:
        reasons: What matters most first; the first is always kept.
        budget: Tokens for everything.
        counter: Counts them.
    """
    kept: list[Reason] = []
    left = budget
    for number, reason in enumerate(reasons, start=1):
        above = counter.count_tokens("\n".join(_above(reason, number)))
        if above > left and kept:
            break
        text = _cut(reason.text, left - above, budget, counter)
        kept.append(reason.model_copy(update={"text": text, "truncated": len(text) < len(reason.text)}))
        left -= above + (counter.count_tokens("\n".join(_passage(kept[-1]))) if text else 0)
    return kept


def _cut(text: str, left: int, budget: int, counter: TokenCounter) -> str:
    if not text:
        return ""
    marks = counter.count_tokens(f"{fence(text)}\n{CUT}\n{fence(text)}")
    share = max(min(left - marks, int(budget * LARGEST_SHARE)), 0)
    # A token has one character at least; counting is not free.
    if len(text) <= share or counter.count_tokens(text) <= share:
        return text
    return counter.trim_to_tokens(text, share) if share >= SMALLEST_PASSAGE else ""


def _lines(reason: Reason, number: int) -> list[str]:
    return [*_above(reason, number), *(_passage(reason) if reason.text else [])]


def _above(reason: Reason, number: int) -> list[str]:
    where = place(reason.path, reason.lines, reason.commit)
    holds = standing(reason.status, reason.superseded_by, reason.amended_by)
    line = headline(where, reason.kind, reason.title, reason.id, holds)
    facts = [reason.date, reason.author, *reason.issues, reason.because]
    return [f"{number}. {line}", f"   {one_line(' · '.join(filter(None, facts)))}"]


def _passage(reason: Reason) -> list[str]:
    around = fence(reason.text)
    return [around, reason.text, *([CUT] if reason.truncated else []), around]

"""From a search's results to what goes over the wire."""

from __future__ import annotations

from whykeeper.answers import GoverningItem, ResultItem
from whykeeper_indexers.search.candidates import Result

__all__ = ["governing_item", "result_item"]


def result_item(result: Result, *, explain: bool = False) -> ResultItem:
    """Put a result into the form that goes over the wire.

    Args:
        result: Of a search.
        explain: Add what moved its rank.
    """
    return ResultItem(
        id=result.item_id,
        kind=result.kind.value,
        path=result.path,
        lines=None if result.lines is None else (result.lines.start, result.lines.end),
        commit=result.commit,
        title=result.title,
        status=result.status,
        superseded_by=list(result.superseded_by) or None,
        amended_by=list(result.amended_by) or None,
        freshness=result.freshness or None,
        score=result.score,
        text=result.text,
        truncated=result.truncated,
        signals=dict(result.signals) if explain else None,
    )


def governing_item(result: Result, because: str | None = None) -> GoverningItem:
    """Put a result into the form that goes over the wire, with why it binds."""
    return GoverningItem(**result_item(result).model_dump(), because=because)

"""Whether what is shown still holds, in a few words beside it."""

from __future__ import annotations

from collections.abc import Iterable

from whykeeper_indexers.link_types import Finding, Freshness, FreshnessReport
from whykeeper_indexers.search.recall import Recall

__all__ = ["freshness_line", "freshness_of"]

MOST_CHARACTERS = 110
"""Of what is said beside a passage; ``whykeeper stale`` says the rest."""
_SHA_SHOWN = 8


def freshness_of(paths: Iterable[str | None], recall: Recall) -> dict[str, str]:
    """Say of documents whether they still hold; those of which nothing is known are left out.

    Args:
        paths: Of anything; only documents are looked up.
        recall: The checkout's view of its stores.
    """
    wanted = {path for path in paths if path}
    found = recall.catalog.freshness(recall.checkout, wanted) if wanted else {}
    return {path: line for path, report in found.items() if (line := freshness_line(report))}


def freshness_line(report: FreshnessReport) -> str:
    """Say in one line whether a document still holds; empty when that is not known."""
    if report.state is Freshness.UNKNOWN:
        return ""
    if not report.findings:
        return report.state.value
    more = len([each for each in report.findings if each.state is report.state]) - 1
    return f"{report.state}: {_said(report.findings[0])}" + (f", and {more} more" if more else "")


def _said(finding: Finding) -> str:
    by = f" in {finding.commit[:_SHA_SHOWN]}" if finding.commit else ""
    said = f"line {finding.line} names {finding.target}, {finding.what}"
    return (said if len(said) <= MOST_CHARACTERS else f"{said[:MOST_CHARACTERS].rstrip()} …") + by

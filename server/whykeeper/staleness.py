"""``whykeeper stale``: documents that no longer fit what they describe, the worst first."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING, Any

from whykeeper_indexers.link_types import Finding, Freshness, FreshnessReport

if TYPE_CHECKING:
    from whykeeper.daemon.protocols import Progress
    from whykeeper.memory import Memory

__all__ = ["counts_of", "finding_row", "judged_anew", "stale_report"]

LONGEST_S = 240.0
"""That the command waits: a first round takes a minute at most, and what was left is done in the next."""
TICK_S = 0.1
"""Between two reports on how far it has come."""
_ORDER = list(Freshness)
_SHOWN = (Freshness.BROKEN, Freshness.DRIFTED)


async def judged_anew(memory: Memory, progress: Progress) -> bool:
    """Judge a checkout's documents.

    Args:
        memory: The checkout's.
        progress: Told the phase, and how much of it is done.

    Returns:
        Whether every document was judged.
    """
    work = asyncio.ensure_future(asyncio.to_thread(memory.freshener.judge, LONGEST_S))
    while not work.done():
        await progress(_under_way(memory))
        await asyncio.wait([work], timeout=TICK_S)
    return work.result()


def _under_way(memory: Memory) -> dict[str, Any]:
    """The phase of the index that a round waits for, or the round's own."""
    now, round_ = memory.indexer.progress, memory.freshener.under_way
    if round_ is None and memory.indexer.busy:
        return {"phase": now.phase, "done": now.done, "total": now.total}
    done, total = round_ or (0, 0)
    return {"phase": "judging", "done": done, "total": total}


def stale_report(memory: Memory, *, everything: bool, whole: bool) -> dict[str, Any]:
    """List what was found when a checkout's documents were judged.

    Args:
        memory: The checkout's.
        everything: Also those that are only ageing, that are fresh, and that name nothing to judge by.
        whole: Whether every document was judged.

    Returns:
        ``documents``, the worst first, each with ``path``, ``state``, ``checked`` and ``findings``;
        ``counts`` by state; ``notes``.
    """
    found = memory.store.catalog.freshness(memory.indexer.checkout)
    shown = [each for each in found.values() if everything or each.state in _SHOWN]
    shown.sort(key=lambda each: (_ORDER.index(each.state), -_severity(each), each.path))
    return {
        "documents": [_row(each) for each in shown],
        "counts": counts_of(memory),
        "notes": _notes(memory, whole=whole),
    }


def counts_of(memory: Memory) -> dict[str, int]:
    """How many documents are in each state, the worst first."""
    counts = Counter(each.state for each in memory.store.catalog.freshness(memory.indexer.checkout).values())
    return {state.value: counts[state] for state in _ORDER if counts[state]}


def finding_row(finding: Finding) -> dict[str, Any]:
    """One thing that does not hold, as it goes over the wire."""
    return {
        "state": finding.state.value,
        "line": finding.line,
        "kind": finding.kind.value,
        "names": finding.target,
        "what": finding.what,
        "commit": finding.commit,
        "hint": finding.hint,
    }


def _row(report: FreshnessReport) -> dict[str, Any]:
    return {
        "path": report.path,
        "state": report.state.value,
        "checked": report.checked,
        "findings": [finding_row(each) for each in report.findings],
    }


def _severity(report: FreshnessReport) -> int:
    return sum(each.state is report.state for each in report.findings)


def _notes(memory: Memory, *, whole: bool) -> list[str]:
    if not memory.repository.is_git:
        return ["there is no git history here to judge documents by"]
    failure = memory.freshener.failure
    if failure is not None:
        return [f"the documents could not all be judged: {failure}"]
    return [] if whole else ["not every document could be judged yet: ask again in a while"]

"""The tables of the retrieval benchmark, and the figures that its reaches are judged by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from benchmarks.reporting import bootstrap_interval, markdown_table, quantile
from benchmarks.retrieval.rows import Score

__all__ = ["mean", "retrieval", "summary", "with_interval"]

_METRICS = ("ndcg@10", "recall@5", "mrr@10")
_APART = frozenset({"scope", "code-search", "absent", "history"})
"""Groups that are no part of the mean over the hand-written questions."""


def retrieval(scores: Sequence[Score]) -> str:
    """Lay out figures by type and by repository, the judgement of confidence, and latencies."""
    sections = []
    hand = [s for s in scores if s.group not in _APART]
    if hand:
        sections += [_groups("Hand-written questions", hand), *_findings(summary(scores))]
    for group, title in (("scope", "What governs a file"), ("code-search", "Code search, strict")):
        chosen = [s for s in scores if s.group == group]
        if chosen:
            sections.append(_groups(title, chosen))
    took = [s.took_ms for s in scores]
    sections.append(
        f"Round trips through the SDK's client: p50 {quantile(took, 0.5):g} ms, "
        f"p95 {quantile(took, 0.95):g} ms ({len(took)} questions)."
    )
    return "\n\n".join(sections)


def summary(scores: Sequence[Score]) -> dict[str, Any]:
    """Give the figures that are to be reached; those of sets that were not asked are left out."""
    found: dict[str, Any] = {}
    hand = [s for s in scores if s.group not in _APART]
    for name, chosen in (
        ("hand", hand),
        ("scope", [s for s in scores if s.group == "scope"]),
        ("code", [s for s in scores if s.group == "code-search"]),
    ):
        if chosen:
            found[name] = {
                metric: (mean(chosen, metric), *bootstrap_interval([s.values[metric] for s in chosen]))
                for metric in _METRICS
                if metric in chosen[0].values
            }
    for name, group, metric in (("history", "history", "hit@5"), ("absent", "absent", "confident")):
        values = [s.values[metric] for s in scores if s.group == group]
        if values:
            hits = sum(values) if name == "history" else len(values) - sum(values)
            found[name] = {"hits": int(hits), "of": len(values)}
    answerable = [s.values["confident"] for s in scores if "confident" in s.values and s.group != "absent"]
    if answerable:
        found["withheld"] = {"hits": int(len(answerable) - sum(answerable)), "of": len(answerable)}
    return found


def mean(scores: Sequence[Score], metric: str) -> float:
    """Mean of a metric."""
    return sum(s.values[metric] for s in scores) / len(scores)


def with_interval(value: float, low: float, high: float) -> str:
    """Write a mean with its 95 % interval."""
    return f"{value:.3f} [{low:.3f}, {high:.3f}]"


def _findings(found: dict[str, Any]) -> list[str]:
    said = []
    if "history" in found:
        said.append("history: the commit among the first five for {hits} of {of}".format(**found["history"]))
    if "absent" in found:
        said.append('absent: "nothing recorded" for {hits} of {of}'.format(**found["absent"]))
    if "withheld" in found:
        said.append("answerable, and wrongly withheld: {hits} of {of}".format(**found["withheld"]))
    return ["\n".join(f"- {line}" for line in said)] if said else []


def _groups(title: str, scores: Sequence[Score]) -> str:
    metrics = [name for name in _METRICS if name in scores[0].values]
    groups = [("all", list(scores))]
    groups += [(name, group) for name, group in _by(scores, lambda s: s.group) if len(scores) > len(group)]
    groups += _by(scores, lambda s: s.repo)
    rows = [
        (f"… {name}" if row else name, len(group), *(_cell(group, metric) for metric in metrics))
        for row, (name, group) in enumerate(groups)
    ]
    return markdown_table((title, "queries", *(f"{metric} [95 %]" for metric in metrics)), rows)


def _cell(scores: Sequence[Score], metric: str) -> str:
    return with_interval(mean(scores, metric), *bootstrap_interval([s.values[metric] for s in scores]))


def _by(scores: Iterable[Score], key: Callable[[Score], str]) -> list[tuple[str, list[Score]]]:
    groups: defaultdict[str, list[Score]] = defaultdict(list)
    for score in scores:
        groups[key(score)].append(score)
    return sorted(groups.items(), key=lambda group: -len(group[1]))

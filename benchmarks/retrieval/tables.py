"""The printed tables of the retrieval benchmark."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from benchmarks.reporting import bootstrap_interval, markdown_table, quantile
from benchmarks.retrieval.rows import Score

__all__ = ["print_tables"]

_METRICS = ("ndcg@10", "recall@5", "mrr@10")


def print_tables(scores: Sequence[Score]) -> None:
    """Print figures by type and by repository, the judgement of confidence, and latencies."""
    hand = [s for s in scores if s.group not in {"scope", "code-search", "absent", "history"}]
    if hand:
        _print_groups("Hand-written questions", hand)
        _print_history([s for s in scores if s.group == "history"])
        _print_confidence(scores)
    for group, title in (("scope", "What governs a file"), ("code-search", "Code search, strict")):
        chosen = [s for s in scores if s.group == group]
        if chosen:
            _print_groups(title, chosen)
    print("\n## Round trip over MCP, ms\n")
    took = [s.took_ms for s in scores]
    print(markdown_table(("queries", "p50", "p95"), [(len(took), quantile(took, 0.5), quantile(took, 0.95))]))


def _print_groups(title: str, scores: Sequence[Score]) -> None:
    print(f"\n## {title}\n")
    metrics = [name for name in _METRICS if name in scores[0].values]
    rows = [_row("all", scores, metrics, interval=True)]
    rows += [
        _row(name, group, metrics)
        for name, group in _by(scores, lambda s: s.group)
        if len(scores) > len(group)
    ]
    rows += [_row(name, group, metrics) for name, group in _by(scores, lambda s: s.repo)]
    print(markdown_table(("group", "queries", *metrics), rows))


def _row(
    name: str, scores: Sequence[Score], metrics: Iterable[str], *, interval: bool = False
) -> tuple[object, ...]:
    cells = []
    for metric in metrics:
        values = [s.values[metric] for s in scores]
        cell = f"{sum(values) / len(values):.3f}"
        if interval:
            low, high = bootstrap_interval(values)
            cell += f" [{low:.3f}, {high:.3f}]"
        cells.append(cell)
    return (name, len(scores), *cells)


def _print_history(scores: Sequence[Score]) -> None:
    if scores:
        found = sum(s.values["hit@5"] for s in scores)
        print(f"\nhistory: the commit among the first five for {found:.0f} of {len(scores)}")


def _print_confidence(scores: Sequence[Score]) -> None:
    absent = [s for s in scores if s.group == "absent"]
    answerable = [s for s in scores if "confident" in s.values and s.group != "absent"]
    if absent and answerable:
        right = sum(1 - s.values["confident"] for s in absent)
        wrong = sum(1 - s.values["confident"] for s in answerable)
        print(f'absent: "nothing recorded" for {right:.0f} of {len(absent)}')
        print(f"answerable, and wrongly withheld: {wrong:.0f} of {len(answerable)}")


def _by(scores: Sequence[Score], key: Callable[[Score], str]) -> list[tuple[str, list[Score]]]:
    groups: defaultdict[str, list[Score]] = defaultdict(list)
    for score in scores:
        groups[key(score)].append(score)
    return sorted(groups.items())

"""What is to be reached, beside what was measured last."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from benchmarks.reporting import markdown_table

__all__ = ["marked", "reach_table"]

HAND = (0.80, 0.85)
"""nDCG@10 and recall@5 on the hand-written set."""
HISTORY = 0.70
ABSENT, WITHHELD = 0.85, 0.05
SCOPE = 0.80
CODE = 0.90
ERRORS, WARNINGS = 0.02, 0.15
"""Share of real commits that may have such a finding."""
FAULTS = 0.90
"""Share of each class of planted faults."""
TOKENS = 1_000
"""What semble publishes, about."""
_Measured = tuple[str, bool | None]
_NOT_YET: _Measured = ("not measured", None)


def reach_table(
    retrieval: Mapping[str, Any], speed: Mapping[str, Any], verify: Mapping[str, Any] | None = None
) -> str:
    """Lay out every reach.

    Args:
        retrieval: Parts of the retrieval benchmark, the newest of each.
        speed: The same of the speed benchmark: lines that say themselves whether they hold.
        verify: The same of verification, whose part ``speed`` has such lines, too.
    """
    summary = retrieval.get("retrieval", {}).get("summary", {})
    engines = retrieval.get("peers", {}).get("engines", {})
    judged: list[tuple[str, str, Callable[[], _Measured]]] = [
        ("hand-written set, nDCG@10 / recall@5", "{:.2f} / {:.2f}".format(*HAND), lambda: _hand(summary)),
        ("`history` questions, the commit in the first five", f"{HISTORY:.2f}", lambda: _history(summary)),
        (
            "`absent` questions answered “nothing recorded” / answerable ones wrongly withheld",
            f"{ABSENT:.0%} / at most {WITHHELD:.0%}",
            lambda: _absent(summary),
        ),
        ("scope set through `get_context`, nDCG@10", f"{SCOPE:.2f}", lambda: _ndcg(summary["scope"], SCOPE)),
        ("code set, strict, nDCG@10", f"{CODE:.2f}", lambda: _code(summary, engines)),
        ("answer tokens to reach recall 0.9 on the code set", "below semble's", lambda: _tokens(engines)),
        *_of_verification(verify or {}),
    ]
    rows: list[tuple[str, ...]] = []
    for what, reach, measure in judged:
        try:
            measured, holds = measure()
        except KeyError:
            measured, holds = _NOT_YET
        rows.append((what, reach, marked(measured, holds)))
    for part in (*speed.values(), (verify or {}).get("speed", {"lines": ()})):
        rows += [
            (line["what"], line["reach"], marked(line["measured"], line["holds"]))
            for line in part["lines"]
            if line["asked_for"]
        ]
    return markdown_table(("what", "reach", "measured"), rows)


def _of_verification(verify: Mapping[str, Any]) -> list[tuple[str, str, Callable[[], _Measured]]]:
    replayed = [part for name, part in verify.items() if name.startswith("replay ")]
    planted = [part for name, part in verify.items() if name.startswith("planted ")]
    kinds = dict.fromkeys(kind for part in planted for kind in part["kinds"]) or dict.fromkeys(["any class"])
    return [
        (
            "real commits with a finding of severity `error` / `warning`, no constraints set",
            f"at most {ERRORS:.0%} / {WARNINGS:.0%}",
            lambda: _alarms(replayed),
        ),
        *(
            (f"planted faults found: {kind}", f"{FAULTS:.0%}", partial(_found, planted, kind))
            for kind in kinds
        ),
    ]


def _alarms(replayed: Sequence[Mapping[str, Any]]) -> _Measured:
    if not replayed:
        return _NOT_YET
    commits = sum(part["commits"] for part in replayed)
    errors, warnings = (sum(part["with"][each] for part in replayed) for each in ("error", "warning"))
    said = f"{errors} ({errors / commits:.1%}) / {warnings} ({warnings / commits:.1%}) of {commits}"
    # Each repository has to stay within the limits: one without alarms makes up for no other.
    holds = all(
        part["with"]["error"] <= ERRORS * part["commits"]
        and part["with"]["warning"] <= WARNINGS * part["commits"]
        for part in replayed
    )
    return f"{said}, in {len(replayed)} repositories", holds


def _found(planted: Sequence[Mapping[str, Any]], kind: str) -> _Measured:
    counts = [part["kinds"][kind] for part in planted if kind in part["kinds"]]
    if not counts:
        return _NOT_YET
    found, of = (sum(each[name] for each in counts) for name in ("found", "planted"))
    return f"{found} of {of} ({found / of:.0%})", found >= FAULTS * of


def _hand(summary: Mapping[str, Any]) -> _Measured:
    values = [summary["hand"][metric] for metric in ("ndcg@10", "recall@5")]
    said = " / ".join(_interval(value) for value in values)
    return said, all(value[0] >= least for value, least in zip(values, HAND, strict=True))


def _history(summary: Mapping[str, Any]) -> _Measured:
    share = _share(summary["history"])
    return f"{share:.2f} ({summary['history']['hits']} of {summary['history']['of']})", share >= HISTORY


def _absent(summary: Mapping[str, Any]) -> _Measured:
    absent, withheld = _share(summary["absent"]), _share(summary["withheld"])
    said = f"{absent:.0%} of {summary['absent']['of']} / {withheld:.1%} of {summary['withheld']['of']}"
    return said, absent >= ABSENT and withheld <= WITHHELD


def _ndcg(found: Mapping[str, Any], least: float) -> _Measured:
    return _interval(found["ndcg@10"]), found["ndcg@10"][0] >= least


def _code(summary: Mapping[str, Any], engines: Mapping[str, Any]) -> _Measured:
    said, holds = _ndcg(summary["code"], CODE)
    peers = [
        f"{name}: {_figure(found['code_ndcg@10'])}" for name, found in engines.items() if name != "whykeeper"
    ]
    return f"{said}; in the same run {', '.join(peers)}" if peers else said, holds


def _tokens(engines: Mapping[str, Any]) -> _Measured:
    ours = engines["whykeeper"]["tokens"]
    theirs = next(found["tokens"] for name, found in engines.items() if name.startswith("semble"))
    said = f"{_count(ours)}; semble in the same run {_count(theirs)}, published about {TOKENS:,}"
    return said, ours is not None and ours < TOKENS and (theirs is None or ours < theirs)


def _share(found: Mapping[str, int]) -> float:
    return found["hits"] / found["of"]


def _interval(value: list[float]) -> str:
    return "{:.3f} [{:.3f}, {:.3f}]".format(*value)


def _figure(value: float) -> str:
    return f"{value:.3f}"


def _count(tokens: int | None) -> str:
    return "not reached" if tokens is None else f"{tokens:,}"


def marked(measured: str, holds: bool | None) -> str:
    """Say beside a figure whether it was reached."""
    return measured + {True: " ✓", False: " ✗", None: ""}[holds]

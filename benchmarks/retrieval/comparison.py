"""whykeeper beside its peers: the same questions, the same files, one after the other in one run.

On the code set every engine gets the folder that the set names, and is scored strictly. On the
hand-written set every engine gets the whole repository, documents too, and is scored by file; questions
that only a commit answers, and those that nothing answers, are left out: no peer can.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from benchmarks.peers.code_index import CodeIndex
from benchmarks.peers.engine import Peer
from benchmarks.peers.ripgrep import Ripgrep
from benchmarks.peers.semble import Semble, static_model
from benchmarks.peers.tokenizer import Tokenizer
from benchmarks.reporting import bootstrap_interval, markdown_table, quantile
from benchmarks.retrieval.asking import DEEP, Asked
from benchmarks.retrieval.rows import Score, score_code, score_files
from benchmarks.retrieval.tables import mean, with_interval
from benchmarks.retrieval.tokens import (
    BUDGETS,
    Curve,
    curve,
    mean_recall,
    tokens_interval,
    tokens_to_reach,
)
from benchmarks.retrieval.units import Reply, targets_of

__all__ = ["OURS", "RECALL", "Comparison"]

OURS = "whykeeper"
RECALL = 0.9
"""Recall that tokens are to buy."""
FILES = 20
"""Results asked for on the hand-written set, of every engine."""
TOP = 10
"""The same on the code set; as many are scored."""
_NO_FILES = frozenset({"history", "absent"})


@dataclass(slots=True)
class _Figures:
    """What one engine got."""

    code: list[Score] = field(default_factory=list)
    hand: list[Score] = field(default_factory=list)
    curves: list[Curve] = field(default_factory=list)
    took_ms: list[float] = field(default_factory=list)
    index_s: float | None = None


class Comparison:
    """Collects what each engine gets, repository by repository.

    Args:
        environments: Holds the peers' virtual environments.
        scratch: Their homes.
        env: Of whykeeper, whose static model semble is given.
    """

    def __init__(self, environments: Path, scratch: Path, env: Mapping[str, str]) -> None:
        self._environments = environments
        self._scratch = scratch
        self._env = env
        self._stack = ExitStack()
        self._peers: list[Peer] = []
        self._figures: defaultdict[str, _Figures] = defaultdict(_Figures)

    def __enter__(self) -> Self:
        self._tokenizer = Tokenizer(self._environments, self._scratch)
        self._stack.callback(self._tokenizer.close)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def ask(
        self,
        checkout: Path,
        rows: Sequence[tuple[str, dict[str, Any]]],
        links: Mapping[str, str],
        asked: Asked,
    ) -> None:
        """Ask the peers what whykeeper was asked about one repository.

        Args:
            checkout: The repository.
            rows: The questions, with the set each is of.
            links: Symbolic links to their targets.
            asked: What whykeeper answered.
        """
        self._note_ours([row for name, row in rows if name == "code"], asked)
        code = [row for name, row in rows if name == "code"]
        hand = [row for name, row in rows if name == "hand" and row["type"] not in _NO_FILES]
        for peer in self._started():
            figures = self._figures[peer.name]
            if code:
                indexed = peer.index(checkout, code[0]["root"], prose=False)
                figures.index_s = (figures.index_s or 0.0) + indexed.took_s
                for row in code:
                    self._note_code(figures, row, peer.ask(row["query"], TOP))
                    figures.curves.append(self._curve(row, peer.ask(row["query"], DEEP)))
            if hand:
                peer.index(checkout, None, prose=True)
                for row in hand:
                    figures.hand.append(score_files(row, peer.ask(row["query"], FILES), links))

    def part(self) -> dict[str, Any]:
        """Give the table, and the figures behind it."""
        engines = {name: _summary(figures) for name, figures in self._figures.items()}
        return {"table": _table(self._figures), "engines": engines}

    def _started(self) -> list[Peer]:
        if not self._peers:
            # Not before whykeeper has indexed something: semble is given the model made then.
            static = static_model(self._env)
            self._peers = [
                Semble(self._environments, self._scratch, static),
                CodeIndex(self._environments, self._scratch),
                Ripgrep(self._environments),
            ]
            for peer in self._peers:
                self._stack.callback(peer.close)
        return self._peers

    def _note_ours(self, code: Sequence[dict[str, Any]], asked: Asked) -> None:
        ours = self._figures[OURS]
        apart = {"scope", "code-search", *_NO_FILES}
        ours.hand += [score for score in asked.scores if score.group not in apart]
        ours.code += [score for score in asked.scores if score.group == "code-search"]
        for row in code:
            reply = asked.deep[row["id"]]
            ours.took_ms.append(reply.inside_ms or reply.took_ms)
            ours.curves.append(self._curve(row, reply))

    @staticmethod
    def _note_code(figures: _Figures, row: dict[str, Any], reply: Reply) -> None:
        figures.code.append(score_code(row, reply))
        figures.took_ms.append(reply.took_ms)

    def _curve(self, row: dict[str, Any], reply: Reply) -> Curve:
        tokens = self._tokenizer.count([unit.text for unit in reply.units])
        return curve(reply.units, tokens, targets_of(row))


def _summary(figures: _Figures) -> dict[str, Any]:
    found: dict[str, Any] = {"index_s": figures.index_s}
    if figures.code:
        found |= {
            "code_ndcg@10": mean(figures.code, "ndcg@10"),
            "p50_ms": quantile(figures.took_ms, 0.5),
            "p95_ms": quantile(figures.took_ms, 0.95),
            "tokens": tokens_to_reach(figures.curves, RECALL),
            "tokens_interval": [
                None if bound == float("inf") else bound for bound in tokens_interval(figures.curves, RECALL)
            ],
            "recall": {str(budget): mean_recall(figures.curves, budget) for budget in BUDGETS},
        }
    if figures.hand:
        found |= {
            "hand_ndcg@10": mean(figures.hand, "ndcg@10"),
            "hand_recall@5": mean(figures.hand, "recall@5"),
        }
    return found


def _table(found: Mapping[str, _Figures]) -> str:
    metrics = (
        "code set, strict: nDCG@10",
        "query p50 / p95, ms",
        "index, s",
        "hand-written: nDCG@10",
        "recall@5",
    )
    quality = [(name, *_quality(figures)) for name, figures in found.items()]
    lines = [markdown_table(("engine", *metrics), quality)]
    curves = {name: figures.curves for name, figures in found.items() if figures.curves}
    if curves:
        budgets = [f"{budget:,}" for budget in BUDGETS]
        head = ("recall on the code set within tokens", *budgets, f"tokens to reach {RECALL:g} [95 %]")
        rows = [
            (name, *(f"{mean_recall(each, budget):.3f}" for budget in BUDGETS), _reached(each))
            for name, each in curves.items()
        ]
        lines.append(markdown_table(head, rows))
    return "\n\n".join(lines)


def _quality(figures: _Figures) -> tuple[str, ...]:
    code, hand = figures.code, figures.hand
    cells = [_cell(code, "ndcg@10") if code else "–"]
    took = figures.took_ms
    cells.append(f"{quantile(took, 0.5):g} / {quantile(took, 0.95):g}" if took else "–")
    cells.append("–" if not figures.index_s else f"{figures.index_s:.1f}")
    cells += [_cell(hand, metric) if hand else "–" for metric in ("ndcg@10", "recall@5")]
    return tuple(cells)


def _cell(scores: Sequence[Score], metric: str) -> str:
    values = [score.values[metric] for score in scores]
    return with_interval(sum(values) / len(values), *bootstrap_interval(values))


def _reached(curves: Sequence[Curve]) -> str:
    tokens = tokens_to_reach(curves, RECALL)
    if tokens is None:
        return f"not with {DEEP} results"
    low, high = (
        "∞" if bound == float("inf") else f"{bound:,.0f}" for bound in tokens_interval(curves, RECALL)
    )
    return f"{tokens:,} [{low}, {high}]"

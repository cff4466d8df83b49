"""How many tokens of answers it takes to have seen what was asked for.

Defined as the source of the code-search set defines it (semble's "token efficiency", in its
``benchmarks/README.md``): an engine's results are read in order, each costing the tokens of its text. A
target is covered by the first result of its file that has a text (and touches its lines, where the row
names them).
Recall at a budget is the share of a question's targets that the results fitting into it cover, a result
that goes past it not counted; the mean over the questions is what is reported. *Tokens to reach a recall*
is the smallest budget at which that mean is reached; none when even everything returned does not reach it.
Texts alone count, for every engine alike: no paths, no markup. Tokens are those of cl100k_base, as there.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from benchmarks.retrieval.units import Target, Unit, covers

__all__ = ["BUDGETS", "Curve", "curve", "mean_recall", "tokens_interval", "tokens_to_reach"]

BUDGETS = (500, 1_000, 2_000, 4_000, 8_000)


@dataclass(frozen=True, slots=True)
class Curve:
    """One question's way to recall.

    Attributes:
        targets: How many there are to cover.
        covered_at: For each one covered, the tokens read by then.
    """

    targets: int
    covered_at: tuple[int, ...]

    def recall(self, budget: int) -> float:
        """Share of the targets covered within a budget."""
        return sum(tokens <= budget for tokens in self.covered_at) / self.targets


def curve(units: Sequence[Unit], tokens: Iterable[int], targets: Sequence[Target]) -> Curve:
    """Follow the results of one question.

    Args:
        units: Best first.
        tokens: Of each one's text.
        targets: At least one.
    """
    left = list(targets)
    covered_at: list[int] = []
    spent = 0
    for unit, cost in zip(units, tokens, strict=True):
        spent += cost
        # A result that only names a place has shown nothing of it.
        now = [target for target in left if unit.text and covers(unit, target)]
        covered_at += [spent] * len(now)
        left = [target for target in left if target not in now]
    return Curve(len(targets), tuple(covered_at))


def mean_recall(curves: Sequence[Curve], budget: int) -> float:
    """Mean over the questions of what a budget covers."""
    return sum(each.recall(budget) for each in curves) / len(curves)


def tokens_to_reach(curves: Sequence[Curve], recall: float) -> int | None:
    """The smallest budget at which the mean recall is reached."""
    steps = sorted((at, 1 / each.targets) for each in curves for at in each.covered_at)
    wanted = recall * len(curves) - 1e-9
    reached = 0.0
    for at, share in steps:
        reached += share
        if reached >= wanted:
            return at
    return None


def tokens_interval(
    curves: Sequence[Curve], recall: float, rounds: int = 500, share: float = 0.95
) -> tuple[float, float]:
    """Percentile bootstrap interval of `tokens_to_reach`, over questions; infinite where never reached."""
    chance = random.Random(0)
    drawn = (tokens_to_reach(chance.choices(curves, k=len(curves)), recall) for _ in range(rounds))
    found = sorted(float("inf") if tokens is None else float(tokens) for tokens in drawn)
    tail = (1 - share) / 2
    return found[int(tail * rounds)], found[int((1 - tail) * rounds) - 1]

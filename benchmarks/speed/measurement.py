"""What one line of the table says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from benchmarks.reporting import quantile

__all__ = ["Measurement", "spread"]


@dataclass(frozen=True, slots=True)
class Measurement:
    """One measured figure beside what it should reach.

    Attributes:
        what: What was measured, in words that say how.
        reach: The figure to reach; a dash where none is named.
        measured: The figure seen.
        holds: Whether it was reached; None where nothing is to be reached.
        peer: The peer's figure in the same run.
        values: The raw values, for the result file.
        asked_for: Whether it stands in the table of everything that is to be reached.
    """

    what: str
    reach: str
    measured: str
    holds: bool | None = None
    peer: str = "–"
    values: Mapping[str, Any] = field(default_factory=dict)
    asked_for: bool = False

    @property
    def row(self) -> tuple[str, str, str, str]:
        """The line of the table."""
        mark = {True: " ✓", False: " ✗", None: ""}[self.holds]
        return self.what, self.reach, f"{self.measured}{mark}", self.peer

    def to_json(self) -> dict[str, Any]:
        """What goes into the result file."""
        return asdict(self)


def spread(values_ms: Sequence[float]) -> str:
    """Say the median and the 95th percentile of some times."""
    return f"p50 {quantile(values_ms, 0.5):g} ms, p95 {quantile(values_ms, 0.95):g} ms"

"""What every benchmark prints and writes in the same way."""

from __future__ import annotations

import os
import platform
import random
import subprocess
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

__all__ = ["bootstrap_interval", "environment", "markdown_table", "quantile"]


def environment() -> dict[str, Any]:
    """What the figures depend on, without naming the machine."""
    packages = ("whykeeper", "mcp", "chromadb", "sentence-transformers", "torch", "watchdog")
    return {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "cores": os.cpu_count(),
        "packages": {name: version(name) for name in packages},
        "commit": _commit(),
    }


def _commit() -> str:
    """What was measured: the commit this file stands in, and whether files differ from it."""
    git = ["git", "-C", str(Path(__file__).parent), "describe", "--always", "--dirty", "--abbrev=12"]
    try:
        return subprocess.run(git, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least ``share`` of the values don't exceed, one decimal."""
    ordered = sorted(values)
    return round(ordered[min(int(share * len(ordered)), len(ordered) - 1)], 1)


def bootstrap_interval(
    values: Sequence[float], rounds: int = 2_000, share: float = 0.95
) -> tuple[float, float]:
    """Percentile bootstrap interval of the mean, over queries; always the same for the same values."""
    chance = random.Random(0)
    means = sorted(sum(chance.choices(values, k=len(values))) / len(values) for _ in range(rounds))
    tail = (1 - share) / 2
    return means[int(tail * rounds)], means[int((1 - tail) * rounds) - 1]


def markdown_table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Lay out a Markdown table."""
    lines = [f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}"]
    lines += [f"| {' | '.join(str(cell) for cell in row)} |" for row in rows]
    return "\n".join(lines)

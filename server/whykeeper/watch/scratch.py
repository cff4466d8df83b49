"""The private folder in which a watcher leaves its marks."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

__all__ = ["make_scratch", "sweep_scratch"]

_PREFIX = "whykeeper-"


def make_scratch(parent: Path | None) -> str:
    """Make a folder of one's own.

    Args:
        parent: Where; None for the system's temporary folder.
    """
    return tempfile.mkdtemp(prefix=_PREFIX, dir=parent)


def sweep_scratch(parent: Path) -> None:
    """Remove what watchers left that were killed.

    Args:
        parent: A folder whose watchers have all ended.
    """
    for left in parent.glob(f"{_PREFIX}*"):
        # Refuses to follow a link.
        shutil.rmtree(left, ignore_errors=True)

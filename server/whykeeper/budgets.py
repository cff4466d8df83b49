"""How much text may be asked for, in tokens: by a setting, an option or a tool's argument alike. Light."""

from __future__ import annotations

from typing import Final

__all__ = ["LEAST_BUDGET", "MOST_BUDGET"]

LEAST_BUDGET: Final = 100
"""Less holds no passage with its heading."""
MOST_BUDGET: Final = 20_000
"""More than clients take of one answer."""

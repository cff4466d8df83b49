"""How much may be asked for, of text or results: by a setting, an option or an argument alike. Light."""

from __future__ import annotations

from typing import Final

__all__ = ["LEAST_BUDGET", "MOST_BUDGET", "MOST_GAPS", "MOST_RESULTS"]

LEAST_BUDGET: Final = 100
"""Less holds no passage with its heading."""
MOST_BUDGET: Final = 20_000
"""More than clients take of one answer."""
MOST_RESULTS: Final = 100
"""More than fit the largest budget with their text."""
MOST_GAPS: Final = 20
"""Documents worth writing that are shown where no number is given: more than anybody writes at once."""

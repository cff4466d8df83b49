"""Rules that decision records carry: what they may say, and what breaks them."""

from __future__ import annotations

from whykeeper.verification.constraints.reading import Bound, Constraint, Problem, constraints_of

__all__ = ["Bound", "Constraint", "Problem", "constraints_of"]

"""What a change took away, or declared otherwise, while others still use it as it was."""

from __future__ import annotations

from collections.abc import Iterator

from whykeeper.verification.checks.boundaries.calls import calls_that_do_not_fit
from whykeeper.verification.checks.boundaries.files import files_still_named
from whykeeper.verification.checks.boundaries.keys import keys_left_behind
from whykeeper.verification.checks.boundaries.routes import routes_still_asked_for
from whykeeper.verification.checks.boundaries.sides import Boundary
from whykeeper.verification.checks.boundaries.symbols import dangling_symbols
from whykeeper.verification.findings import Finding
from whykeeper.verification.subject import Subject

__all__ = ["check"]

_RULES = (
    dangling_symbols,
    calls_that_do_not_fit,
    files_still_named,
    keys_left_behind,
    routes_still_asked_for,
)


def check(subject: Subject) -> Iterator[Finding]:
    """Look at what is gone from code, and who still names it."""
    boundary = Boundary(subject)
    for rule in _RULES:
        yield from rule(boundary)

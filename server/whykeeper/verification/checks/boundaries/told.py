"""How places that still use something are told."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from whykeeper.verification.findings import Evidence, Severity
from whykeeper_indexers.path_roles import is_sample
from whykeeper_indexers.secrets import redact
from whykeeper_indexers.usage import CodeFile, Mention

__all__ = ["Use", "evidence_of", "heaviest", "places", "use_at"]

MOST_SHOWN: Final = 5
_LONGEST: Final = 200
_MAY_BE_SECRET: Final = re.compile(
    r"[\"'`](?=[^\"'`]*\d)[^\s\"'`/.]{12,}[\"'`]|://[^\s/@]+@|\b[A-Za-z0-9_+-]{32,}"
)


class Use(NamedTuple):
    """A place that still uses something.

    Attributes:
        path: The file.
        line: 1-based.
        text: Of the line.
        severity: How certain it is that the use breaks.
        mention: The name, where it was read from a syntax tree.
    """

    path: str
    line: int
    text: str
    severity: Severity
    mention: Mention | None = None


def use_at(file: CodeFile, line: int, severity: Severity, mention: Mention | None = None) -> Use:
    """A place in a file of code; what an example or a benchmark says breaks nobody's work."""
    if severity is Severity.ERROR and is_sample(file.path):
        severity = Severity.WARNING
    return Use(file.path, line, file.line(line)[:_LONGEST], severity, mention)


def heaviest(uses: Sequence[Use]) -> Severity:
    """The severity of the surest of some uses."""
    return min((each.severity for each in uses), key=lambda each: each.rank)


def places(uses: Sequence[Use]) -> str:
    """Where they are, in a few words."""
    first = min(uses, key=lambda each: (each.severity.rank, each.path, each.line))
    more = len(uses) - 1
    others = f" and {more} more place{'s' if more > 1 else ''}" if more else ""
    return f"{first.path}:{first.line}{others}"


def evidence_of(uses: Sequence[Use]) -> tuple[Evidence, ...]:
    """A few of the places, the surest first."""
    ordered = sorted(uses, key=lambda each: (each.severity.rank, each.path, each.line))
    return tuple(Evidence(each.path, (each.line, each.line), _shown(each)) for each in ordered[:MOST_SHOWN])


def _shown(use: Use) -> str:
    """The line without secrets; most lines have nothing that could be one, which spares loading the rules."""
    return redact(use.text, use.path)[0] if _MAY_BE_SECRET.search(use.text) else use.text

"""Functions whose names say, in other words, what existing ones do."""

from __future__ import annotations

from typing import Final

from whykeeper.verification.checks.duplicates.functions import Functions, Place
from whykeeper.verification.findings import Evidence, Finding, Severity
from whykeeper_indexers.code.clones import Build
from whykeeper_indexers.code.jobs import job_key, job_words

__all__ = ["same_job_as"]

LEAST_WORDS: Final = 0.3
"""Of the words of two bodies, their names aside, that they share: both speak of the same things."""
MOST_HOLDERS: Final = 4
"""Functions of the same job: with more of them the name is a role, which many classes fill."""


def same_job_as(place: Place, functions: Functions) -> Finding | None:
    """Give the finding on a function for whose job there is one already; None where there is none."""
    job = job_key(place.build.symbol)
    if job is None:
        return None
    holders = functions.sharing([job], 1, MOST_HOLDERS + 1)
    if len(holders) > MOST_HOLDERS:
        return None
    found = [each for each in holders if _may_be_called(place, each)]
    best = max(found, key=lambda each: _shared(place.build, each.build), default=None)
    if best is None or _shared(place.build, best.build) < LEAST_WORDS:
        return None
    return _finding(place, best)


def _may_be_called(place: Place, other: Place) -> bool:
    """Whether one is no overload of the other, and no method of another class that fills the same role."""
    if place.build.symbol == other.build.symbol and place.path == other.path:
        return False
    own, others = place.build.symbol.rpartition("."), other.build.symbol.rpartition(".")
    return not (own[0] and others[0] and own[2] == others[2])


def _shared(one: Build, other: Build) -> float:
    """How many of the words of two functions they share, those of their names aside."""
    names = job_words(one.symbol) | job_words(other.symbol)
    here, there = one.words - names, other.words - names
    return len(here & there) / max(1, len(here | there))


def _finding(place: Place, existing: Place) -> Finding:
    new, old = place.build, existing.build
    return Finding(
        check="duplicates",
        rule="duplicates/same-job",
        severity=Severity.NOTE,
        path=place.path,
        line=new.lines.start,
        end_line=new.lines.end,
        message=f"{new.symbol} seems to do what {old.symbol} in {existing.path} does already.",
        hint=f"Look at {old.symbol} ({existing.path}:{old.lines.start}) and call it if it does the same.",
        evidence=(Evidence(existing.path, old.lines, old.signature),),
        subject=new.symbol,
    )

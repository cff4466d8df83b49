"""Functions that are built like existing ones, whatever they call things."""

from __future__ import annotations

from typing import Final

from whykeeper.verification.checks.duplicates.functions import ALIKE, Functions, Place, alike
from whykeeper.verification.findings import Evidence, Finding, Severity
from whykeeper_indexers.code.clones import LEAST_SUBTREES, SKETCH, built_like, words_alike

__all__ = ["clone_of"]

MOST_COMPARED: Final = 12
"""Of the functions that share hashes with a new one, those that share the most."""
LEAST_SHARED: Final = 0.35
"""Of a sketch: two functions that are half alike share two thirds of theirs."""
FAMILY: Final = 3
"""Functions that are alike already: here it is a custom, such as one file for each language."""
LARGE: Final = 40
"""Subtrees of a function that is not written nearly the same way twice by chance."""
SAME: Final = 0.9
"""Built alike to this degree, a small function is not either."""
COPIED_WORDS: Final = 0.8
"""With so many words in common a function is a copy, however many others are like it."""


def clone_of(place: Place, functions: Functions) -> Finding | None:
    """Give the finding on a function that is built like others; None where it is like none."""
    if place.build.size < LEAST_SUBTREES:
        return None
    hashes = sorted(place.build.subtrees)[:SKETCH]
    sharing = functions.sharing(hashes, int(LEAST_SHARED * len(hashes)) + 1, MOST_COMPARED)
    found = [each for each in sharing if not _is_overload(place, each) and alike(place.build, each.build)]
    return _finding(place, max(found, key=lambda each: _likeness(place, each)), len(found)) if found else None


def _likeness(place: Place, other: Place) -> tuple[float, float]:
    return built_like(place.build, other.build), words_alike(place.build, other.build)


def _is_overload(place: Place, other: Place) -> bool:
    """Whether one is another form of the other: they are alike on purpose."""
    return other.path == place.path and other.build.symbol == place.build.symbol


def _finding(place: Place, existing: Place, family: int) -> Finding:
    new, old = place.build, existing.build
    same, size = built_like(new, old), min(new.size, old.size)
    copied = same >= SAME and words_alike(new, old) >= COPIED_WORDS
    sure = copied or (family < FAMILY and (same >= SAME or (same >= ALIKE and size >= LARGE)))
    more = f", one of {family} like it" if family >= FAMILY else ""
    return Finding(
        check="duplicates",
        rule="duplicates/clone",
        severity=Severity.WARNING if sure else Severity.NOTE,
        path=place.path,
        line=new.lines.start,
        end_line=new.lines.end,
        message=f"{new.symbol} is {same:.0%} the same as {old.symbol} in {existing.path}{more}.",
        hint=f"Call {old.symbol} ({existing.path}:{old.lines.start}), or say why both are needed.",
        evidence=(Evidence(existing.path, old.lines, old.signature),),
        subject=new.symbol,
    )

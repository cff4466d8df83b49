"""What the sections of a plan are called, in whatever words a team has for them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Final

__all__ = ["Part", "part_of", "usual_heading"]


class Part(StrEnum):
    """A part of a plan, in the order in which a new plan has them."""

    GOAL = "Goal"
    REASON = "Reason"
    STEPS = "Steps"
    FILES = "Files expected to change"
    KEPT = "What must not change"
    ACCEPTANCE = "Acceptance checks"
    HONOURED = "Decisions honoured"
    QUESTIONS = "Open questions"
    NOTES = "Notes"


_WORDS: Final[Mapping[Part, str]] = {
    Part.KEPT: r"(?:what )?(?:must|should|may|will|does) not change|(?:do not|don't) (?:change|touch)|"
    r"unchanged|off[- ]limits|out of scope|non-goals?|invariants?",
    Part.GOAL: r"goals?|objectives?|aims?|purpose|outcome|summary",
    Part.REASON: r"reasons?|why\b.*|motivation|background|rationale|problem(?: statement)?",
    Part.STEPS: r"steps?|tasks?|to[- ]?dos?|milestones?|implementation(?: (?:plan|steps))?|work",
    Part.FILES: r"(?:expected |affected |changed |touched )?(?:files|paths)\b.*|scope|"
    r"(?:what|where) (?:will )?changes?",
    Part.ACCEPTANCE: r"acceptance\b.*|(?:how (?:it|this) is )?verif\w+.*|done when|"
    r"definition of done|checks?|success criteria|tests?",
    Part.HONOURED: r"(?:decisions?|conventions?|rules|constraints?)\b.*",
    Part.QUESTIONS: r"(?:open )?(?:questions?|issues|points)|unknowns?|to be decided",
    Part.NOTES: r"notes?|(?:work )?log|progress|journal|status",
}
_HEADINGS: Final = {
    part: re.compile(rf"(?:\d+[.)]\s*)?(?:{words})\s*:?", re.IGNORECASE) for part, words in _WORDS.items()
}


def part_of(heading: str) -> Part | None:
    """The part that a heading is of; None for a section that only people read."""
    return next((part for part, wanted in _HEADINGS.items() if wanted.fullmatch(heading.strip())), None)


def usual_heading(part: Part) -> str:
    """What a section is called that the team's template lacks."""
    return part.value

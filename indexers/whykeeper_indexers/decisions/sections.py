"""What the sections of a decision record are for, by their headings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

from whykeeper_indexers.decisions.record_text import heading_word
from whykeeper_indexers.types import Chunk, ChunkOutline

__all__ = ["SectionRole", "is_appendix", "is_conclusion", "is_rejection", "role_of"]


class SectionRole(StrEnum):
    """What a section of a decision record says."""

    CONTEXT = "context"
    DECISION = "decision"
    ALTERNATIVES = "alternatives"
    CONSEQUENCES = "consequences"
    CONFIRMATION = "confirmation"
    APPENDIX = "appendix"


_ROLES: Mapping[SectionRole, re.Pattern[str]] = {
    role: re.compile(words)
    for role, words in {
        SectionRole.ALTERNATIVES: (
            r"(rejected|considered|(other |proposed )?alternatives?|deferred|discarded|pros and cons|"
            r"options?( considered)?$|rationale and alternatives|drawbacks and alternatives)\b"
        ),
        SectionRole.CONTEXT: (
            r"(context|background|motivations?|(the )?problem|technical story|decision drivers|drivers|"
            r"criteria|question$|issue$|forces$|status quo)\b"
        ),
        SectionRole.DECISION: (
            r"(the |our |proposed )?(decisions?( outcome)?|outcome|resolution|what we decided|solution|"
            r"proposal|summary|abstract|detailed design|guide-level explanation|reference-level explanation)$"
        ),
        SectionRole.CONSEQUENCES: (
            r"((positive |negative |neutral )?consequences|positive|negative|neutral|implications|drawbacks|"
            r"impact|risks|trade-?offs)$"
        ),
        SectionRole.CONFIRMATION: r"(confirmation|validation|verification|compliance|how it is checked)$",
        SectionRole.APPENDIX: (
            r"(status(?! quo)|references?|links|see also|more information|change ?log|changes|metadata)\b"
        ),
    }.items()
}
"""The first that fits: ``Rationale and alternatives`` tells of alternatives."""


def role_of(heading: str) -> SectionRole | None:
    """What a heading promises; None for one that could stand over anything."""
    words = heading_word(heading)
    return next((role for role, pattern in _ROLES.items() if pattern.match(words)), None)


def is_conclusion(chunk: Chunk) -> bool:
    """Whether a passage says what was decided."""
    return _stands_under(chunk, SectionRole.DECISION)


def is_rejection(chunk: Chunk) -> bool:
    """Whether a passage is about what was considered and not, or not yet, chosen."""
    return _stands_under(chunk, SectionRole.ALTERNATIVES)


def is_appendix(chunk: Chunk | ChunkOutline) -> bool:
    """Whether a passage is about the record and not about its matter: status, links, changes."""
    return _stands_under(chunk, SectionRole.APPENDIX)


def _stands_under(chunk: Chunk | ChunkOutline, role: SectionRole) -> bool:
    """At any level below the record's title."""
    return any(role_of(each) is role for each in (*chunk.breadcrumb[1:], chunk.title))

"""What the sections of a decision record are for, by their headings."""

from __future__ import annotations

import re

from whykeeper_indexers.types import Chunk, ChunkOutline

__all__ = ["is_appendix", "is_conclusion", "is_rejection"]

_NUMBERED = r"(?:[\d.]+\s+)?"
_CONCLUSION = re.compile(rf"{_NUMBERED}(the )?(decisions?( outcome)?|outcome)[\s:]*$", re.IGNORECASE)
_REJECTION = re.compile(
    rf"{_NUMBERED}(rejected|considered|alternatives?|deferred|pros and cons)\b", re.IGNORECASE
)
_APPENDIX = re.compile(
    rf"{_NUMBERED}(status|references?|links|see also|more information|change ?log|changes|metadata)\b",
    re.IGNORECASE,
)


def is_conclusion(chunk: Chunk) -> bool:
    """Whether a passage says what was decided."""
    return _stands_under(chunk, _CONCLUSION)


def is_rejection(chunk: Chunk) -> bool:
    """Whether a passage is about what was considered and not, or not yet, chosen."""
    return _stands_under(chunk, _REJECTION)


def is_appendix(chunk: Chunk | ChunkOutline) -> bool:
    """Whether a passage is about the record and not about its matter: status, links, changes."""
    return _stands_under(chunk, _APPENDIX)


def _stands_under(chunk: Chunk | ChunkOutline, heading: re.Pattern[str]) -> bool:
    """At any level below the record's title."""
    return any(heading.match(each.strip()) for each in (*chunk.breadcrumb[1:], chunk.title))

"""Lines of files that a question spells: ``path:12``, ``path:12-30``, ``path#L12``, "path line 12"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from whykeeper_indexers.catalog import StoredChunk
from whykeeper_indexers.path_words import without_steps
from whykeeper_indexers.types import LineRange

__all__ = ["at_lines", "spelled_lines"]

_LINES = re.compile(
    r"(?<![\w.@/-])(?P<path>[\w.@/-]*\w)`?(?:(?::|\#L)|,?\s(?:at\s|on\s)?lines?\s)(?P<first>\d{1,7})(?::\d+)?"
    r"(?:\s?(?:[-–]|to\s)\s?L?(?P<last>\d{1,7}))?(?![\w:])",
    re.IGNORECASE,
)
"""As compilers, editors, forges and people write them; a column is not looked at."""


def spelled_lines(question: str) -> tuple[str, dict[str, LineRange]]:
    """Find the lines that a question spells beside paths.

    Args:
        question: As asked.

    Returns:
        The question without them, and to each word before lines, which may be a path, its lines.
    """
    found = {}
    for each in _LINES.finditer(question):
        first = int(each["first"])
        found[without_steps(each["path"])] = LineRange(first, max(first, int(each["last"] or first)))
    return _LINES.sub(lambda each: each["path"], question), found


def at_lines(passages: Sequence[StoredChunk], lines: LineRange, most: int) -> list[StoredChunk]:
    """Choose the passages that stand at some lines of a file, or the one that stands nearest.

    Args:
        passages: Of one file, in its order.
        lines: Asked for.
        most: How many to choose.
    """
    far = [(_distance(each, lines), each) for each in passages]
    least = min((distance for distance, _ in far), default=0)
    return [each for distance, each in far if distance == least][: most if not least else 1]


def _distance(passage: StoredChunk, lines: LineRange) -> int:
    at = passage.chunk.lines
    return max(at.start - lines.end, lines.start - at.end, 0) if at else 0

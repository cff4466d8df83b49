"""Questions that a document asks its readers: ``<!-- question: who may call this service? -->``.

``whykeeper init`` writes them where only people know. They state nothing, so nothing is found by them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import accumulate

__all__ = ["MARK", "without_questions"]

MARK = "<!-- question:"
_COMMENT, _END = "<!--", "-->"
_HEADING = re.compile(r"(#{1,6})[ \t]")
_FENCE = re.compile(r" {0,3}(?:```|~~~)")


def without_questions(text: str) -> str:
    """Blank questions that stand on lines of their own, and headings with nothing else below them.

    Args:
        text: Markdown.

    Returns:
        As many lines; the very text where it asks nothing.
    """
    if MARK not in text:
        return text
    lines = text.split("\n")
    asks, says, headings = [False] * len(lines), [bool(line.strip()) for line in lines], {}
    for at, end, level in _read(lines):
        says[at : end + 1] = [False] * (end + 1 - at)
        if level:
            headings[at] = level
        elif lines[at].startswith(MARK):
            asks[at : end + 1] = [True] * (end + 1 - at)
    alone = set(_with_questions_alone(asks, says, headings))
    return "\n".join("" if asks[at] or at in alone else line for at, line in enumerate(lines))


def _read(lines: list[str]) -> Iterator[tuple[int, int, int]]:
    """First and last line of comments, with 0, and of headings, with their level."""
    fenced, at = False, 0
    while at < len(lines):
        line, end = lines[at], at
        if _FENCE.match(line):
            fenced = not fenced
        elif not fenced and (heading := _HEADING.match(line)):
            yield at, at, len(heading[1])
        elif not fenced and line.startswith(_COMMENT) and (last := _end_of(lines, at)) is not None:
            end = last
            yield at, end, 0
        at = end + 1


def _end_of(lines: list[str], start: int) -> int | None:
    """The last line of a comment; None where it has no end before a blank line or another."""
    for at in range(start, len(lines)):
        line = lines[at].rstrip()
        if _END in line:
            return at if line.endswith(_END) and line.count(_END) == 1 else None
        if not line or (at > start and line.startswith(_COMMENT)):
            return None
    return None


def _with_questions_alone(asks: list[bool], says: list[bool], headings: dict[int, int]) -> Iterator[int]:
    asked, said = [0, *accumulate(map(int, asks))], [0, *accumulate(map(int, says))]
    places = list(headings)
    for number, at in enumerate(places):
        # At most five headings above one another look over the same line.
        after = (places[each] for each in range(number + 1, len(places)))
        later = (place for place in after if headings[place] <= headings[at])
        end = next(later, len(asks))
        if asked[end] > asked[at] and said[end] == said[at]:
            yield at

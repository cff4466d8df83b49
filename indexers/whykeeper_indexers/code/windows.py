"""Windows of lines, for text whose structure is not known.

A window ends where a reader would pause: before a line that stands at the margin after a
blank one, else after a blank line, else before a line with the least indentation.
"""

from __future__ import annotations

from whykeeper_indexers.code.lines import HARD_CAP, TARGET, Lines

__all__ = ["windows"]


def windows(lines: Lines, first: int, last: int) -> list[tuple[int, int]]:
    """Cut rows ``first`` to ``last`` into runs of about the target size, in order, without a gap."""
    found: list[tuple[int, int]] = []
    start = first
    while start <= last:
        left = lines.size(start, last)
        end = _window_end(lines, start, last, left // -(-left // TARGET))
        found.append((start, end))
        start = end + 1
    return found


def _window_end(lines: Lines, start: int, last: int, goal: int) -> int:
    if lines.size(start, last) <= HARD_CAP:
        return last
    best, best_worth = start, -1.0
    row = start
    while row < last and lines.size(start, row) <= HARD_CAP:
        worth = _worth_of_cut(lines, start, row, goal)
        if worth >= best_worth:
            best, best_worth = row, worth
        row += 1
    return best


def _worth_of_cut(lines: Lines, start: int, row: int, goal: int) -> float:
    """Judge a cut after a row: how full the window is, and how natural the pause."""
    size = lines.size(start, row)
    fullness = min(size, goal) / goal - max(size - goal, 0) / HARD_CAP
    after_blank = lines.is_blank(row)
    indent = lines.indent(row + 1) if not lines.is_blank(row + 1) else 40
    return fullness + (0.4 if after_blank else 0.0) + 0.3 * (1 - min(indent, 40) / 40)

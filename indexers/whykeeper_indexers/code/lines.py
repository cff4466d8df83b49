"""A file's lines, and how many characters any run of them holds. Rows are 0-based here."""

from __future__ import annotations

from itertools import accumulate

__all__ = ["HARD_CAP", "MINIMUM", "SOLO", "TARGET", "Lines"]

TARGET = 1_400
"""Characters up to which small neighbours are put together."""

HARD_CAP = 2_000
"""Characters past which a chunk is split."""

SOLO = 600
"""A definition of this many characters is a chunk of its own."""

MINIMUM = 160
"""A piece below this many characters says too little alone."""


class Lines:
    """The lines of one file.

    Args:
        text: The file, with line feeds as line ends.
    """

    def __init__(self, text: str) -> None:
        # Not splitlines(): a form feed or U+2028 is no line end to git, editors or tree-sitter.
        self.lines = text.split("\n")
        self._ends = [0, *accumulate(len(line) + 1 for line in self.lines)]

    def __len__(self) -> int:
        return len(self.lines)

    def size(self, first: int, last: int) -> int:
        """Count the characters of rows ``first`` to ``last``, both included."""
        return self._ends[last + 1] - self._ends[first]

    def is_blank(self, row: int) -> bool:
        """Say whether a row holds white space alone."""
        return not self.lines[row] or self.lines[row].isspace()

    def trim(self, first: int, last: int) -> tuple[int, int] | None:
        """Drop blank rows at both ends; None when nothing is left."""
        while first <= last and self.is_blank(first):
            first += 1
        while last >= first and self.is_blank(last):
            last -= 1
        return (first, last) if first <= last else None

    def text(self, first: int, last: int) -> str:
        """Return the rows as they stand; a line too long for any chunk is cut."""
        rows = self.lines[first : last + 1]
        if self.size(first, last) <= HARD_CAP + 1:
            return "\n".join(rows)
        return "\n".join(row if len(row) <= HARD_CAP else f"{row[:HARD_CAP]} …" for row in rows)

    def indent(self, row: int) -> int:
        """Count the white space a row starts with."""
        line = self.lines[row]
        return len(line) - len(line.lstrip())

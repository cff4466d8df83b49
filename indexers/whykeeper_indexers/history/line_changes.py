"""What a commit did to lines of a file: which they were before, and whether what they say was changed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

__all__ = ["Hunk", "LineChange", "is_formatting", "parse_hunks", "renames_only", "trace"]

ALIKE, ALIKE_AMONG_MANY = 0.6, 0.8
"""Likeness of two lines, as difflib has it, from which the one is the other changed: where a few lines took
the place of a few, and where many did, among which some are alike by chance."""
MANY = 4
MOST_COMPARED = 60
"""Lines of a hunk, before, that one after is compared with: a larger hunk is a rewrite."""
MOST_CHARACTERS = 400
"""Of a line, compared."""
MOST_RENAMED = 2
"""Names that a mass rename puts in the place of others, in one line."""

_HUNK = re.compile(rb"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_TOKEN = re.compile(r"\w+|[^\w\s]")
_NAME = re.compile(r"[^\W\d]\w*")
_QUOTES = str.maketrans({"'": '"', "`": '"'})
_CLOSING = frozenset(")]}>")


@dataclass(frozen=True, slots=True)
class Hunk:
    """Lines that took the place of others.

    Attributes:
        old: Number of the first line before, and the lines.
        new: The same after.
    """

    old_start: int
    old: tuple[str, ...]
    new_start: int
    new: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LineChange:
    """What became of one line.

    Attributes:
        line: Its number after.
        before: Its number before; None where it is new.
        old: Its text before.
        new: Its text after.
        formatting: Nothing but its form was changed.
    """

    line: int
    before: int | None
    old: str = ""
    new: str = ""
    formatting: bool = False


def parse_hunks(diff: bytes) -> list[Hunk]:
    """Read a unified diff without context, of one file or several."""
    hunks: list[Hunk] = []
    records = iter(diff.split(b"\n"))
    for record in records:
        if (head := _HUNK.match(record)) is not None:
            gone, came = (int(head[at]) if head[at] else 1 for at in (2, 4))
            # Counted, for what follows may begin as a changed line does: "--- a/file".
            old = _texts(records, b"-", gone)
            new = _texts(records, b"+", came)
            hunks.append(Hunk(int(head[1]), old, int(head[3]), new))
    return hunks


def _texts(records: Iterator[bytes], sign: bytes, count: int) -> tuple[str, ...]:
    found: list[str] = []
    while len(found) < count and (record := next(records, None)) is not None:
        # Between them git may say that a file has no line feed at its end.
        if record.startswith(sign):
            found.append(record[1:].decode("utf-8", "replace").rstrip("\r"))
    return tuple(found)


def trace(lines: Iterable[int], hunks: Sequence[Hunk]) -> list[LineChange]:
    """Say what each of some lines was before.

    Args:
        lines: Numbers after; one that no hunk holds counts as new, for whoever asks was told that it is.
        hunks: Of the difference, in order.
    """
    return [_traced(line, hunks) for line in lines]


def is_formatting(old: Sequence[str], new: Sequence[str]) -> bool:
    """Whether two texts say the same in another form: white space, line breaks, quotes, trailing commas."""
    return _essence(old) == _essence(new)


def renames_only(old: str, new: str) -> bool:
    """Whether two lines differ by a name or two that others took the place of."""
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    if len(before) != len(after):
        return False
    changed = {(one, other) for one, other in zip(before, after, strict=True) if one != other}
    return 0 < len(changed) <= MOST_RENAMED and all(
        _NAME.fullmatch(one) and _NAME.fullmatch(other) for one, other in changed
    )


def _traced(line: int, hunks: Sequence[Hunk]) -> LineChange:
    hunk = next((each for each in hunks if 0 <= line - each.new_start < len(each.new)), None)
    if hunk is None:
        return LineChange(line, None)
    new = hunk.new[line - hunk.new_start]
    if not hunk.old:
        return LineChange(line, None, new=new)
    at = _counterpart(line - hunk.new_start, hunk)
    if at is None:
        return LineChange(line, None, new=new)
    old = hunk.old[at]
    formatting = is_formatting([old], [new]) or is_formatting(hunk.old, hunk.new)
    return LineChange(line, hunk.old_start + at, old, new, formatting)


def _counterpart(at: int, hunk: Hunk) -> int | None:
    """Which line of a hunk before one after was made from, by likeness, then by place."""
    new = hunk.new[at].strip()[:MOST_CHARACTERS]
    if not new:
        return None
    expected = at * len(hunk.old) / len(hunk.new)
    near = sorted(range(len(hunk.old)), key=lambda each: abs(each - expected))[:MOST_COMPARED]
    few = max(len(hunk.old), len(hunk.new)) <= MANY
    best, found = ALIKE if few else ALIKE_AMONG_MANY, None
    for each in near:
        likeness = _likeness(hunk.old[each].strip()[:MOST_CHARACTERS], new, best)
        if likeness > best or (found is None and likeness == best):
            best, found = likeness, each
    if found is None and is_formatting(hunk.old, hunk.new):
        # Lines were broken or joined: what this one says stands in the line that holds its beginning.
        return min(int(expected), len(hunk.old) - 1)
    return found


def _likeness(old: str, new: str, least: float) -> float:
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.real_quick_ratio() < least or matcher.quick_ratio() < least:
        return 0.0
    return matcher.ratio()


def _essence(lines: Sequence[str]) -> list[str]:
    tokens = _TOKEN.findall("\n".join(lines).translate(_QUOTES))
    following = [*tokens[1:], ")"]
    return [
        token
        for token, after in zip(tokens, following, strict=True)
        if not (token in ";\\" or (token == "," and after in _CLOSING))
    ]

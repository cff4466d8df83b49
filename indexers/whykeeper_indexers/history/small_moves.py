"""Symbols too small for git to see that they were moved from one file to another.

``git blame -C`` says nothing of a piece with fewer than forty letters and digits, for such pieces are alike
everywhere. A whole symbol is not: where the commit that put it into one file took the very same lines out of
another, once, they were moved.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from time import monotonic

from whykeeper_indexers.code import definitions
from whykeeper_indexers.git import run_git
from whykeeper_indexers.history.blame import BlamedLine, Place
from whykeeper_indexers.history.line_changes import Hunk, parse_hunks
from whykeeper_indexers.types import LineRange, SourceText

__all__ = ["small_moves"]

SEEN_BY_GIT = 40
"""Letters and digits of a piece that blame follows to another file by itself."""
LEAST_LINES, LEAST_TELLING = 2, 6
"""Lines that say enough to be known again, and the letters and digits of one that does."""
LARGEST = 400_000
"""Bytes of a file that is parsed for its symbols."""
MOST_FILES = 40
"""Files that a commit took lines out of, looked at: one of more did not move a function."""
_Git = Callable[..., bytes]
_SIGNS = re.compile(r"[^0-9A-Za-z]+")


def small_moves(
    root: Path,
    place: Place,
    lines: Collection[int],
    written: Collection[int] | None,
    *,
    made_at: int,
    deadline: float,
) -> list[BlamedLine]:
    """Say which lines are of a small symbol that a commit moved from another file.

    Args:
        root: The checkout.
        place: The commit, and a file as it left it.
        lines: Of that file, new in it.
        written: All lines that the commit wrote into it; None where it made the file.
        made_at: When the commit was made.
        deadline: By ``time.monotonic``.

    Returns:
        Where the lines stood before, in the commit's one parent.

    Raises:
        GitError: Git refused, or took too long.
    """

    def git(*arguments: str) -> bytes:
        return run_git(root, arguments, timeout_s=max(deadline - monotonic(), 0.05))

    if not lines:
        return []
    data = git("cat-file", "blob", f"{place.commit}:{place.path}")
    if len(data) > LARGEST:
        return []
    text = data.decode("utf-8", "replace")
    small = _small_symbols(place.path, text, lines, written)
    if not small:
        return []
    parents = git("rev-list", "--parents", "--max-count=1", place.commit, "--").decode().split()[1:]
    if len(parents) != 1:
        return []
    removed = _removed(git, parents[0], place)
    found: dict[int, BlamedLine] = {}
    for symbol, said in small.items():
        places = [(path, number) for path, hunks in removed.items() for number in _standing(said, hunks)]
        if len(places) == 1:
            path, first = places[0]
            for line in range(symbol.start, symbol.end + 1):
                if line in lines:
                    origin = Place(parents[0], path)
                    found[line] = BlamedLine(line, origin, first + line - symbol.start, None, made_at)
    return list(found.values())


def _small_symbols(
    path: str, text: str, lines: Collection[int], written: Collection[int] | None
) -> dict[LineRange, list[str]]:
    """The symbols that hold some lines, that the commit wrote whole, and that git does not see moved."""
    rows = [each.strip() for each in text.split("\n")]
    found: dict[LineRange, list[str]] = {}
    for each in definitions(SourceText(path, text, "")):
        numbers = range(each.lines.start, each.lines.end + 1)
        said = rows[each.lines.start - 1 : each.lines.end]
        sizes = [len(_SIGNS.sub("", row)) for row in said]
        if sum(sizes) >= SEEN_BY_GIT or sum(size >= LEAST_TELLING for size in sizes) < LEAST_LINES:
            continue
        if any(line in lines for line in numbers) and (
            written is None or all(line in written for line in numbers)
        ):
            found[each.lines] = said
    return found


def _removed(git: _Git, parent: str, place: Place) -> Mapping[str, Sequence[Hunk]]:
    """To each other file that a commit changed or took away, what went and came there."""
    which = ("diff-tree", "-r", "--no-renames", "--diff-filter=MD", "--ignore-submodules=all")
    named = git(*which, "-z", "--name-only", parent, place.commit, "--").split(b"\0")[:-1]
    if not 0 < len(named) <= MOST_FILES:
        return {}
    how = ("-p", "--unified=0", "--inter-hunk-context=0", "--diff-algorithm=myers", "--text", "--no-color")
    patches = list(_patches(git(*which, *how, parent, place.commit, "--")))
    if len(patches) != len(named):
        return {}
    paths = [each.decode("utf-8", "surrogateescape") for each in named]
    return {
        path: parse_hunks(patch) for path, patch in zip(paths, patches, strict=True) if path != place.path
    }


def _patches(diff: bytes) -> Iterator[bytes]:
    """The part of each file; a line of content never begins as the header of one does."""
    parts = re.split(rb"^diff --git ", diff, flags=re.MULTILINE)
    yield from parts[1:]


def _standing(said: Sequence[str], hunks: Sequence[Hunk]) -> Iterator[int]:
    """Where some lines stood, one after the other, among those that went."""
    for hunk in hunks:
        old = [each.strip() for each in hunk.old]
        for at in range(len(old) - len(said) + 1):
            if old[at] == said[0] and old[at : at + len(said)] == list(said):
                yield hunk.old_start + at

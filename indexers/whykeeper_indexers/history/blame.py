"""Which commit each line is from: ``git blame``, with renames followed, read as it comes.

What is blamed is a commit's file and never the working tree's, whose reading would run the filters
that a repository's configuration names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

from whykeeper_indexers.git import GitError, stream_git
from whykeeper_indexers.history.ignored_revisions import Ignored
from whykeeper_indexers.types import LineRange

__all__ = ["AROUND", "Blame", "BlamedLine", "Place", "blame_lines", "moved_lines", "ranges_of"]

LEAST_S = 0.05
"""Less time than this is not worth starting git for."""
MOST_RANGES = 200
AROUND = 6
"""Lines on both sides that are looked at for company: a line alone may be like another by chance."""

_HEADER = re.compile(rb"([0-9a-f]{40,64}) (\d+) (\d+) (\d+)")
_ESCAPE = re.compile(rb'\\([abtnvfr"\\]|[0-7]{3})')
_ESCAPED = {b"a": b"\a", b"b": b"\b", b"t": b"\t", b"n": b"\n", b"v": b"\v", b"f": b"\f", b"r": b"\r"}


@dataclass(frozen=True, slots=True)
class Place:
    """A file as a commit has it."""

    commit: str
    path: str


@dataclass(frozen=True, slots=True)
class BlamedLine:
    """Where a line is from.

    Attributes:
        line: As asked about.
        origin: The commit that made it, and the file it was in then.
        origin_line: Its number there.
        previous: The same file before that commit; None where that commit made the file.
        made_at: When the commit was made, seconds since the epoch.
    """

    line: int
    origin: Place
    origin_line: int
    previous: Place | None
    made_at: int


@dataclass(slots=True)
class Blame:
    """What is known of some lines.

    Attributes:
        lines: By their number.
        complete: Whether git came to its end within the time.
    """

    lines: dict[int, BlamedLine] = field(default_factory=dict)
    complete: bool = True


def blame_lines(
    root: Path, place: Place, lines: Sequence[int], *, ignored: Ignored, deadline: float
) -> Blame:
    """Say which commit each of some lines is from; white space does not count.

    Args:
        root: The checkout.
        place: The file, in the commit to look back from.
        lines: Of that file, ascending.
        ignored: Commits that are looked through.
        deadline: By ``time.monotonic``; what was found until then is returned.

    Raises:
        GitError: Git refused.
    """
    arguments = [f"--ignore-rev={each}" for each in ignored.commits]
    return _blame(root, place, ranges_of(lines), arguments, ignored, deadline)


def moved_lines(
    root: Path, place: Place, lines: Sequence[int], *, made: bool, ignored: Ignored, deadline: float
) -> Blame:
    """Say which lines a commit did not write but moved or copied.

    Args:
        root: The checkout.
        place: The commit, and a file as it left it.
        lines: Of that file, which are not in the file before, ascending.
        made: The commit made the file: then copies of any other file are looked for, and not only of
            those that the commit changed.
        ignored: For the environment that git is to be run in.
        deadline: By ``time.monotonic``.

    Returns:
        To each line that stood elsewhere before the commit, and those around it, where; the origin's commit
        is a parent of the commit.

    Raises:
        GitError: Git refused; a partial clone may lack what lines are compared with.
    """
    around = {max(each + step, 1) for each in lines for step in range(-AROUND, AROUND + 1)}
    how = ["-M", "-C", "-C"] if made else ["-M", "-C"]
    found = _blame(
        root, Place(f"{place.commit}^!", place.path), ranges_of(sorted(around)), how, ignored, deadline
    )
    elsewhere = {line: each for line, each in found.lines.items() if each.origin.commit != place.commit}
    return Blame(elsewhere, found.complete)


def ranges_of(lines: Sequence[int]) -> list[LineRange]:
    """Put ascending line numbers together to ranges."""
    ranges: list[LineRange] = []
    for line in lines:
        if ranges and line <= ranges[-1].end + 1:
            ranges[-1] = LineRange(ranges[-1].start, max(line, ranges[-1].end))
        else:
            ranges.append(LineRange(line, line))
    return ranges


def _blame(
    root: Path,
    place: Place,
    ranges: Sequence[LineRange],
    how: Sequence[str],
    ignored: Ignored,
    deadline: float,
) -> Blame:
    found = Blame()
    left = deadline - monotonic()
    if left < LEAST_S:
        found.complete = False
        return found
    arguments = ["blame", "--incremental", "--root", "-w", *how]
    arguments += [f"-L{each.start},{each.end}" for each in ranges[:MOST_RANGES]]
    arguments += [place.commit, "--", place.path]
    records = stream_git(root, arguments, separator=b"\n", timeout_s=left, variables=ignored.variables)
    try:
        with closing(records):
            for each in _entries(records):
                found.lines[each.line] = each
    except GitError as error:
        if error.returncode is not None:
            raise
        found.complete = False
    return found


def _entries(records: Iterator[bytes]) -> Iterator[BlamedLine]:
    """Read what ``--incremental`` prints: a header, facts that may be left out, and last the file's name."""
    times: dict[str, int] = {}
    header: re.Match[bytes] | None = None
    previous: Place | None = None
    for record in records:
        if header is None:
            header, previous = _HEADER.fullmatch(record), None
            continue
        name, _, value = record.partition(b" ")
        sha = header[1].decode()
        if name == b"committer-time":
            times[sha] = int(value)
        elif name == b"previous":
            commit, _, path = value.partition(b" ")
            previous = Place(commit.decode(), _path(path))
        elif name == b"filename":
            origin = Place(sha, _path(value))
            first, line, count = (int(header[at]) for at in (2, 3, 4))
            for step in range(count):
                yield BlamedLine(line + step, origin, first + step, previous, times.get(sha, 0))
            header = None


def _path(written: bytes) -> str:
    """Read a path as git writes it, quoted as in C where it has odd characters."""
    if written.startswith(b'"'):
        written = _ESCAPE.sub(_unescaped, written[1:-1])
    return written.decode("utf-8", "surrogateescape")


def _unescaped(escape: re.Match[bytes]) -> bytes:
    said = escape[1]
    return bytes([int(said, 8)]) if len(said) == 3 else _ESCAPED.get(said, said)

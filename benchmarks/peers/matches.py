"""What an agent gets from a program that finds lines and ranks nothing.

The question's words are looked for all at once, whatever their case. A file stands the higher the more
different words it holds, then the more lines; reading it whole is what comes next. That is how semble's
benchmark models the use of ripgrep, too ("ripgrep + read file").
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.retrieval.units import Unit

__all__ = ["Match", "files", "words"]

_LEAST_LETTERS = 3
_STOP_WORDS = frozenset(
    """
    about after all and any are because been before being between both but can could did does doing
    down during each few for from further had has have having her here hers him his how into its
    just more most not now off once only other our out over own same she should some such than that
    the their them then there these they this those through too under until very was were what when
    where which while who whom why will with would you your
    """.split()  # noqa: SIM905 - a list of a hundred lines otherwise
)


@dataclass(frozen=True, slots=True)
class Match:
    """A line with some of the words.

    Attributes:
        path: Absolute, or relative to what was searched.
        words: In lower case.
    """

    path: str
    words: frozenset[str]


@dataclass(slots=True)
class _Held:
    words: set[str] = field(default_factory=set)
    lines: int = 0


def words(question: str) -> list[str]:
    """Give a question's distinct words that say something; all of its words when none does."""
    found = dict.fromkeys(word.lower() for word in re.findall(r"[A-Za-z_][A-Za-z0-9_]*", question))
    telling = [word for word in found if len(word) >= _LEAST_LETTERS and word not in _STOP_WORDS]
    return telling or list(found) or [question]


def files(matches: Iterable[Match], folder: Path, root: str | None, limit: int) -> list[Unit]:
    """Rank the files that lines were found in.

    Args:
        matches: Of one question.
        folder: What their paths are relative to.
        root: That folder within the repository.
        limit: How many files to read.
    """
    held: dict[str, _Held] = {}
    for match in matches:
        of_file = held.setdefault(match.path, _Held())
        of_file.words |= match.words
        of_file.lines += 1
    ranked = sorted(held, key=lambda path: (-len(held[path].words), -held[path].lines, path))
    return [_whole(folder, root, path) for path in ranked[:limit]]


def _whole(folder: Path, root: str | None, path: str) -> Unit:
    file = folder / path
    text = file.read_text("utf-8", "replace")
    relative = file.relative_to(folder).as_posix()
    return Unit(f"{root}/{relative}" if root else relative, 1, text.count("\n") + 1, text)

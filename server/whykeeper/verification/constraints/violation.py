"""Something that breaks a constraint, and what knows of one kind of constraint."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from whykeeper.verification.side import Side

__all__ = ["Kind", "Violation", "Where"]


@dataclass(frozen=True, slots=True)
class Violation:
    """One place where a constraint does not hold.

    Attributes:
        path: The file.
        line: 1-based; None for the file as a whole.
        end_line: The last line; None for one line.
        what: What is there, as the end of a sentence that begins with the file.
        subject: What it is about in words that stay when lines move.
    """

    path: str
    line: int | None
    what: str
    subject: str
    end_line: int | None = None


@dataclass(frozen=True, slots=True)
class Where:
    """Where a constraint is tested.

    Attributes:
        side: The repository.
        paths: Files that are looked at; others may be asked about.
        note: Takes a sentence on what could not be looked at.
    """

    side: Side
    paths: Collection[str]
    note: Callable[[str], None] = field(default=lambda _: None)


class Kind(Protocol):
    """One kind of constraint: a plain module with these functions."""

    def violations(self, rule: Any, where: Where) -> Iterator[Violation]:
        """Give what breaks a rule of this kind, in some files of a repository."""

    def globs(self, rule: Any) -> Sequence[str]:
        """Give the globs that are to match files: one that matches none is a mistake."""

"""What is to be recorded, before it has a form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from whykeeper_indexers.types import DecisionContent, DecisionRecord

__all__ = ["Draft", "Link"]


class Link(NamedTuple):
    """Another record, as one may name it.

    Attributes:
        path: Relative to the root.
        identifier: What people call it.
        title: Without number or prefix.
        number: Its number; None without one.
    """

    path: str
    identifier: str
    title: str
    number: int | None = None

    @classmethod
    def to(cls, path: str, record: DecisionRecord) -> Link:
        """Name a record that is there."""
        return cls(path, record.identifier, record.title, record.number)


@dataclass(frozen=True, slots=True)
class Draft:
    """A decision that has no file yet.

    Attributes:
        title: One line, without number or prefix.
        content: What it says, in Markdown.
        date: ISO 8601.
        status: One word, lower case.
        deciders: People.
        supersedes: Records whose place it takes.
        amends: Records it changes in part.
    """

    title: str
    content: DecisionContent
    date: str
    status: str = "accepted"
    deciders: tuple[str, ...] = ()
    supersedes: tuple[Link, ...] = ()
    amends: tuple[Link, ...] = ()

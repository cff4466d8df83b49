"""What a path alone says about a decision record: its place, its number, its date."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache
from pathlib import PurePosixPath
from typing import NamedTuple

from whykeeper_indexers.documents import is_document

__all__ = ["Place", "RecordName", "is_aside", "is_record_file", "named_place", "record_name"]


class Place(StrEnum):
    """Why a path may hold a decision record."""

    LOG4BRAINS = "folder named in .log4brains.yml"
    ADR_TOOLS = "folder named in .adr-dir"
    DECISIONS = "folder for decisions by its name"
    RFCS = "folder for requests for comments by its name"
    NAME = "file named like a decision record"


class RecordName(NamedTuple):
    """A file name, read.

    Attributes:
        stem: Without extension.
        slug: Without number or date.
        digits: The number as written; None without one.
        date: ISO 8601; None without one.
    """

    stem: str
    slug: str
    digits: str | None = None
    date: str | None = None

    @property
    def number(self) -> int | None:
        """The number's value."""
        return int(self.digits) if self.digits else None


_DECISION_WORDS = frozenset({"adr", "adrs", "decision", "decisions", "madr"})
_BESIDE_DECISION = frozenset(
    {
        "arch",
        "architectural",
        "architecture",
        "design",
        "key",
        "log",
        "logs",
        "record",
        "records",
        "tech",
        "technical",
    }
)
"""What folder names join to those words: ``architecture-decision-record``, ``decision_log``."""
RFC_FOLDERS = frozenset({"rfc", "rfcs"})

_REMEMBERED = 100_000
"""Paths whose names have been read: every scan and every tree has the same ones."""
_DATED = re.compile(r"(\d{4})-?([01]\d)-?([0-3]\d)[-_. ]+(\S.*)")
_NUMBERED = re.compile(
    r"(?:(?:adr|rfc|ad|dr|madr|tdr|pdr)[-_. ]?)?(\d{1,6})(?:[-_. :]+(.*))?$", re.IGNORECASE
)
_PREFIXED = re.compile(r"(?:adr|rfc)[-_. ]+(\S.*)", re.IGNORECASE)
_ASIDE = re.compile(
    r"_?(?:readme|index|summary|toc|contents|overview|contributing|changelog|template)"
    r"|(?:nnnn?|xxxx?|yyyymmdd)[-_.].*"
    r"|(?:adr|rfc|madr|decision|deprecation)[-_. ]?(?:record[-_. ]?)?template(?:[-_.].*)?"
    r"|template[-_.](?:for[-_.].*|bare.*|minimal.*|short|long|adr|rfc|madr)"
    r"|.*\.template"
)


@lru_cache(_REMEMBERED)
def named_place(path: str) -> tuple[Place, str] | None:
    """The place a path has by its folders' names or its own, and that place's folder.

    Args:
        path: Relative to the root.

    Returns:
        None where neither folders nor name speak of decisions.
    """
    pure = PurePosixPath(path)
    for folder in pure.parents:
        name = folder.name.lower()
        words = set(re.split(r"[-_ .]", name))
        if words & _DECISION_WORDS and words <= _DECISION_WORDS | _BESIDE_DECISION:
            return Place.DECISIONS, str(folder)
        if name in RFC_FOLDERS:
            return Place.RFCS, str(folder)
    if _PREFIXED.match(pure.stem) and pure.stem[:3].lower() == "adr":
        return Place.NAME, str(pure.parent)
    return None


@lru_cache(_REMEMBERED)
def is_record_file(path: str) -> bool:
    """Whether a file's name may be a record's: a marked-up document, not a template or an index."""
    return is_document(path) and not path.lower().endswith((".txt", ".text")) and not is_aside(path)


def is_aside(path: str) -> bool:
    """Whether a file beside records is none by its name: a template, an index, a README."""
    name = record_name(path)
    slug = name.slug.lower()
    if name.date:
        return False
    return bool(_ASIDE.fullmatch(name.stem.lower()) or (slug and _ASIDE.fullmatch(slug)))


def record_name(path: str) -> RecordName:
    """Read the number or date and the slug out of a file's name."""
    stem = PurePosixPath(path).stem
    dated = _DATED.match(stem)
    if dated:
        return RecordName(stem, dated[4], date=f"{dated[1]}-{dated[2]}-{dated[3]}")
    numbered = _NUMBERED.match(stem)
    if numbered:
        return RecordName(stem, numbered[2] or "", digits=numbered[1])
    prefixed = _PREFIXED.match(stem)
    return RecordName(stem, prefixed[1] if prefixed else stem)

"""What a question means that spells a folder's path.

Whoever says nothing else wants to know the folder: what its own documents say of it, then the files in it.
Whoever says more asks about something there, which may be told elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import IntEnum
from functools import lru_cache

from whykeeper_indexers.documents import is_document
from whykeeper_indexers.path_words import without_steps
from whykeeper_indexers.search.analysis import QueryAnalysis
from whykeeper_indexers.search.candidates import Candidate
from whykeeper_indexers.search.names import stands_for_folder

__all__ = [
    "asks_for_folder",
    "first_in_folder",
    "is_plain_word",
    "lone_name",
    "named_folder",
    "tells_of_itself",
]

IN_NAMED_FOLDER = 1.2
"""For what lies in a folder that a longer question spells."""
ASKED_FOR = 20.0
"""For what lies anywhere below a folder that is the whole question."""
STEP = 10.0
"""Between the places in it: more than anything but its place can say for a file."""

OPENING = 3.0
"""For the passage that a file opens with, where it says what it is."""

_NAME = re.compile(r"[\w.@-]+")


class _Place(IntEnum):
    """Where in a folder a file is, the least telling first."""

    BELOW = 0
    DIRECTLY = 1
    DOOR = 2
    """The file of code that stands for the folder."""
    OWN_DOCUMENT = 3


FROM_ROOT = len(_Place)
"""Places that a path spelled from the root on is ahead of one that only ends like it."""


def lone_name(question: str) -> str | None:
    """Give the only name that a question says, which may be a folder's; empty for the root, which is ``.``.

    Args:
        question: As asked.
    """
    name = without_steps(question.strip("`'\"")).removesuffix("/")
    if question and name in ("", "."):
        return ""
    return name if _NAME.fullmatch(name) else None


def is_plain_word(question: str) -> bool:
    """Whether a question is a word that may be meant as such, and not only as a path."""
    return question.isalpha()


def tells_of_itself(folder: str, inside: Iterable[str]) -> bool:
    """Whether a folder of the root has a document of its own, which answers its name better than words do.

    Args:
        folder: Its path.
        inside: Paths, of which some are in it.
    """
    own = _Place.OWN_DOCUMENT
    return any(path.startswith(f"{folder}/") and _place_within(path, (folder,)) is own for path in inside)


def named_folder(candidate: Candidate, analysis: QueryAnalysis) -> float:
    """Put first what lies in a folder that the question spells: its README, its index, its files."""
    place = _place(candidate.chunk.path or "", analysis.folders) if analysis.folders else None
    if place is None:
        return 1.0
    if not analysis.only_paths:
        return IN_NAMED_FOLDER
    return ASKED_FOR * STEP**place * (OPENING if candidate.opens else 1.0)


def asks_for_folder(candidate: Candidate, analysis: QueryAnalysis) -> bool:
    """Whether a question is nothing but the path of a folder that a candidate lies in."""
    return analysis.only_paths and _place(candidate.chunk.path or "", analysis.folders) is not None


def first_in_folder(paths: Iterable[str], analysis: QueryAnalysis, most: int) -> list[str]:
    """Choose from some paths those that tell a folder best which is the whole question.

    Args:
        paths: Any; those outside of the folder are left out.
        analysis: Of the question.
        most: How many to choose.
    """
    placed = [(place, path) for path in paths if (place := _place(path, analysis.folders)) is not None]
    return [path for place, path in sorted(placed, key=lambda pair: (-pair[0], pair[1]))[:most]]


@lru_cache(20_000)
def _place(path: str, folders: tuple[str, ...]) -> int | None:
    """How telling a file's place is for a folder that it lies in; None when it is in none of them."""
    place = _place_within(path, folders)
    if place is None:
        return None
    return place + FROM_ROOT * any(path.startswith(f"{folder}/") for folder in folders)


def _place_within(path: str, folders: tuple[str, ...]) -> _Place | None:
    parent, _, name = path.rpartition("/")
    if any(f"/{parent}".endswith(f"/{folder}") for folder in folders):
        if not stands_for_folder(name):
            return _Place.DIRECTLY
        return _Place.OWN_DOCUMENT if is_document(path) else _Place.DOOR
    return _Place.BELOW if any(f"/{folder}/" in f"/{path}" for folder in folders) else None

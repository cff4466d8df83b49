"""What names say: files, folders and symbols are named for what they hold.

Whoever names a file sums it up in two words, which no list of passages knows. Words are
compared loosely, since code abbreviates (``auth``, ``config``) and inflects (``validators``).
That words of a question which stand in the path speak for a file is known from other code
search, semble's among them; that a name which the question covers whole (``request.swift``)
says more than one that it covers in part (``request_body_decoder.swift``) is measured here.
"""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from itertools import takewhile
from operator import eq
from pathlib import PurePosixPath
from typing import NamedTuple

from whykeeper_indexers.catalog import query_terms
from whykeeper_indexers.catalog.words import name_parts

__all__ = ["Question", "akin", "path_names", "question", "stands_for_folder", "words_of"]

ABBREVIATION = 3
"""Letters from which on the beginning of a word stands for the word: ``req``, ``cfg`` is none."""
COMMON_STEM = 4
"""Letters that two inflections of a word share at least, as ``parse`` and ``parsing`` do."""
LONGEST_ENDING = 4
"""Letters that inflection adds or changes at most: ``-tion`` and ``-able``."""

NAMING_WORDS, DESCRIBING_WORDS = 6, 9
"""Telling words of a question that names what it seeks, at most, and of one that describes it, at least."""

_DOORS = frozenset(["__init__", "__main__", "index", "init", "lib", "main", "mod", "package-info"])
"""File names that stand for their folder in one language or another."""
_FRONT_PAGES = _DOORS | {"overview", "readme"}
"""The same, and what documents of a folder are called that tell about it."""
_REMEMBERED = 50_000
_QUESTIONS = 64


class PathNames(NamedTuple):
    """The words that a path consists of.

    Attributes:
        file: Of the file's name without its ending, or of its folder's where the file stands for it.
        folder: Of the folder it is in.
    """

    file: tuple[str, ...]
    folder: tuple[str, ...]


@lru_cache(_REMEMBERED)
def words_of(name: str) -> tuple[str, ...]:
    """Split a name as programmers join them, lower case; single letters say nothing."""
    return tuple(part.lower() for part in name_parts(name) if len(part) > 1)


@lru_cache(_REMEMBERED)
def path_names(path: str) -> PathNames:
    """Split a path into the words of its names."""
    file, folder = PurePosixPath(path), PurePosixPath(path).parent
    if file.stem.lower() in _DOORS and folder.name:
        file, folder = folder, folder.parent
    return PathNames(words_of(file.stem) or (file.stem.lower(),), words_of(folder.name))


def stands_for_folder(name: str) -> bool:
    """Say whether a file of this name tells what its folder is."""
    return PurePosixPath(name).stem.lower() in _FRONT_PAGES


@lru_cache(_REMEMBERED)
def akin(one: str, other: str) -> bool:
    """Say whether two words are forms of one: an abbreviation or another inflection."""
    shorter = min(len(one), len(other))
    shared = sum(1 for _ in takewhile(bool, map(eq, one, other)))
    if shared == shorter:
        return shorter >= ABBREVIATION or one == other
    return shared >= COMMON_STEM and max(len(one), len(other)) - shared <= LONGEST_ENDING


class Question:
    """A question's words, to be compared with names.

    Args:
        text: As asked.

    Attributes:
        words: Those that tell something, lower case.
        describes: How far it describes what it seeks, 0 to 1, rather than names it.
    """

    def __init__(self, text: str) -> None:
        terms = [term for term in query_terms(text) if " " in term or len(words_of(term)) == 1]
        self.words = tuple(dict.fromkeys(word for term in terms for word in words_of(term)))
        beyond = len(self.words) - NAMING_WORDS
        self.describes = min(max(beyond / (DESCRIBING_WORDS - NAMING_WORDS), 0.0), 1.0)
        self._known: dict[str, int] = {}
        self._beginnings: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
        for place, word in enumerate(self.words):
            self._beginnings[word[:ABBREVIATION]].append((1 << place, word))

    def said(self, names: tuple[str, ...]) -> float:
        """The share of a name's words that the question says, 0 to 1."""
        return sum(map(bool, map(self._among, names))) / len(names) if names else 0.0

    def covered(self, names: tuple[str, ...]) -> float:
        """The share of the question's words that a name says, 0 to 1."""
        found = 0
        for name in names:
            found |= self._among(name)
        return found.bit_count() / len(self.words) if self.words else 0.0

    def resembled(self, names: tuple[str, ...]) -> float:
        """How much of the question a name says, and of the name the question: both shares multiplied."""
        found = said = 0
        for name in names:
            if bits := self._among(name):
                found |= bits
                said += 1
        return found.bit_count() * said / (len(self.words) * len(names)) if said else 0.0

    def _among(self, name: str) -> int:
        """Which of the question's words a word is akin to, a bit each."""
        bits = self._known.get(name)
        if bits is None:
            # Words that are akin begin alike.
            alike = self._beginnings.get(name[:ABBREVIATION], ())
            bits = sum(bit for bit, word in alike if akin(word, name))
            self._known[name] = bits
        return bits


question = lru_cache(_QUESTIONS)(Question)
"""The words of a question, worked out once for all of its candidates."""

"""The functions that a change brings, and those that they are held against."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from whykeeper.verification.side import Side
from whykeeper.verification.subject import Subject
from whykeeper_indexers.change import ChangedFile
from whykeeper_indexers.code import has_grammar, syntax_tree
from whykeeper_indexers.code.clones import LEAST_KEPT, LEAST_SUBTREES, Build, builds, built_like, words_alike
from whykeeper_indexers.path_roles import is_aside
from whykeeper_indexers.types import LineRange, SourceText

__all__ = ["Functions", "Place", "alike"]

NEW_SHARE: Final = 0.6
"""Of a function's lines: with fewer new ones it was there before."""
ALIKE: Final = 0.72
"""Built alike to this degree, two functions do the same, unless their words have nothing in common."""
LEAST_WORDS: Final = 0.15
NEAR: Final = 0.5
"""Built alike to this degree, they do if they speak of the same things."""
NEAR_WORDS: Final = 0.6


@dataclass(frozen=True, slots=True)
class Place:
    """A function and its file."""

    path: str
    build: Build


def alike(one: Build, other: Build) -> bool:
    """Whether two functions do the same by how they are built."""
    built, words = built_like(one, other), words_alike(one, other)
    return (built >= ALIKE and words >= LEAST_WORDS) or (built >= NEAR and words >= NEAR_WORDS)


class Functions:
    """The functions of a change.

    Args:
        subject: The change.
    """

    def __init__(self, subject: Subject) -> None:
        self._subject = subject
        self._read: dict[str, tuple[Build, ...]] = {}

    @cached_property
    def new(self) -> tuple[Place, ...]:
        """Functions of the product that most lines of are new."""
        return tuple(
            Place(file.path, build)
            for file in self._subject.change.files
            if not file.deleted and _is_product(file.path) and file.path in self._subject.head.paths
            for build in self._of_head(file.path)
            if build.size >= LEAST_KEPT and _is_new(file, build.lines)
        )

    def only_moved(self, place: Place) -> bool:
        """Whether the change took away a function that is built like this one."""
        return place.build.size >= LEAST_SUBTREES and any(alike(place.build, each) for each in self._removed)

    def sharing(self, numbers: Collection[int], least: int) -> Iterator[Place]:
        """Give functions that were there before, those that share the most hashes or jobs first.

        Args:
            numbers: Hashes of a sketch, or a job.
            least: How many of them are shared at least.
        """
        head = self._subject.head
        fresh = {(each.path, each.build.lines) for each in self.new}
        shared = head.functions_sharing(numbers)
        for (path, number), count in sorted(shared.items(), key=lambda pair: (-pair[1], pair[0])):
            if count < least:
                return
            lines = head.facts(path).functions[number].lines if _is_product(path) else None
            if lines is not None and (path, lines) not in fresh:
                yield from (Place(path, each) for each in self._of_head(path) if each.lines == lines)

    @cached_property
    def _removed(self) -> tuple[Build, ...]:
        return tuple(
            build
            for file in self._subject.change.files
            if file.before is not None and file.removed and has_grammar(file.before)
            for build in _builds(self._subject.base, file.before)
            if build.size >= LEAST_SUBTREES and file.removes(build.lines)
        )

    def _of_head(self, path: str) -> tuple[Build, ...]:
        if path not in self._read:
            self._read[path] = _builds(self._subject.head, path)
        return self._read[path]


def _is_new(file: ChangedFile, lines: LineRange) -> bool:
    fresh = sum(max(0, min(each.end, lines.end) - max(each.start, lines.start) + 1) for each in file.added)
    return fresh >= NEW_SHARE * (lines.end - lines.start + 1)


def _is_product(path: str) -> bool:
    return has_grammar(path) and not is_aside(path)


def _builds(side: Side, path: str) -> tuple[Build, ...]:
    text = side.text(path)
    tree = syntax_tree(SourceText(path, text, "")) if text is not None else None
    return tuple(builds(tree)) if tree is not None else ()

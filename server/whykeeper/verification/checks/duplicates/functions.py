"""The functions that a change brings, and those that they are held against."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Final

from whykeeper.verification.side import Side
from whykeeper.verification.subject import Subject
from whykeeper_indexers.change import ChangedFile
from whykeeper_indexers.code import SyntaxTree, has_grammar, syntax_tree
from whykeeper_indexers.code.clones import (
    LEAST_KEPT,
    LEAST_SUBTREES,
    SKETCH,
    Build,
    builds,
    built_like,
    words_alike,
)
from whykeeper_indexers.code.jobs import job_key
from whykeeper_indexers.path_roles import is_product
from whykeeper_indexers.types import LineRange, SourceText

__all__ = ["Functions", "Place", "alike", "numbers_of"]

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


def numbers_of(build: Build) -> list[int]:
    """What a function is found by: the hashes of its sketch, where it is large enough, and its job."""
    hashes = sorted(build.subtrees)[:SKETCH] if build.size >= LEAST_SUBTREES else []
    job = job_key(build.symbol)
    return hashes if job is None else [*hashes, job]


class Functions:
    """The functions of a change.

    Args:
        subject: The change.
    """

    def __init__(self, subject: Subject) -> None:
        self._subject = subject
        self._trees: dict[str, SyntaxTree | None] = {}

    @cached_property
    def new(self) -> tuple[Place, ...]:
        """Functions of the product that most lines of are new."""
        return tuple(
            Place(file.path, build)
            for file in self._subject.change.files
            if not file.deleted and _is_compared(file.path) and file.path in self._subject.head.paths
            for build in _builds(self._subject.head, file.path)
            if build.size >= LEAST_KEPT and _is_new(file, build.lines)
        )

    def only_moved(self, place: Place) -> bool:
        """Whether the change took away a function that is built like this one."""
        return place.build.size >= LEAST_SUBTREES and any(alike(place.build, each) for each in self._removed)

    def sharing(self, numbers: Sequence[int], least: int, most: int) -> list[Place]:
        """Give functions that were there before, those that share the most hashes or jobs first.

        Args:
            numbers: Hashes of a sketch, or a job.
            least: How many of them are shared at least.
            most: How many functions are wanted.
        """
        places = list(islice(self._ranked(numbers, least), most))
        self._subject.head.read({path for path, _ in places})
        return [each for place in places for each in self._at(*place)]

    def _ranked(self, numbers: Sequence[int], least: int) -> Iterator[tuple[str, LineRange]]:
        counted = Counter(each for number in numbers for each in self._holders.get(number, ()))
        ranked = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
        for (path, number), count in ranked:
            if count < least:
                return
            if _is_compared(path):
                place = (path, self._subject.head.facts(path).functions[number].lines)
                if place not in self._fresh:
                    yield place

    @cached_property
    def _holders(self) -> Mapping[int, Sequence[tuple[str, int]]]:
        """Who shares any number of a new function, asked for at once."""
        numbers = {number for each in self.new for number in numbers_of(each.build)}
        return self._subject.head.functions_sharing(numbers)

    @cached_property
    def _fresh(self) -> frozenset[tuple[str, LineRange]]:
        return frozenset((each.path, each.build.lines) for each in self.new)

    def _at(self, path: str, lines: LineRange) -> Iterator[Place]:
        if path not in self._trees:
            self._trees[path] = _tree(self._subject.head, path)
        tree = self._trees[path]
        if tree is not None:
            yield from (Place(path, each) for each in builds(tree, [lines]))

    @cached_property
    def _removed(self) -> tuple[Build, ...]:
        return tuple(
            build
            for file in self._subject.change.files
            if file.before is not None and file.removed and has_grammar(file.before)
            for build in _builds(self._subject.base, file.before)
            if build.size >= LEAST_SUBTREES and file.removes(build.lines)
        )


def _is_new(file: ChangedFile, lines: LineRange) -> bool:
    fresh = sum(max(0, min(each.end, lines.end) - max(each.start, lines.start) + 1) for each in file.added)
    return fresh >= NEW_SHARE * (lines.end - lines.start + 1)


def _is_compared(path: str) -> bool:
    return has_grammar(path) and is_product(path)


def _builds(side: Side, path: str) -> tuple[Build, ...]:
    tree = _tree(side, path)
    return tuple(builds(tree)) if tree is not None else ()


def _tree(side: Side, path: str) -> SyntaxTree | None:
    text = side.text(path)
    return syntax_tree(SourceText(path, text, "")) if text is not None else None

"""New functions that do what existing ones do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from whykeeper.verification.findings import Evidence, Finding, Severity
from whykeeper.verification.side import Side
from whykeeper.verification.subject import Subject
from whykeeper_indexers.change import ChangedFile
from whykeeper_indexers.code import has_grammar, syntax_tree
from whykeeper_indexers.code.clones import LEAST_SUBTREES, SKETCH, Build, builds, built_like, words_alike
from whykeeper_indexers.freshness.symbols import is_test
from whykeeper_indexers.types import LineRange, SourceText

__all__ = ["check"]

MOST_COMPARED: Final = 12
"""Of the functions that share hashes with a new one, those that share the most."""
LEAST_SHARED: Final = 0.2
"""Of the smaller sketch."""
NEW_SHARE: Final = 0.6
"""Of a function's lines: with fewer new ones it was there before."""
ALIKE: Final = 0.72
"""Built alike to this degree, two functions do the same, unless their words have nothing in common."""
LEAST_WORDS: Final = 0.15
NEAR: Final = 0.5
"""Built alike to this degree, they do if they speak of the same things."""
NEAR_WORDS: Final = 0.6
FAMILY: Final = 3
"""Functions that are alike already: here it is a custom, such as one file for each language."""
LARGE: Final = 40
"""Subtrees of a function that is not written the same way twice by chance."""


@dataclass(frozen=True, slots=True)
class _Place:
    """A function and its file."""

    path: str
    build: Build


def check(subject: Subject) -> Iterator[Finding]:
    """Hold every new function against those that were there before."""
    new = list(_new_functions(subject))
    if not new:
        return
    read = cache(lambda path: _builds(subject.head, path))
    gone = _removed(subject)
    for place in new:
        if any(built_like(place.build, each) >= ALIKE and _alike(place.build, each) for each in gone):
            continue
        alike = [each for each in _candidates(subject, place, new, read) if _alike(place.build, each.build)]
        if alike:
            yield _finding(place, max(alike, key=lambda each: _likeness(place, each)), len(alike))


def _likeness(place: _Place, other: _Place) -> tuple[float, float]:
    return built_like(place.build, other.build), words_alike(place.build, other.build)


def _new_functions(subject: Subject) -> Iterator[_Place]:
    for file in subject.change.files:
        if file.deleted or not _is_product(file.path) or file.path not in subject.head.paths:
            continue
        for build in _builds(subject.head, file.path):
            if build.size >= LEAST_SUBTREES and _is_new(file, build.lines):
                yield _Place(file.path, build)


def _is_new(file: ChangedFile, lines: LineRange) -> bool:
    fresh = sum(max(0, min(each.end, lines.end) - max(each.start, lines.start) + 1) for each in file.added)
    return fresh >= NEW_SHARE * (lines.end - lines.start + 1)


def _removed(subject: Subject) -> list[Build]:
    """Functions that the change took away: what is built like them has only moved."""
    return [
        build
        for file in subject.change.files
        if file.before is not None and file.removed and has_grammar(file.before)
        for build in _builds(subject.base, file.before)
        if build.size >= LEAST_SUBTREES and file.removes(build.lines)
    ]


def _candidates(
    subject: Subject, place: _Place, new: Iterable[_Place], read: Callable[[str], tuple[Build, ...]]
) -> Iterator[_Place]:
    hashes = sorted(place.build.subtrees)[:SKETCH]
    sharing = subject.head.functions_sharing(hashes)
    ranked = sorted(sharing.items(), key=lambda pair: (-pair[1], pair[0]))
    fresh = {(each.path, each.build.lines) for each in new}
    taken = 0
    for (path, number), shared in ranked:
        if shared < LEAST_SHARED * len(hashes) or taken == MOST_COMPARED:
            return
        if not _is_product(path):
            continue
        sketch = subject.head.facts(path).functions[number]
        if (path, sketch.lines) in fresh:
            continue
        found = next((each for each in read(path) if each.lines == sketch.lines), None)
        if found is not None and not _is_overload(place, path, found):
            taken += 1
            yield _Place(path, found)


def _is_overload(place: _Place, path: str, other: Build) -> bool:
    """Whether one is another form of the other: they are alike on purpose."""
    return path == place.path and other.symbol == place.build.symbol


def _alike(one: Build, other: Build) -> bool:
    built, words = built_like(one, other), words_alike(one, other)
    return (built >= ALIKE and words >= LEAST_WORDS) or (built >= NEAR and words >= NEAR_WORDS)


def _is_product(path: str) -> bool:
    return has_grammar(path) and not is_test(path)


def _builds(side: Side, path: str) -> tuple[Build, ...]:
    text = side.text(path)
    tree = syntax_tree(SourceText(path, text, "")) if text is not None else None
    return tuple(builds(tree)) if tree is not None else ()


def _finding(place: _Place, existing: _Place, family: int) -> Finding:
    new, old = place.build, existing.build
    alike = built_like(new, old)
    sure = alike >= ALIKE and min(new.size, old.size) >= LARGE and family < FAMILY
    more = f", one of {family} like it" if family >= FAMILY else ""
    return Finding(
        check="duplicates",
        rule="duplicates/clone",
        severity=Severity.WARNING if sure else Severity.NOTE,
        path=place.path,
        line=new.lines.start,
        end_line=new.lines.end,
        message=f"{new.symbol} is {alike:.0%} the same as {old.symbol} in {existing.path}{more}.",
        hint=f"Call {old.symbol} ({existing.path}:{old.lines.start}), or say why both are needed.",
        evidence=(Evidence(existing.path, old.lines, old.signature),),
        subject=new.symbol,
    )

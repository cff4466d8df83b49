"""Which symbols a change takes away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from whykeeper.verification.checks.boundaries.sides import Boundary
from whykeeper_indexers.change import ChangedFile
from whykeeper_indexers.code import Definition, language_of
from whykeeper_indexers.types import LineRange
from whykeeper_indexers.usage import struct_fields

__all__ = ["Lost", "lost_symbols"]

MOST_LOST = 400
"""Symbols that are looked for; a change that takes away more is one nobody reads line by line."""


@dataclass(frozen=True, slots=True)
class Lost:
    """A symbol that a file no longer defines.

    Attributes:
        before: The file before the change.
        now: What became of that file; None for one that is deleted.
        symbol: Its qualified name.
        language: Of the file.
        category: What it was: ``function``, ``class`` …
        lines: Where it stood.
        successor: What is probably in its place now; empty for nothing.
    """

    before: str
    now: str | None
    symbol: str
    language: str
    category: str
    lines: LineRange
    successor: str = ""

    @property
    def name(self) -> str:
        """Its own name."""
        return self.symbol.rpartition(".")[2]

    @property
    def sought(self) -> str:
        """The word that every file that uses it must have."""
        return self.name if self.name != "default" else PurePosixPath(self.before).stem.partition(".")[0]

    @property
    def owner(self) -> str:
        """What it is a member of; empty for nothing."""
        return self.symbol.rpartition(".")[0]

    @property
    def path(self) -> str:
        """The file it is told of."""
        return self.now or self.before


def lost_symbols(boundary: Boundary) -> list[Lost]:
    """List what changed files of code no longer define, at most as many as are looked for."""
    found = [lost for each in boundary.code for lost in _lost_of(boundary, each)]
    if len(found) > MOST_LOST:
        boundary.subject.note(
            f"boundaries: {len(found)} symbols are gone; uses of {MOST_LOST} of them were looked for"
        )
    return found[:MOST_LOST]


def _lost_of(boundary: Boundary, file: ChangedFile) -> Iterator[Lost]:
    assert file.before is not None
    base = boundary.subject.base.facts(file.before)
    now = None if file.deleted else file.path
    after = boundary.subject.head.facts(now).definitions if now else ()
    there = {each.symbol for each in after}
    gone = [each for each in base.definitions if each.symbol not in there]
    names = {each.symbol for each in gone}
    fresh = _fresh(base.definitions, after)
    for each in gone:
        if not _has_lost_owner(each.symbol, names):
            successor = _successor(each, fresh)
            yield Lost(
                file.before, now, each.symbol, base.language or "", each.category, each.lines, successor
            )
    if now is not None:
        yield from _withdrawn(boundary, file.before, now, names)
        if base.language == "go":
            yield from _fields(boundary, file.before, now)


def _has_lost_owner(symbol: str, gone: set[str]) -> bool:
    parts = symbol.split(".")
    return any(".".join(parts[:length]) in gone for length in range(1, len(parts)))


def _withdrawn(boundary: Boundary, before: str, now: str, gone: set[str]) -> Iterator[Lost]:
    """What is still there, or comes from elsewhere, and is no longer handed on to others."""
    if language_of(before) in ("go", "java"):
        return
    base, head = boundary.base.file(before), boundary.head.file(now)
    if base is None or head is None:
        return
    missing: set[str] | frozenset[str]
    if base.language == "python":
        # Any module has names that it imports itself; a package's are there for others.
        if not before.endswith("__init__.py"):
            return
        names = {each.local for each in boundary.base.imported(before) if each.local and each.name}
        missing = {name for name in names if not head.binds(name)}
    else:
        exported, still = boundary.base.exported(base), boundary.head.exported(head)
        missing = exported - still if exported is not None and still is not None else set()
    for name in sorted(missing - gone):
        yield Lost(before, now, name, base.language, "export", LineRange(1, 1))


def _fields(boundary: Boundary, before: str, now: str) -> Iterator[Lost]:
    """Fields that structs of Go have no more, which are kept with no file's facts."""
    base, head = boundary.base.file(before), boundary.head.file(now)
    if base is None or head is None:
        return
    after = struct_fields(head)
    for struct, fields in struct_fields(base).items():
        # One that is gone from the file may only have moved, and is lost whole where it has not.
        if struct not in after:
            continue
        fresh = [name for name in after[struct] if name not in fields]
        gone = [name for name in fields if name not in after[struct]]
        for name in gone:
            same = [each for each in fresh if after[struct][each][1] == fields[name][1]]
            successor = f"{struct}.{same[0]}" if len(gone) == len(fresh) == len(same) == 1 else ""
            line = fields[name][0]
            yield Lost(before, now, f"{struct}.{name}", "go", "field", LineRange(line, line), successor)


def _fresh(before: tuple[Definition, ...], after: tuple[Definition, ...]) -> list[Definition]:
    known = {each.symbol for each in before}
    return [each for each in after if each.symbol not in known]


def _successor(gone: Definition, fresh: list[Definition]) -> str:
    """What a symbol is probably called now: one of its kind is new, with the same rest of a declaration."""
    alike = [
        each
        for each in fresh
        if each.category == gone.category
        and each.symbol.rpartition(".")[0] == gone.symbol.rpartition(".")[0]
        and _rest(each) == _rest(gone)
    ]
    if len(alike) == 1:
        return alike[0].symbol
    same = Counter(each.symbol for each in alike if _size(each) == _size(gone))
    return next(iter(same)) if len(same) == 1 else ""


def _rest(definition: Definition) -> str:
    name = definition.symbol.rpartition(".")[2]
    return (definition.signature or "").replace(name, "", 1)


def _size(definition: Definition) -> int:
    return definition.lines.end - definition.lines.start

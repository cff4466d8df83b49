"""The files of a change that documents may speak of, each before and after."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from whykeeper.verification.subject import Subject
from whykeeper_indexers.change import ChangedFile
from whykeeper_indexers.code import Definition
from whykeeper_indexers.conventions import convention_for
from whykeeper_indexers.documents import is_document
from whykeeper_indexers.path_roles import is_product
from whykeeper_indexers.types import LineRange

__all__ = ["EditedFile", "edited_files"]

MOST_FILES = 400
"""Of one change: what touches more is a move or a formatter, and the rest is left out, with a note."""
MOST_CHARACTERS = 400_000
"""Of a file; a longer one was generated."""
_AROUND = 4
"""Lines above a change that belong to the same statement, where it is written over several."""


@dataclass(frozen=True)
class EditedFile:
    """A changed file that is no document, test or example.

    Attributes:
        path: Before the change.
        after: Its name after the change; None when it is gone.
        before_text: What it said.
        after_text: What it says; empty when it is gone.
        before_symbols: What it defined.
        after_symbols: What it defines.
        removed: Lines of the text before the change that are gone.
        added: Lines of the text after it that are new.
    """

    path: str
    after: str | None
    before_text: str
    after_text: str
    before_symbols: tuple[Definition, ...]
    after_symbols: tuple[Definition, ...]
    removed: tuple[LineRange, ...]
    added: tuple[LineRange, ...]

    @cached_property
    def before_lines(self) -> list[str]:
        """Lines before the change."""
        return self.before_text.split("\n")

    @cached_property
    def after_lines(self) -> list[str]:
        """Lines after the change."""
        return self.after_text.split("\n")

    def removed_lines(self) -> Iterator[tuple[int, str]]:
        """Lines that are gone, with their numbers before the change."""
        yield from _numbered(self.before_lines, self.removed)

    def added_lines(self) -> Iterator[tuple[int, str]]:
        """Lines that are new, with their numbers after the change."""
        yield from _numbered(self.after_lines, self.added)

    def passages_before(self) -> Iterator[tuple[int, str]]:
        """What is gone with the lines above it, each passage as one text with the number of its last line."""
        yield from _passages(self.before_lines, self.removed)

    def passages_after(self) -> Iterator[tuple[int, str]]:
        """The same of what is new."""
        yield from _passages(self.after_lines, self.added)

    def touched(self, symbol: Definition) -> bool:
        """Whether any line of a definition is gone."""
        return any(each.start <= symbol.lines.end and symbol.lines.start <= each.end for each in self.removed)


def edited_files(subject: Subject) -> list[EditedFile]:
    """Read the files of a change that documents may speak of."""
    files = [each for each in subject.change.files if _counts(each, subject)]
    if len(files) > MOST_FILES:
        subject.note(
            f"documents were held against the first {MOST_FILES} of {len(files):,} changed files only"
        )
    files = files[:MOST_FILES]
    before = [each.before for each in files if each.before]
    after = [each.path for each in files if not each.deleted]
    texts = subject.base.tree.texts(before), subject.head.tree.texts(after)
    facts = subject.base.all_facts(before), subject.head.all_facts(after)
    found = []
    for each in files:
        said = texts[0].get(each.before or "", "")
        says = "" if each.deleted else texts[1].get(each.path, "")
        if max(len(said), len(says)) > MOST_CHARACTERS:
            continue
        defined = facts[0].get(each.before or "")
        defines = None if each.deleted else facts[1].get(each.path)
        found.append(
            EditedFile(
                path=each.before or each.path,
                after=None if each.deleted else each.path,
                before_text=said,
                after_text=says,
                before_symbols=defined.definitions if defined else (),
                after_symbols=defines.definitions if defines else (),
                removed=each.removed,
                added=each.added,
            )
        )
    return found


def _counts(file: ChangedFile, subject: Subject) -> bool:
    path = file.before or file.path
    prose = is_document(path) or convention_for(path) is not None
    known = file.path in subject.head.paths or path in subject.base.paths
    return known and is_product(path) and not (prose or file.binary) and bool(file.removed or file.added)


def _numbered(lines: list[str], ranges: tuple[LineRange, ...]) -> Iterator[tuple[int, str]]:
    for start, end in ranges:
        yield from enumerate(lines[start - 1 : end], start)


def _passages(lines: list[str], ranges: tuple[LineRange, ...]) -> Iterator[tuple[int, str]]:
    for start, end in ranges:
        first = _opening(lines, start)
        yield end, "\n".join(lines[first - 1 : end + 1])


def _opening(lines: list[str], start: int) -> int:
    """The line in which the parentheses around a line are opened, if it is near."""
    depth = 0
    for number in range(start - 1, max(0, start - 1 - 3 * _AROUND), -1):
        line = lines[number - 1]
        depth += sum(map(line.count, "([{")) - sum(map(line.count, ")]}"))
        if depth > 0:
            return number
    return start

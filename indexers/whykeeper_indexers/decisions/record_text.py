"""A document that may be a decision record, as its form's reader sees it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from whykeeper_indexers.decisions.layout import PlacedRecord
from whykeeper_indexers.decisions.places import RecordName, record_name
from whykeeper_indexers.documents.outline import Outline, Section

__all__ = ["RecordText", "header_fields", "heading_word"]

MAX_HEADER_LINES = 60
MAX_VALUE = 1_500
MAX_LIST_VALUES = 50

_FIELD = re.compile(
    r"[ \t]{0,8}(?:[-*+>][ \t]+|:)?[*_]{0,2}([A-Za-z][A-Za-z /()'-]{1,38}?)[*_]{0,2}[ \t]*:"
    r"[*_]{0,2}(?:[ \t]+(.*))?$"
)
_ROW = re.compile(r"[ \t]*\|[*_ \t]*([A-Za-z][A-Za-z /()'-]{1,38}?)[*_: \t]*\|([^|]*)\|?[ \t]*$")
_NESTED = re.compile(r"[ \t]{1,8}[-*+][ \t]+(.*)")
_BARE_HEADINGS = frozenset({"status", "date"})
"""Headings that lost their markup: the value stands on the next line."""
_HEADING_NUMBER = re.compile(r"[\W\d_]+")


@dataclass(frozen=True)
class RecordText:
    """A document beside its place.

    Attributes:
        outline: The document, read.
        placed: Why it may be a record.
    """

    outline: Outline
    placed: PlacedRecord

    @cached_property
    def name(self) -> RecordName:
        """What the file's name says."""
        return record_name(self.outline.path)

    @cached_property
    def headings(self) -> frozenset[str]:
        """Every heading below the title, in lower case and without numbering."""
        return frozenset(heading_word(section.heading) for section in self.outline.sections)

    @cached_property
    def header(self) -> tuple[Section, ...]:
        """What stands before the first heading, and directly under the title."""
        sections = self.outline.sections
        titled = next((index for index, each in enumerate(sections) if each.level), len(sections))
        return sections[: titled + 1]

    @cached_property
    def fields(self) -> Mapping[str, str]:
        """``Name: value`` lines of the header, by lower-case name."""
        return header_fields(line for section in self.header for line in section.text.split("\n"))

    @cached_property
    def front_matter(self) -> Mapping[str, str]:
        """Front matter by lower-case name; lists are joined by commas."""
        return {key.strip().lower(): _flat(value) for key, value in self.outline.front_matter.items()}

    def section(self, *names: str) -> str:
        """The text under the first heading that has one of the names; empty without one."""
        for section in self.outline.sections:
            if heading_word(section.heading) in names and section.text.strip():
                return section.text[:MAX_VALUE]
        return ""

    def value(self, *names: str) -> str:
        """A field by front matter, else by header line, else by section; empty without one."""
        for source in (self.front_matter, self.fields):
            for name in names:
                if source.get(name):
                    return source[name]
        return self.section(*names)


def header_fields(lines: Iterable[str]) -> dict[str, str]:
    """Read ``Name: value`` lines, list items and two-column table rows.

    Values of nested list items below an empty field are joined by commas. The first value wins.
    """
    found: dict[str, str] = {}
    open_field = ""
    for _, line in zip(range(MAX_HEADER_LINES), lines, strict=False):
        nested = _NESTED.match(line) if open_field else None
        match = _FIELD.match(line[:MAX_VALUE]) or _ROW.match(line[:MAX_VALUE])
        if nested and not (match and match[2]):
            found[open_field] = ", ".join(filter(None, (found[open_field], nested[1].strip())))
        elif match:
            open_field = match[1].strip().lower()
            found.setdefault(open_field, (match[2] or "").strip())
        elif line.strip().lower() in _BARE_HEADINGS:
            open_field = line.strip().lower()
            found.setdefault(open_field, "")
        elif line.strip():
            if open_field in _BARE_HEADINGS and not found[open_field]:
                found[open_field] = line.strip()
            open_field = ""
    return found


def heading_word(heading: str) -> str:
    """A heading in lower case, without numbering in front or punctuation behind."""
    start = _HEADING_NUMBER.match(heading)
    return heading[start.end() if start else 0 :].strip(" :.#").lower()


def _flat(value: Any) -> str:
    """A front matter value as text; bounded, and never followed into what it nests."""
    if isinstance(value, list):
        return ", ".join(_scalars(value[:MAX_LIST_VALUES]))[:MAX_VALUE]
    return next(_scalars([value]), "")[:MAX_VALUE]


def _scalars(values: Iterable[Any]) -> Iterator[str]:
    for value in values:
        if isinstance(value, (str, int, float)) and not isinstance(value, bool):
            yield str(value).strip()

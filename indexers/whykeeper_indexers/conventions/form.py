"""What every family of convention files has in common: one small module each, behind one shape."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from whykeeper_indexers.conventions.globs import MAX_GLOBS
from whykeeper_indexers.documents.front_matter import loose_front_matter, split_front_matter
from whykeeper_indexers.types import Scope

__all__ = ["ConventionFile", "ConventionForm", "Fields", "Reading", "home_of", "read_fields"]


_OPENED = re.compile(r"---[ \t]*\n(?:globs|description|alwaysApply|paths|applyTo|inclusion|trigger):")
_UNCLOSED = "front matter is not closed by a line of ---, so it is not read"


@dataclass(frozen=True, slots=True)
class Fields:
    """The front matter of a convention file.

    Attributes:
        values: By key; empty without front matter.
        strict: False when it is not YAML and was read line by line.
        body_line: First line after it, 1-based.
        note: Why it is not strict; empty otherwise.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    strict: bool = True
    body_line: int = 1
    note: str = ""

    def text(self, key: str) -> str:
        """Give a value as one line of text; empty when it is missing or no text."""
        value = self.values.get(key)
        return " ".join(value.split())[:1_000] if isinstance(value, str) else ""

    def flag(self, key: str) -> bool:
        """Give a value as yes or no; no when it is missing."""
        value = self.values.get(key)
        return value is True or (isinstance(value, str) and value.strip().lower() == "true")


@dataclass(frozen=True, slots=True)
class ConventionFile:
    """A convention file, as its form reads it.

    Attributes:
        path: Relative to the root.
        fields: Its front matter.
        body: What follows it.
    """

    path: str
    fields: Fields
    body: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a form says of a file."""

    scope: Scope
    imports: tuple[str, ...] = ()
    description: str = ""
    note: str = ""


class ConventionForm(Protocol):
    """A family of convention files: a module with these three names."""

    TOOL: str

    def recognises(self, path: str) -> bool:
        """Say by the path alone whether a file is of this family."""

    def read(self, file: ConventionFile) -> Reading:
        """Read what a file binds and brings in."""


def home_of(path: str, marker: str) -> str | None:
    """Give the folder that holds a tool's own folder.

    Args:
        path: A path, for example ``web/.cursor/rules/style.mdc``.
        marker: The tool's own folder, for example ``.cursor/rules``.

    Returns:
        ``web`` here, empty for the root; None when the path does not lie within such a folder.
    """
    before, found, after = f"/{path}".rpartition(f"/{marker}/")
    return before.removeprefix("/") if found and after else None


def read_fields(text: str) -> Fields:
    """Read front matter; where it is not YAML (``globs: **/*.ts, **/*.js``), line by line."""
    values, body_line, error = split_front_matter(text)
    if error is None:
        note = _UNCLOSED if values is None and _OPENED.match(text) else ""
        return Fields(values or {}, strict=not note, body_line=body_line, note=note)
    loose: dict[str, Any] = dict(loose_front_matter(text))
    loose |= _loose_lists(text.split("\n")[1 : body_line - 2])
    return Fields(loose, strict=False, body_line=body_line, note=error)


def _loose_lists(lines: list[str]) -> dict[str, list[str]]:
    """Read ``key:`` followed by ``- item`` lines whose items YAML would refuse."""
    found: dict[str, list[str]] = {}
    key = ""
    for line in lines:
        stripped = line.strip()
        if stripped.startswith("- ") and key:
            items = found.setdefault(key, [])
            if len(items) < MAX_GLOBS:
                items.append(stripped[2:].strip().strip("\"'"))
        else:
            key = stripped[:-1].strip() if stripped.endswith(":") else ""
    return found

"""What a manifest asks for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

__all__ = ["Dependency", "ManifestError", "placed"]

_WRITTEN = re.compile(r"[\w@/-]+(?:\.[\w@/-]+)*")
_LONGEST_LINE = 5_000


class ManifestError(ValueError):
    """A manifest cannot be read."""


class Dependency(NamedTuple):
    """A package that a manifest asks for.

    Attributes:
        line: Where, 1-based.
        name: As its package manager spells names; of the JVM ``group:artifact``.
    """

    line: int
    name: str


def placed(names: Iterable[str], text: str, written: re.Pattern[str] = _WRITTEN) -> Iterator[Dependency]:
    """Give names the lines that they stand in: parsers of the formats do not tell them.

    Args:
        names: As the manifest writes them.
        text: Of the manifest.
        written: Finds what may be a name; its first group, where it has one.
    """
    lines: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), 1):
        for found in written.findall(line[:_LONGEST_LINE]):
            lines.setdefault(found.lower(), number)
    for name in dict.fromkeys(names):
        yield Dependency(lines.get(name.lower(), 1), name)

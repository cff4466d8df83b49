"""What a manifest asks for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

__all__ = ["Dependency", "ManifestError", "placed"]


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


def placed(names: Iterable[str], text: str, spelled: str = "{}") -> Iterator[Dependency]:
    """Give names the lines that they stand in: parsers of the formats do not tell them.

    Args:
        names: As the manifest writes them.
        text: Of the manifest.
        spelled: How a name stands there.
    """
    lines = text.split("\n")
    for name in dict.fromkeys(names):
        pattern = re.compile(rf"(?<![\w.@/-]){re.escape(spelled.format(name))}(?![\w./-])", re.IGNORECASE)
        yield Dependency(
            next((at for at, line in enumerate(lines, 1) if pattern.search(line[:2_000])), 1), name
        )

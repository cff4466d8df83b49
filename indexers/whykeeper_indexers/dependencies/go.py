"""Dependencies in ``go.mod``; those that are there for the sake of others are left out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from whykeeper_indexers.dependencies.types import Dependency

__all__ = ["go_mod"]

_REQUIRED = re.compile(r"\s*(?:require\s+)?\"?([\w.~-]+\.[\w.~/-]+)\"?\s+v\d")
_INDIRECT = re.compile(r"//\s*indirect\b")


def go_mod(text: str) -> Iterator[Dependency]:
    """Read a ``go.mod``."""
    block = ""
    for number, line in enumerate(text.split("\n"), 1):
        words = line.split()
        if words[1:2] == ["("]:
            block = words[0]
        elif words[:1] == [")"]:
            block = ""
        elif block == "require" or (not block and words[:1] == ["require"]):
            found = _REQUIRED.match(line[:500])
            if found and not _INDIRECT.search(line):
                yield Dependency(number, found[1])

"""Configuration keys and environment variables that a document names, with the value it gives."""

from __future__ import annotations

import re
from collections.abc import Iterator

from whykeeper_indexers.link_types import Reference, ReferenceKind
from whykeeper_indexers.links.text import TextLine

__all__ = ["keys"]

_KEY = re.compile(r"\$?\{?([A-Z][A-Z0-9]{1,60}(?:_[A-Z0-9]{1,60}){1,10})\}?")
_DEFAULT = re.compile(
    r"defaults?(?: value)?(?: is| to|:)?[\s:=(]{0,4}[`\"']{0,2}(-?\d[\d_.]{0,15}|true|false)\b", re.IGNORECASE
)
_ASSIGNED = re.compile(
    r"([A-Z][A-Z0-9]{1,60}(?:_[A-Z0-9]{1,60}){1,10})\s{0,3}=\s{0,3}(\d[\d_.]{0,15})(?![\w.])"
)


def keys(line: TextLine) -> Iterator[Reference]:
    """Names in capitals that are written as code."""
    found = []
    for body in line.spans:
        head = body.split("=", 1)[0].strip()
        if match := _KEY.fullmatch(head):
            assigned = _ASSIGNED.match(body)
            found.append((match[1], assigned[2] if assigned else ""))
    stated = _DEFAULT.search(line.text) if len(found) == 1 else None
    for name, value in found:
        said = stated[1] if stated else value
        yield Reference(line.number, ReferenceKind.KEY, name, "span", said, line.past)

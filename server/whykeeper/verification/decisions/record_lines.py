"""Where a decision record says something."""

from __future__ import annotations

import re

from whykeeper.verification.findings import Evidence
from whykeeper.verification.side import Side
from whykeeper_indexers.secrets import redact

__all__ = ["evidence_of"]

_TURNED_DOWN = re.compile(
    r"\b(?:not|never|no longer|reject\w*|instead|replac\w+|refus\w+|drop\w*|against|supersed\w+|bad|too)\b",
    re.IGNORECASE,
)
_LISTED = re.compile(r"\s*(?:[-*+]\s|\d+[.)]\s|#)")
_SHOWN = 200


def evidence_of(side: Side, record: str, name: str, why: str = "") -> Evidence:
    """Give the line of a record that says most of a name, with the reason where it is short.

    Args:
        side: The repository whose record it is.
        record: Its path.
        name: Of what is spoken.
        why: What the record says of it, where that is known.
    """
    text, _ = redact(side.text(record) or "", record)
    written = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])", re.IGNORECASE)
    best, line = 0, 1
    for number, each in enumerate(text.split("\n"), 1):
        if written.search(each):
            weight = 1 + 2 * bool(_TURNED_DOWN.search(each)) + bool(_LISTED.match(each))
            if weight > best:
                best, line, found = weight, number, each
    said = " ".join(found.split()).lstrip("#*- ") if best else ""
    if why and why not in said and name.lower() not in why.lower():
        said = f"{said}: {why}" if said else why
    return Evidence(record, (line, line), said[:_SHOWN])

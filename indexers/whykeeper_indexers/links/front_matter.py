"""What a document's front matter says it is about: ``paths:``, ``affects:``, ``scope:`` and the like."""

from __future__ import annotations

from collections.abc import Iterator

from whykeeper_indexers.documents.outline import Outline
from whykeeper_indexers.link_types import Reference, ReferenceKind

__all__ = ["affected"]

FIELDS = (
    "paths",
    "affects",
    "affected",
    "scope",
    "applies-to",
    "applies_to",
    "applyTo",
    "globs",
    "modules",
    "components",
    "code",
)
"""Under which records and rules name what they bind."""
_MOST = 50


def affected(outline: Outline) -> Iterator[Reference]:
    """What the front matter names, as paths or globs."""
    for field in FIELDS:
        value = outline.front_matter.get(field)
        items = value if isinstance(value, list) else str(value or "").split(",")
        for item in items[:_MOST]:
            target = item.strip().strip("\"'") if isinstance(item, str) else ""
            if not target or " " in target:
                continue
            glob = any(sign in target for sign in "*?{[")
            kind = ReferenceKind.GLOB if glob else ReferenceKind.PATH
            yield Reference(_line_of(outline, target), kind, target, "front matter")


def _line_of(outline: Outline, target: str) -> int:
    return next((number for number, line in enumerate(outline.lines[:200], 1) if target in line), 1)

"""``adr-NNN-slug.md`` as the Cosmos SDK's template has it: a change log before the status."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from whykeeper_indexers.decisions.writing.forms import nygard
from whykeeper_indexers.decisions.writing.shape import Heading, Part, Shape

__all__ = ["SHAPE"]

SHAPE: Final[Shape] = replace(
    nygard.MARKDOWN,
    form="cosmos",
    title="ADR {number}: {title}",
    title_digits=3,
    sections=((Part.CHANGELOG, Heading("Changelog", 2)), *nygard.MARKDOWN.sections),
    status="Accepted",
    bullet="-",
)

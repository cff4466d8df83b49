"""log4brains: MADR 2 with dashes, named by date and slug, linked by slug."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from whykeeper_indexers.decisions.writing.forms import madr
from whykeeper_indexers.decisions.writing.shape import Field, Part, Shape

__all__ = ["SHAPE"]

SHAPE: Final[Shape] = replace(
    madr.MADR_2,
    form="log4brains",
    fields=(
        Field(Part.STATUS, "- Status: "),
        Field(Part.DECIDERS, "- Deciders: "),
        Field(Part.DATE, "- Date: "),
    ),
    bullet="-",
    label="{stem}",
)

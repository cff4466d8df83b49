"""adr-tools' own template, and the words it links records with (its spelling included)."""

from __future__ import annotations

from typing import Final

from whykeeper_indexers.decisions.writing.shape import Field, Heading, Part, Shape

__all__ = ["SHAPE"]

SHAPE: Final = Shape(
    form="adr-tools",
    title="{number}. {title}",
    fields=(Field(Part.DATE, "Date: "),),
    sections=(
        (Part.STATUS, Heading("Status", 2)),
        (Part.CONTEXT, Heading("Context", 2)),
        (Part.DECISION, Heading("Decision", 2)),
        (Part.OPTIONS, Heading("Alternatives", 2)),
        (Part.CONSEQUENCES, Heading("Consequences", 2)),
        (Part.CONFIRMATION, Heading("Confirmation", 2)),
    ),
    status="Accepted",
    relations=Part.STATUS,
    supersedes="Supercedes",
    superseded_by="Superceded by",
    amended_by="Amended by",
    label="{number}. {title}",
)

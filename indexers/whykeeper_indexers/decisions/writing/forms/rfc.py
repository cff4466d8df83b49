"""Requests for comments, as Rust's template begins and goes on."""

from __future__ import annotations

from typing import Final

from whykeeper_indexers.decisions.writing.shape import Field, Heading, Part, Shape

__all__ = ["SHAPE"]

SHAPE: Final = Shape(
    form="rfc",
    title="",
    fields=(
        Field(Part.SLUG, "- Feature Name: "),
        Field(Part.DATE, "- Start Date: "),
        Field(Part.SUPERSEDES, "- Supersedes: "),
    ),
    sections=(
        (Part.DECISION, Heading("Summary", 1)),
        (Part.CONTEXT, Heading("Motivation", 1)),
        (Part.CONSEQUENCES, Heading("Drawbacks", 1)),
        (Part.OPTIONS, Heading("Rationale and alternatives", 1)),
        (Part.CONFIRMATION, Heading("Confirmation", 1)),
    ),
    bullet="-",
    relations=Part.SUPERSEDES,
)

"""MADR's three versions as their templates have them (https://adr.github.io/madr/)."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from whykeeper_indexers.decisions.record_text import RecordText
from whykeeper_indexers.decisions.writing.shape import Field, Heading, Part, Shape

__all__ = ["MADR_2", "MADR_3", "MADR_4", "is_version_3"]

MADR_4: Final = Shape(
    form="madr-4",
    front=(
        Field(Part.STATUS, "status: "),
        Field(Part.DATE, "date: "),
        Field(Part.DECIDERS, "decision-makers: "),
    ),
    sections=(
        (Part.CONTEXT, Heading("Context and Problem Statement", 2)),
        (Part.OPTIONS, Heading("Considered Options", 2)),
        (Part.DECISION, Heading("Decision Outcome", 2)),
        (Part.CONSEQUENCES, Heading("Consequences", 3)),
        (Part.CONFIRMATION, Heading("Confirmation", 3)),
        (Part.REASONS, Heading("Pros and Cons of the Options", 2)),
        (Part.LINKS, Heading("More Information", 2)),
    ),
    links_status=False,
)
MADR_3: Final = replace(
    MADR_4,
    form="madr-3",
    front=(Field(Part.STATUS, "status: "), Field(Part.DATE, "date: "), Field(Part.DECIDERS, "deciders: ")),
    sections=(
        *MADR_4.sections[:4],
        # "Confirmation" would make it MADR 4.
        (Part.CONFIRMATION, Heading("Validation", 2)),
        *MADR_4.sections[5:],
    ),
)
MADR_2: Final = replace(
    MADR_4,
    form="madr-2",
    front=(),
    fields=(
        Field(Part.STATUS, "* Status: "),
        Field(Part.DECIDERS, "* Deciders: "),
        Field(Part.DATE, "* Date: "),
    ),
    sections=(*MADR_3.sections[:-1], (Part.LINKS, Heading("Links", 2))),
    links_status=True,
)


def is_version_3(text: RecordText) -> bool:
    """Whether a record has what version 4 renamed."""
    return "deciders" in text.front_matter or "validation" in text.headings

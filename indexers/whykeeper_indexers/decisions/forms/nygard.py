"""Nygard's form in any markup: Status, Context, Decision, Consequences.

Michael Nygard, "Documenting Architecture Decisions", 2011.
"""

from __future__ import annotations

from whykeeper_indexers.decisions.facts import common_facts, evidence, has_status
from whykeeper_indexers.decisions.identifiers import adr_identifier
from whykeeper_indexers.decisions.places import Place
from whykeeper_indexers.decisions.record_text import RecordText

__all__ = ["facts", "identifier", "recognise"]

facts = common_facts
identifier = adr_identifier


def recognise(text: RecordText) -> bool:
    """Whether it says enough of what records say; a numbered name among others needs less."""
    said = evidence(text) + has_status(text) + ("date" in text.fields)
    named = text.name.digits is not None or text.name.date is not None
    in_folder = text.placed.place is not Place.NAME
    return said >= (1 if named and in_folder else 2)

"""MADR 2: a list of ``Status:``, ``Deciders:`` and ``Date:`` below the title."""

from __future__ import annotations

from whykeeper_indexers.decisions.facts import common_facts
from whykeeper_indexers.decisions.forms.madr_3 import has_madr_sections
from whykeeper_indexers.decisions.identifiers import adr_identifier
from whykeeper_indexers.decisions.record_text import RecordText

__all__ = ["facts", "identifier", "recognise"]

facts = common_facts
identifier = adr_identifier


def recognise(text: RecordText) -> bool:
    """Whether it has MADR's sections; the list is optional."""
    if has_madr_sections(text) or {"considered options", "decision outcome"} <= text.headings:
        return True
    return "status" in text.fields and "context and problem statement" in text.headings

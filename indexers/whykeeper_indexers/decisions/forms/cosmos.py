"""``adr-NNN-slug.md`` with a Changelog and a Status section, as the Cosmos SDK's template has them."""

from __future__ import annotations

from whykeeper_indexers.decisions.facts import common_facts, evidence
from whykeeper_indexers.decisions.identifiers import adr_identifier
from whykeeper_indexers.decisions.record_text import RecordText

__all__ = ["facts", "identifier", "recognise"]

facts = common_facts
identifier = adr_identifier


def recognise(text: RecordText) -> bool:
    """Whether the name and both sections are there, or one of them and more."""
    if not text.name.stem.lower().startswith("adr"):
        return False
    return "changelog" in text.headings and ("status" in text.headings or evidence(text) > 0)

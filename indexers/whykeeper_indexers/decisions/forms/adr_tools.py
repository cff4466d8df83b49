"""adr-tools: ``0001-slug.md``, ``# 1. Title``, a ``Date:`` line and a Status section.

https://github.com/npryce/adr-tools; it spells "Superceded by".
"""

from __future__ import annotations

import re

from whykeeper_indexers.decisions.facts import common_facts, evidence
from whykeeper_indexers.decisions.identifiers import adr_identifier
from whykeeper_indexers.decisions.places import Place
from whykeeper_indexers.decisions.record_text import RecordText

__all__ = ["facts", "identifier", "recognise"]

_NUMBERED_TITLE = re.compile(r"\d{1,6}\.\s+\S")

facts = common_facts
identifier = adr_identifier


def recognise(text: RecordText) -> bool:
    """Whether the folder is adr-tools', or the title, date and status are as it writes them."""
    if text.name.digits is None or text.outline.language == "restructuredtext":
        return False
    if text.placed.place is Place.ADR_TOOLS:
        return "status" in text.headings or evidence(text) > 0
    titled = any(_NUMBERED_TITLE.match(section.heading) for section in text.header)
    return titled and "status" in text.headings and "date" in text.fields

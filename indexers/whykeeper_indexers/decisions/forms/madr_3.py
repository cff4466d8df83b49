"""MADR 3: YAML front matter with ``status``, ``date``, ``deciders``; all of it optional."""

from __future__ import annotations

from whykeeper_indexers.decisions.facts import common_facts
from whykeeper_indexers.decisions.identifiers import adr_identifier
from whykeeper_indexers.decisions.record_text import RecordText

__all__ = ["facts", "has_madr_sections", "identifier", "recognise"]

_FIELDS = ("status", "date", "deciders", "consulted", "informed", "nav_order")
"""The last is how MADR's own records are listed on its site."""

facts = common_facts
identifier = adr_identifier


def recognise(text: RecordText) -> bool:
    """Whether it is MADR with front matter."""
    return has_madr_sections(text) and any(name in text.front_matter for name in _FIELDS)


def has_madr_sections(text: RecordText) -> bool:
    """Whether it has the two sections that every version of MADR asks for, or front matter and one."""
    asked = {"context and problem statement", "decision outcome"} & text.headings
    return len(asked) == 2 or (bool(asked) and "status" in text.front_matter)

"""MADR 4: YAML front matter with ``status``, ``date`` and ``decision-makers``.

https://adr.github.io/madr/, template of version 4.0.0.
"""

from __future__ import annotations

from whykeeper_indexers.decisions.facts import common_facts
from whykeeper_indexers.decisions.forms import madr_3
from whykeeper_indexers.decisions.identifiers import adr_identifier
from whykeeper_indexers.decisions.record_text import RecordText

__all__ = ["facts", "identifier", "recognise"]

facts = common_facts
identifier = adr_identifier


def recognise(text: RecordText) -> bool:
    """Whether it is MADR with what version 4 renamed or brought."""
    renamed = any(
        name in text.front_matter for name in ("decision-makers", "decision_makers", "decision makers")
    )
    return madr_3.has_madr_sections(text) and (renamed or "confirmation" in text.headings)

"""log4brains: folders named in ``.log4brains.yml``, ``YYYYMMDD-slug.md``, ``- Status:``.

The tool takes every Markdown file of those folders for a record, with or without metadata; so do we,
as long as it is dated or says something that records say. (log4brains ``packages/core``, ``AdrRepository``.)
"""

from __future__ import annotations

from whykeeper_indexers.decisions.facts import common_facts, evidence, has_status
from whykeeper_indexers.decisions.identifiers import slug_identifier
from whykeeper_indexers.decisions.places import Place
from whykeeper_indexers.decisions.record_text import RecordText

__all__ = ["facts", "identifier", "recognise"]

facts = common_facts
identifier = slug_identifier


def recognise(text: RecordText) -> bool:
    """Whether the folder is log4brains' and the file dated, or like a record."""
    if text.placed.place is not Place.LOG4BRAINS:
        return False
    return text.name.date is not None or has_status(text) or evidence(text) > 0

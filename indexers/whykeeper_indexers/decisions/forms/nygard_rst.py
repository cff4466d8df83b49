"""Nygard's form in reStructuredText, ``docs/decisions/0001-slug.rst``, as Open edX writes it."""

from __future__ import annotations

from whykeeper_indexers.decisions.facts import common_facts
from whykeeper_indexers.decisions.forms import nygard
from whykeeper_indexers.decisions.identifiers import adr_identifier
from whykeeper_indexers.decisions.record_text import RecordText

__all__ = ["facts", "identifier", "recognise"]

facts = common_facts
identifier = adr_identifier


def recognise(text: RecordText) -> bool:
    """Whether it is reStructuredText with Nygard's sections."""
    return text.outline.language == "restructuredtext" and nygard.recognise(text)

"""Requests for comments: folders of ``NNNN-slug.md`` with a list of fields or front matter on top.

Rust's form (``- Feature Name:``, ``- Start Date:``, ``- RFC PR:``) and Ember's (``stage``,
``start-date``, ``prs`` in front matter); both go on with Summary and Motivation.
"""

from __future__ import annotations

from whykeeper_indexers.decisions.facts import common_facts, evidence, has_status
from whykeeper_indexers.decisions.identifiers import rfc_identifier
from whykeeper_indexers.decisions.places import Place
from whykeeper_indexers.decisions.record_text import RecordText

__all__ = ["facts", "identifier", "recognise"]

_FIELDS = frozenset(
    {
        "feature name",
        "feature-name",
        "feature-gate",
        "start date",
        "start-date",
        "rfc pr",
        "rfc-pr",
        "stage",
        "rust issue",
        "status",
    }
)
_SECTIONS = frozenset(
    {
        "abstract",
        "detailed design",
        "detailed-design",
        "guide-level explanation",
        "motivation",
        "proposal",
        "rationale and alternatives",
        "reference-level explanation",
        "summary",
        "unresolved questions",
    }
)

facts = common_facts
identifier = rfc_identifier


def recognise(text: RecordText) -> bool:
    """Whether the place is for requests for comments and the text opens or goes on like one."""
    if text.placed.place is not Place.RFCS:
        return False
    opens = bool(_FIELDS & text.fields.keys()) or bool(_FIELDS & text.front_matter.keys())
    said = len(_SECTIONS & text.headings) + evidence(text) + has_status(text)
    if text.name.digits is not None:
        return opens or said >= 1
    return said >= (1 if opens else 3)

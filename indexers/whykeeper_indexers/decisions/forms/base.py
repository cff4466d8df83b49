"""What every form of decision record offers."""

from __future__ import annotations

from typing import Protocol

from whykeeper_indexers.decisions.facts import Facts
from whykeeper_indexers.decisions.record_text import RecordText

__all__ = ["Form"]


class Form(Protocol):
    """One way of writing decision records: a plain module with these functions."""

    def recognise(self, text: RecordText) -> bool:
        """Whether a document is written in this form."""

    def facts(self, text: RecordText) -> Facts:
        """What the document says."""

    def identifier(self, text: RecordText) -> str:
        """What people call the record."""

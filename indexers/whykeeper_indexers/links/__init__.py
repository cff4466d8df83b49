"""What documents name of their repository."""

from __future__ import annotations

from whykeeper_indexers.links.extraction import references_of, told_lines
from whykeeper_indexers.links.past import historical_document
from whykeeper_indexers.links.symbols import quoted
from whykeeper_indexers.links.text import TextLine

__all__ = ["TextLine", "historical_document", "quoted", "references_of", "told_lines"]

"""What documents name of their repository."""

from __future__ import annotations

from whykeeper_indexers.links.extraction import references_of
from whykeeper_indexers.links.past import historical_document
from whykeeper_indexers.links.symbols import quoted

__all__ = ["historical_document", "quoted", "references_of"]

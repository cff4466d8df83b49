"""The text that stands for a chunk in the vector space.

The transformer reads what code says of itself in words, and everything else as it is. A passage cut out
of its document loses what it is about, so a header with its headings or its symbol goes in front
("contextual chunk headers"). Of paths only the file's own name is told, and of code alone: a moved file
keeps its vectors, and the words of its path are found by the full-text index. So are the files that a
commit touched: averaged with what it says, they hide that.
"""

from __future__ import annotations

from whykeeper_indexers.encoder.models import Tier
from whykeeper_indexers.history import without_files
from whykeeper_indexers.index.code_description import code_description
from whykeeper_indexers.types import Chunk, Kind

__all__ = ["embedding_text"]

_MAX_CHARACTERS = 2_400
"""The transformer reads 256 word pieces, the static model everything; more only blurs."""


def embedding_text(chunk: Chunk, tier: Tier) -> str:
    """Give the text to encode for a chunk.

    Args:
        chunk: Any chunk.
        tier: Of the model that encodes it.

    Returns:
        Header and passage; equal chunks give equal texts, so that vectors are shared.
    """
    if chunk.kind is Kind.CODE and tier is Tier.TRANSFORMER:
        return code_description(chunk)
    text = without_files(chunk.text) if chunk.kind is Kind.COMMIT else chunk.text
    return f"{_header(chunk)}\n{text}"[:_MAX_CHARACTERS]


def _header(chunk: Chunk) -> str:
    if chunk.kind is Kind.CODE:
        return chunk.symbol or chunk.title
    return " > ".join((*chunk.breadcrumb[-3:], chunk.title))

"""Documents: Markdown, MDX, reStructuredText, AsciiDoc and plain text, cut along their headings."""

from whykeeper_indexers.documents.parse import parse_document, sections
from whykeeper_indexers.documents.registry import is_document

__all__ = ["is_document", "parse_document", "sections"]

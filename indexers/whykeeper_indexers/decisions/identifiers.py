"""What people call a record."""

from __future__ import annotations

from whykeeper_indexers.decisions.record_text import RecordText

__all__ = ["adr_identifier", "rfc_identifier", "slug_identifier"]


def adr_identifier(text: RecordText) -> str:
    """``ADR-0007`` with the digits of the file name; the file's name without a number."""
    return f"ADR-{text.name.digits}" if text.name.digits else text.name.stem


def rfc_identifier(text: RecordText) -> str:
    """``RFC 48``; the file's name without a number."""
    return f"RFC {text.name.number}" if text.name.number is not None else text.name.stem


def slug_identifier(text: RecordText) -> str:
    """The file's name, after its package's: ``web/20200925-use-nextjs``."""
    return f"{text.placed.package}/{text.name.stem}" if text.placed.package else text.name.stem

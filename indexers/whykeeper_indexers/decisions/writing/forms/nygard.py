"""Nygard's form: in Markdown and AsciiDoc, and in reStructuredText as Open edX writes it."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from whykeeper_indexers.decisions.writing.forms import adr_tools
from whykeeper_indexers.decisions.writing.shape import Shape

__all__ = ["MARKDOWN", "RESTRUCTURED"]

MARKDOWN: Final[Shape] = replace(
    adr_tools.SHAPE,
    form="nygard",
    title="{title}",
    fields=(),
    status="Accepted ({date})",
    supersedes="Supersedes",
    superseded_by="Superseded by",
    amended_by="",
    label="{identifier}",
)
RESTRUCTURED: Final[Shape] = replace(MARKDOWN, form="nygard-rst", language="restructuredtext", bullet="-")

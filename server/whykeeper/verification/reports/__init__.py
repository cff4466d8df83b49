"""Every form in which findings are shown: one module each, and one line here."""

from __future__ import annotations

from collections.abc import Mapping

from whykeeper.verification.reports import as_json, github, markdown, sarif, text
from whykeeper.verification.reports.report import Report

__all__ = ["REPORTS", "format_of"]

REPORTS: Mapping[str, Report] = {
    "text": text.write,
    "json": as_json.write,
    "markdown": markdown.write,
    "sarif": sarif.write,
    "github": github.write,
}
"""By the name that ``--format`` has for it."""

_BY_ENDING: Mapping[str, str] = {".txt": "text", ".json": "json", ".md": "markdown", ".sarif": "sarif"}


def format_of(file: str) -> str | None:
    """The form that a file's name asks for; None where its ending says nothing."""
    return next((form for ending, form in _BY_ENDING.items() if file.lower().endswith(ending)), None)

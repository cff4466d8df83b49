"""A record's title, without the number and prefix it is written with."""

from __future__ import annotations

import re

from whykeeper_indexers.decisions.record_text import RecordText, heading_word

__all__ = ["record_title", "title_heading"]

_PREFIX = re.compile(
    r"\[?(?:adr|rfc|madr|ad)[-_ #.]{0,2}\d{1,6}\]?(?:\s*[:.\u2013\u2014-]\s*|\s+)"
    r"|(?:adr|rfc|madr|architecture decision record|decision record|decision)\s*\d{0,6}\s*[:\u2013\u2014]\s*"
    r"|#?\d{1,6}\s*[:.)\u2013\u2014-]\s+",
    re.IGNORECASE,
)
_BARE_NUMBER = re.compile(r"(\d{1,6})\s+(?=\S)")
_GENERIC = frozenset(
    {
        "abstract",
        "background",
        "changelog",
        "context",
        "context and problem statement",
        "decision",
        "introduction",
        "motivation",
        "overview",
        "question",
        "status",
        "summary",
        "table of contents",
    }
)


def title_heading(text: RecordText) -> str:
    """The heading that is the title; empty where the first heading is a section already."""
    first = next((section for section in text.outline.sections if section.level), None)
    if first is None or heading_word(first.heading) in _GENERIC:
        return ""
    if first.level > 1 and text.front_matter.get("title"):
        return ""
    return first.heading


def record_title(text: RecordText) -> str:
    """The title's heading, else the front matter's title, else the slug in words."""
    written = title_heading(text) or text.front_matter.get("title", "")
    title = _PREFIX.sub("", written, count=1).strip() if _PREFIX.match(written) else written
    number = _BARE_NUMBER.match(title)
    if number and int(number[1]) == text.name.number:
        title = title[number.end() :]
    return title or _words(text.name.slug) or text.name.stem


def _words(slug: str) -> str:
    separator = "-" if "-" in slug else "_"
    return slug.replace(separator, " ").strip()

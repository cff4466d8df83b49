"""Dates as people write them, as far as they can be read without guessing."""

from __future__ import annotations

import re

__all__ = ["iso_date", "latest_date"]

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"

_DATES = re.compile(
    r"(?<!\d)(?P<y>\d{4})[-/.](?P<m>\d{1,2})(?:[-/.](?P<d>\d{1,2}))?(?!\d)"
    r"|(?<!\d)(?P<a>\d{1,2})[-/.](?P<b>\d{1,2})[-/.](?P<y2>\d{4})(?!\d)"
    rf"|\b(?P<mon>{_MONTH})\s+(?:(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?,?\s+)?(?P<y3>\d{{4}})\b"
    rf"|\b(?P<d4>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<mon4>{_MONTH}),?\s+(?P<y4>\d{{4}})\b",
    re.IGNORECASE,
)
_MAX_TEXT = 5_000


def iso_date(text: str) -> str | None:
    """The first date in a text, ISO 8601; without day or month where those cannot be read."""
    for match in _DATES.finditer(text[:_MAX_TEXT]):
        found = _iso(match)
        if found:
            return found
    return None


def latest_date(text: str) -> str | None:
    """The latest date in a text, for change logs."""
    found = (_iso(match) for match in _DATES.finditer(text[:_MAX_TEXT]))
    return max((date for date in found if date), default=None)


def _iso(match: re.Match[str]) -> str | None:
    if match["y"]:
        return _built(match["y"], match["m"], match["d"])
    if match["y2"]:
        return _day_and_month(match["y2"], int(match["a"]), int(match["b"]))
    if match["y3"]:
        return _built(match["y3"], _month_number(match["mon"]), match["d3"])
    return _built(match["y4"], _month_number(match["mon4"]), match["d4"])


def _day_and_month(year: str, one: int, other: int) -> str | None:
    """Day and month in either order; the year alone where both orders are possible."""
    if one > 12:
        return _built(year, str(other), str(one))
    if other > 12 or one == other:
        return _built(year, str(one), str(other))
    return year


def _month_number(name: str) -> str:
    return str(_MONTHS.index(name[:3].lower()) + 1)


def _built(year: str, month: str, day: str | None) -> str | None:
    if not 1 <= int(month) <= 12:
        return None
    if day is None:
        return f"{year}-{int(month):02}"
    return f"{year}-{int(month):02}-{int(day):02}" if 1 <= int(day) <= 31 else None

"""Dates and status words, written as a folder's records write them."""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["date_like", "learned_date", "learned_status", "status_like"]

_DATE = re.compile(
    r"(?<!\d)(?:(?P<y>\d{4})(?P<s>[-/.])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})(?P<t>T00:00:00(?:\.000)?Z)?"
    r"|(?P<a>\d{1,2})(?P<s2>[-/.])(?P<b>\d{1,2})(?P=s2)(?P<y2>\d{4}))(?!\d)"
)
_STATUS = re.compile(
    r"(?P<mark>[*_`\"']{0,3})(?P<word>[A-Za-z]{3,20})(?P=mark)(?P<then>[ \t]*[-–—:,(]*[ \t]*)"
    r"(?P<date>\d{4}-\d{2}-\d{2})?(?P<end>\)?)"
)
_EXAMPLE = "2006-01-02"


def learned_date(passages: Iterable[str]) -> str:
    """How dates are written, as 2 January 2006 would be; ISO 8601 where it cannot be told.

    Args:
        passages: Dates as they stand in records, newest first.
    """
    first = ""
    for passage in passages:
        match = _DATE.search(passage)
        if match is None:
            continue
        if match["y"]:
            return f"2006{match['s']}01{match['s']}02{match['t'] or ''}"
        first = first or match["s2"]
        # Which of both is the day is told by one that no month has.
        if int(match["a"]) > 12:
            return f"02{first}01{first}2006"
        if int(match["b"]) > 12:
            return f"01{first}02{first}2006"
    return f"02{first}01{first}2006" if first else _EXAMPLE


def date_like(example: str, iso: str) -> str:
    """A date, ISO 8601, as 2 January 2006 is written in the example."""
    year, month, day = iso.split("-")
    parts = {"2006": year, "01": month, "02": day}
    return re.sub("2006|01|02", lambda match: parts[match[0]], example)


def learned_status(passages: Iterable[str]) -> str:
    """How *accepted* would be written where these statuses stand, newest first; empty without any."""
    for passage in passages:
        match = _STATUS.match(passage.strip())
        if match is None:
            continue
        word = "ACCEPTED" if match["word"].isupper() else "accepted"
        word = word.capitalize() if match["word"][0].isupper() and not match["word"].isupper() else word
        dated = f"{match['then']}{{date}}{match['end']}" if match["date"] else ""
        return f"{match['mark']}{word}{match['mark']}{dated}"
    return ""


def status_like(example: str, phrase: str, date: str) -> str:
    """A status as *accepted* is written in the example.

    Args:
        example: From `learned_status`.
        phrase: A word or phrase, lower case.
        date: Of the decision, as it is to be written.
    """
    match = re.search("accepted", example, re.IGNORECASE)
    if match is None:
        return phrase
    if match[0].isupper():
        phrase = phrase.upper()
    elif match[0][0].isupper():
        phrase = phrase[:1].upper() + phrase[1:]
    return (example[: match.start()] + phrase + example[match.end() :]).replace("{date}", date)

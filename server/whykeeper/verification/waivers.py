"""Findings that a team lives with until a day: ``.whykeeper/waivers.toml``, reviewed like code.

A waiver names the finding by its id, or by rule and path, and says why and until when. It is read from the
state after the change, so that it comes with the change it is for.
"""

from __future__ import annotations

import datetime
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from whykeeper.verification.findings import Finding

__all__ = ["WAIVERS_FILE", "Waiver", "WaiverFile", "read_waivers"]

WAIVERS_FILE: Final = ".whykeeper/waivers.toml"
MOST_WAIVERS: Final = 1_000
"""A file with more is no list that anybody reviewed."""
MOST_PROBLEMS: Final = 10
"""Told; the rest is counted."""
_HEADER: Final = re.compile(r"^[ \t]*\[\[[ \t]*waiver[ \t]*\]\]", re.MULTILINE)
_KEYS: Final = ("finding", "rule", "path", "subject", "reason", "until")
_NAMING: Final = ("finding", "rule", "path", "subject")


@dataclass(frozen=True, slots=True)
class Waiver:
    """One finding that is waived.

    Attributes:
        place: Where it stands, for a person.
        reason: Why.
        until: The last day on which it holds.
        naming: What it names the finding by; all of it must fit.
    """

    place: str
    reason: str
    until: datetime.date
    naming: tuple[tuple[str, str], ...]

    def covers(self, finding: Finding) -> bool:
        """Whether it is about a finding."""
        actual = {
            "finding": finding.id,
            "rule": finding.rule,
            "path": finding.path,
            "subject": finding.subject,
        }
        return all(actual[key] == value for key, value in self.naming)

    @property
    def path(self) -> str | None:
        """The file it is about; None where it names the id alone."""
        return dict(self.naming).get("path")

    @property
    def named(self) -> str:
        """What it is about, for a person."""
        return ", ".join(f"{key} {value}" for key, value in self.naming)


@dataclass(frozen=True, slots=True)
class WaiverFile:
    """What the file of waivers says.

    Attributes:
        waivers: In the file's order.
        problems: What could not be read in it.
    """

    waivers: tuple[Waiver, ...] = ()
    problems: tuple[str, ...] = ()


class _MalformedError(Exception):
    """What is wrong with one entry."""


def read_waivers(text: str | None) -> WaiverFile:
    """Read the file; whatever is wrong with one entry leaves the others as they are."""
    if text is None:
        return WaiverFile()
    try:
        entries = tomllib.loads(text).get("waiver", [])
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return WaiverFile(problems=(f"{WAIVERS_FILE} is no TOML, so no waiver holds: {error}",))
    if not isinstance(entries, list):
        return WaiverFile(problems=(f"{WAIVERS_FILE}: write each waiver as [[waiver]]",))
    waivers: list[Waiver] = []
    problems: list[str] = []
    for place, entry in zip(_places(text, len(entries)), entries[:MOST_WAIVERS], strict=False):
        try:
            waivers.append(_waiver(place, entry))
        except _MalformedError as error:
            problems.append(f"{place}: {error}, so it waives nothing")
    return WaiverFile(tuple(waivers), tuple(_bounded(problems, len(entries))))


def _bounded(problems: Sequence[str], entries: int) -> Iterator[str]:
    yield from problems[:MOST_PROBLEMS]
    if (more := len(problems) - MOST_PROBLEMS) > 0:
        yield f"{WAIVERS_FILE}: {more} more entries are malformed"
    if entries > MOST_WAIVERS:
        yield f"{WAIVERS_FILE}: only the first {MOST_WAIVERS:,} of {entries:,} waivers were read"


def _places(text: str, entries: int) -> list[str]:
    """Where each entry begins; by its number where the headers are written in another way."""
    lines = [text.count("\n", 0, found.end()) + 1 for found in _HEADER.finditer(text)]
    if len(lines) == entries:
        return [f"{WAIVERS_FILE}:{line}" for line in lines]
    return [f"{WAIVERS_FILE}, waiver {number}" for number in range(1, entries + 1)]


def _waiver(place: str, entry: Any) -> Waiver:
    if not isinstance(entry, dict):
        raise _MalformedError("it is no table")
    if unknown := next((key for key in entry if key not in _KEYS), None):
        raise _MalformedError(f"it has {unknown!r}, which is none of {', '.join(_KEYS)}")
    naming = tuple((key, _text(entry, key)) for key in _NAMING if key in entry)
    if "finding" not in entry and not {"rule", "path"} <= entry.keys():
        raise _MalformedError("it names no finding: give finding = its id, or rule and path")
    return Waiver(place, _text(entry, "reason"), _day(entry), naming)


def _text(entry: Mapping[str, Any], key: str) -> str:
    value = entry.get(key)
    if not isinstance(value, str) or not value.strip():
        raise _MalformedError(f"its {key} is missing or no text")
    return value.strip()


def _day(entry: Mapping[str, Any]) -> datetime.date:
    value = entry.get("until")
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    try:
        return datetime.date.fromisoformat(str(value))
    except ValueError:
        raise _MalformedError("its until is missing or no date such as 2026-12-31") from None

"""Questions for the decision records of a status: which are superseded, what was rejected."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from whykeeper_indexers.catalog import query_terms
from whykeeper_indexers.types import DecisionRecord, in_force

__all__ = ["StatusQuestion", "by_age", "has_asked_status", "none_of_status", "status_question"]

NO_LONGER = "no longer in force"
IN_FORCE = "in force"
"""These two stand for every status of a decision that does not hold, or does."""
_NOT_YET = frozenset(("draft", "pending", "proposed", "provisional"))
MOST_COUNTED = 4

_NOUN = r"(?:(?:architect\w+|design|decision) )?(?:decisions?|records?|adrs?|rfcs?|madrs?)"
_WORD = (
    r"superseded|superceded|deprecated|rejected|refused|withdrawn|retired|obsolete|replaced|abandoned|"
    r"proposed|drafts?|pending|undecided|accepted|approved|outdated|"
    r"(?:no longer|not|still) (?:in force|valid|hold(?:s|ing)?|apply)(?: any ?more)?|in force"
)
_STATUS = rf"(?P<{{0}}>(?:{_WORD})(?:,? (?:or|and) (?:{_WORD}))*)"
_LEAD = r"\b(?:which|what|list|show(?: me)?|give me|all|any|how many|the|our)\b(?: \w+){0,2}? "
_BETWEEN = (
    r"(?: that| which)?"
    r"(?: (?:are|is|was|were|have|has|got|been|now|marked|as|with|status|(?:still(?! in)))){0,4} "
)
_ASKED = re.compile(
    rf"{_LEAD}{_NOUN}\b{_BETWEEN}{_STATUS.format('after')}\b"
    rf"|(?:^|{_LEAD}){_STATUS.format('before')} {_NOUN}\b",
    re.IGNORECASE,
)
_EACH = re.compile(_WORD, re.IGNORECASE)
_SAME = {"superceded": "superseded", "refused": "rejected", "drafts": "draft", "undecided": "proposed"}
_FILLING = frozenset(
    ("any", "are", "been", "currently", "exist", "far", "have", "here", "me", "now", "project", "repo")
) | {"repository", "there", "today"}


class StatusQuestion(NamedTuple):
    """Which status a question asks records of.

    Attributes:
        statuses: Status words, `NO_LONGER` or `IN_FORCE` among them.
        alone: Nothing else is asked.
    """

    statuses: frozenset[str]
    alone: bool


def status_question(question: str) -> StatusQuestion | None:
    """Read a question for records of a status; None when it is none.

    Args:
        question: As asked, on one line.
    """
    match = _ASKED.search(question)
    if match is None:
        return None
    said = match["after"] or match["before"]
    rest = f"{question[: match.start()]} {question[match.end() :]}"
    statuses = frozenset(_status(each[0].lower()) for each in _EACH.finditer(said))
    return StatusQuestion(statuses, not set(query_terms(rest)) - _FILLING)


def _status(said: str) -> str:
    if said.startswith(("no", "outdated")):
        return NO_LONGER
    if said.startswith(("still", "in force")):
        return IN_FORCE
    return _SAME.get(said, said)


def has_asked_status(record: DecisionRecord | None, asked: StatusQuestion | None) -> bool:
    """Whether a decision record is one of those that a question asks for."""
    if record is None or asked is None:
        return False
    word = (record.status or "").split(" ")[0]
    if word in asked.statuses or (NO_LONGER in asked.statuses and not in_force(record.status)):
        return True
    return IN_FORCE in asked.statuses and in_force(record.status) and word not in _NOT_YET


def by_age(records: Mapping[str, DecisionRecord]) -> list[str]:
    """Paths of records, the newest first."""

    def age(path: str) -> tuple[str, int]:
        return records[path].date or "", records[path].number or 0

    return sorted(records, key=age, reverse=True)


def none_of_status(asked: StatusQuestion, records: Mapping[str, DecisionRecord]) -> str:
    """Say that no record has a status that is asked for, and which they have."""
    wanted = " or ".join(sorted(asked.statuses))
    if not records:
        return "no decision record is here"
    counts = Counter(record.status or "of no status" for record in records.values()).most_common(MOST_COUNTED)
    return (
        f"no decision record here is {wanted}: {', '.join(f'{count} {status}' for status, count in counts)}"
    )

"""Questions for the decision records of a status: which are superseded, what was rejected."""

from __future__ import annotations

import re
from typing import NamedTuple

from whykeeper_indexers.catalog import query_terms
from whykeeper_indexers.types import DecisionRecord, in_force

__all__ = ["StatusQuestion", "by_age", "has_asked_status", "status_question"]

NO_LONGER = "no longer in force"
"""Stands for every status of a decision that does not hold."""

_NOUN = r"(?:(?:architect\w+|design|decision) )?(?:decisions?|records?|adrs?|rfcs?|madrs?)"
_STATUS = (
    r"(?P<{0}>superseded|superceded|deprecated|rejected|refused|withdrawn|retired|obsolete|replaced|abandoned|"
    r"proposed|drafts?|pending|undecided|accepted|approved|no longer (?:in force|valid|hold(?:s|ing)?|apply)|"
    r"not in force(?: any ?more)?|outdated)"
)
_ASKED = re.compile(
    rf"\b(?:which|what|list|show(?: me)?|give me|all|any|how many|the|our)\b(?: \w+){{0,2}}? {_NOUN}\b"
    rf"(?: that| which)?(?: (?:are|is|was|were|have|has|got|been|now|still|marked|as|with|status)){{0,4}} "
    rf"{_STATUS.format('after')}\b"
    rf"|(?:^|\b(?:which|what|list|show(?: me)?|give me|all|any|how many|the|our)\b(?: \w+){{0,2}}? )"
    rf"{_STATUS.format('before')} {_NOUN}\b",
    re.IGNORECASE,
)
_SAME = {
    "superceded": "superseded",
    "refused": "rejected",
    "draft": "draft",
    "drafts": "draft",
    "undecided": "proposed",
}
_FILLING = frozenset(
    (
        "any",
        "are",
        "been",
        "exist",
        "far",
        "have",
        "here",
        "me",
        "project",
        "repo",
        "repository",
        "so",
        "there",
    )
)


class StatusQuestion(NamedTuple):
    """Which status a question asks records of.

    Attributes:
        status: The status word, or `NO_LONGER`.
        alone: Nothing else is asked.
    """

    status: str
    alone: bool


def status_question(question: str) -> StatusQuestion | None:
    """Read a question for records of a status; None when it is none.

    Args:
        question: As asked, on one line.
    """
    match = _ASKED.search(question)
    if match is None:
        return None
    said = (match["after"] or match["before"]).lower()
    rest = f"{question[: match.start()]} {question[match.end() :]}"
    status = NO_LONGER if said.startswith(("no", "outdated")) else _SAME.get(said, said)
    return StatusQuestion(status, not set(query_terms(rest)) - _FILLING)


def has_asked_status(record: DecisionRecord | None, asked: StatusQuestion | None) -> bool:
    """Whether a decision record is one of those that a question asks for."""
    if record is None or asked is None:
        return False
    if asked.status == NO_LONGER:
        return not in_force(record.status)
    return (record.status or "").split(" ")[0] == asked.status


def by_age(records: dict[str, DecisionRecord]) -> list[str]:
    """Paths of records, the newest first."""

    def age(path: str) -> tuple[str, int]:
        return records[path].date or "", records[path].number or 0

    return sorted(records, key=age, reverse=True)

"""What any form of decision record may say, read from wherever it says it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from whykeeper_indexers.decisions.record_text import RecordText, heading_word
from whykeeper_indexers.decisions.sections import SectionRole, role_of

__all__ = ["Facts", "common_facts", "evidence", "has_status", "people_in"]

_EVIDENCE = (
    frozenset({SectionRole.CONTEXT}),
    frozenset({SectionRole.DECISION}),
    frozenset({SectionRole.ALTERNATIVES, SectionRole.CONSEQUENCES}),
)
_LINKS = (
    "links",
    "related",
    "related decisions",
    "related adrs",
    "relations",
    "more information",
    "supersedes",
)

STATUS_NAMES = ("status", "decision status", "adr status", "state", "stage")
DECIDER_NAMES = (
    "decision-makers",
    "decision makers",
    "decision_makers",
    "decision maker(s)",
    "decision-maker(s)",
    "deciders",
    "decider",
    "decided by",
)
_SUPERSEDES_NAMES = ("supersedes", "supercedes", "replaces", "obsoletes")
_SUPERSEDED_NAMES = (
    "superseded by",
    "superseded-by",
    "superseded_by",
    "superceded by",
    "superceded-by",
    "replaced by",
    "replaced-by",
    "obsoleted by",
)
_AMENDS_NAMES = ("amends", "updates", "extends", "clarifies")
_AMENDED_NAMES = ("amended by", "amended-by", "amended_by", "updated by", "extended by", "clarified by")
CONSULTED_NAMES = ("consulted", "consulted people", "contributors", "reviewers")
INFORMED_NAMES = ("informed", "stakeholders")
_SEPARATORS = re.compile(r"\s*(?:[,;\n]|\s&\s|\band\b)\s*")
_PERSON_MARKS = re.compile(r"[*_`]+|^\s*[-+]\s+|\]\([^()]*\)|\[")
_STATEMENT = re.compile(
    r"\bthis\s+(?:(?:rfc|adr|decision|record|document)\s+"
    r"(?:(?:has|been|was|is|now|fully|in part|partly|partially)\s+){0,4}super[sc]+e+de[sd]|supersedes\s+\[)",
    re.IGNORECASE,
)
_STATEMENT_LENGTH = 300
MAX_STATEMENTS = 20
_LINK_VERB = re.compile(
    r"[ \t]*[-*+]?[ \t]*[*_]{0,2}(?:super[sc]+e+de|replace|obsolete|amend)", re.IGNORECASE
)
MAX_PEOPLE = 40
MAX_NAME = 80


@dataclass(frozen=True, slots=True)
class Facts:
    """A record's data as written, before it is tidied.

    Attributes:
        status: The status passage.
        date: A passage with the date.
        dates: A change log, whose latest date counts when there is no other.
        deciders: People's names, separated.
        consulted: People's names, separated.
        informed: People's names, separated.
        tags: Separated by commas.
        supersedes: A passage that names records and nothing else.
        superseded_by: The same, in the other direction.
        amends: A passage that names records and nothing else.
        amended_by: The same, in the other direction.
        relations: Passages that say of records what they are to this one.
    """

    status: str = ""
    date: str = ""
    dates: str = ""
    deciders: str = ""
    consulted: str = ""
    informed: str = ""
    tags: str = ""
    supersedes: str = ""
    superseded_by: str = ""
    amends: str = ""
    amended_by: str = ""
    relations: tuple[str, ...] = ()


def common_facts(text: RecordText) -> Facts:
    """Read every fact from front matter, header lines and sections, in this order."""
    status = text.value(*STATUS_NAMES)
    return Facts(
        status=status,
        date=text.value("date", "decision date", "date decided", "last updated", "start date", "start-date"),
        dates=text.section("changelog", "change log", "history", "change history"),
        deciders=text.value(*DECIDER_NAMES),
        consulted=_field(text, CONSULTED_NAMES),
        informed=_field(text, INFORMED_NAMES),
        tags=text.value("tags", "tag", "categories"),
        supersedes=_field(text, _SUPERSEDES_NAMES),
        superseded_by=_field(text, _SUPERSEDED_NAMES),
        amends=_field(text, _AMENDS_NAMES),
        amended_by=_field(text, _AMENDED_NAMES),
        relations=(*_relation_lines(text), *_statements(text)),
    )


def evidence(text: RecordText) -> int:
    """How many of context, decision and consequences a document has headings for, 0 to 3."""
    found = {role_of(heading) for heading in text.headings}
    return sum(bool(found & roles) for roles in _EVIDENCE)


def has_status(text: RecordText) -> bool:
    """Whether a document states a status, in a section or in its header."""
    return bool(text.value(*STATUS_NAMES))


def people_in(passage: str) -> tuple[str, ...]:
    """Names out of a list of people; a template's placeholder is none."""
    if passage.strip()[:1] in {"{", "["} and "](" not in passage:
        return ()
    names = (_PERSON_MARKS.sub("", name).strip(" .()") for name in _SEPARATORS.split(passage))
    return tuple(dict.fromkeys(name for name in names if 0 < len(name) <= MAX_NAME))[:MAX_PEOPLE]


def _field(text: RecordText, names: tuple[str, ...]) -> str:
    for source in (text.front_matter, text.fields):
        for name in names:
            if source.get(name):
                return source[name]
    return ""


def _relation_lines(text: RecordText) -> list[str]:
    """Lines that begin with what the record does to others, under the title or among its links."""
    sections = [
        *text.header,
        *(each for each in text.outline.sections if heading_word(each.heading) in _LINKS),
    ]
    lines = (line for section in sections for line in section.text.split("\n"))
    return [line for line in lines if _LINK_VERB.match(line[:200])]


def _statements(text: RecordText) -> list[str]:
    """Sentences anywhere that say of this record that it supersedes or is superseded."""
    found = []
    for section in text.outline.sections:
        for match in _STATEMENT.finditer(section.text):
            found.append(section.text[match.start() : match.end() + _STATEMENT_LENGTH])
    return found[:MAX_STATEMENTS]

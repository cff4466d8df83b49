"""How a decision record looks: which parts it has, where, and under which words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final, NamedTuple

from whykeeper_indexers.decisions.record_text import heading_word
from whykeeper_indexers.decisions.sections import SectionRole, role_of

__all__ = ["FIELD_PARTS", "Field", "Heading", "Part", "Shape", "part_of"]


class Part(StrEnum):
    """A part of a record that is written by itself."""

    TITLE = "title"
    NUMBER = "number"
    SLUG = "slug"
    STATUS = "status"
    DATE = "date"
    DECIDERS = "deciders"
    SUPERSEDES = "supersedes"
    CHANGELOG = "changelog"
    CONTEXT = "context"
    DECISION = "decision"
    OPTIONS = "options"
    CONSEQUENCES = "consequences"
    CONFIRMATION = "confirmation"
    REASONS = "reasons"
    LINKS = "links"


class Heading(NamedTuple):
    """A section's heading: its words and its level, 1 the outermost."""

    text: str
    level: int


class Field(NamedTuple):
    """A line of a record's header, or one of its front matter.

    Attributes:
        part: What its value is; None for a line that is the same in every record.
        before: What stands before the value; the whole of a line without a part.
        after: What stands behind it.
    """

    part: Part | None
    before: str
    after: str = ""


FIELD_PARTS: Final[Mapping[str, Part]] = {
    "title": Part.TITLE,
    "feature name": Part.SLUG,
    "feature-name": Part.SLUG,
    "supersedes": Part.SUPERSEDES,
    **dict.fromkeys(("status", "decision status", "adr status", "state", "stage"), Part.STATUS),
    **dict.fromkeys(("date", "decision date", "start date", "start-date", "date decided"), Part.DATE),
    **dict.fromkeys(
        (
            *("decision-makers", "decision makers", "decision_makers", "decision maker(s)"),
            *("deciders", "decider", "decided by"),
        ),
        Part.DECIDERS,
    ),
}
"""Header fields by their lower-case names."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How one folder's records look.

    Attributes:
        form: Its name in the registry of forms.
        language: The markup: ``markdown``, ``restructuredtext`` or ``asciidoc``.
        title: The title's heading, with ``{title}`` and perhaps ``{number}``; empty where it has none.
        title_digits: Of the number in it, filled up with zeros.
        front: Lines of front matter.
        fields: Lines below the title.
        sections: In order.
        status: The word *accepted* as it is written here, with ``{date}`` where its date stands.
        date: A date as it is written here.
        change: A line of the change log, with ``{date}``.
        bullet: Begins a list's items.
        relations: The part that says which records this one replaces or changes.
        supersedes: What it says of those; `superseded_by` is what those say of it.
        superseded_by: See there.
        amends: What it says of the ones it changes; `amended_by` is what those say of it.
        amended_by: See there; empty where they say nothing.
        label: How a link to a record reads: ``{number}``, ``{identifier}``, ``{title}``, ``{stem}``.
        links_status: Whether a status names the successor by a link, or by its label alone.
        gap: Whether an empty line follows a heading.
        adornments: Of reStructuredText's titles by level: the character, and whether it stands above, too.
    """

    form: str
    language: str = "markdown"
    title: str = "{title}"
    title_digits: int = 1
    front: tuple[Field, ...] = ()
    fields: tuple[Field, ...] = ()
    sections: tuple[tuple[Part, Heading], ...] = ()
    status: str = "accepted"
    date: str = "2006-01-02"
    change: str = "- {date}: Initial version"
    bullet: str = "*"
    relations: Part = Part.LINKS
    supersedes: str = "Supersedes"
    superseded_by: str = "superseded by"
    amends: str = "Amends"
    amended_by: str = ""
    label: str = "{identifier}"
    links_status: bool = True
    gap: bool = True
    adornments: Mapping[int, tuple[str, bool]] = field(default_factory=dict)

    def heading(self, part: Part) -> Heading | None:
        """The heading a part stands under."""
        return next((heading for each, heading in self.sections if each is part), None)

    def states(self, part: Part) -> bool:
        """Whether a part has a place of its own anywhere."""
        return any(each.part is part for each in (*self.front, *self.fields)) or (
            self.heading(part) is not None
        )

    def with_status(self) -> Shape:
        """The same with a place for the status: in the header, where it has one, else as a section."""
        if self.front or self.fields:
            return self.with_field(Part.STATUS, "Status")
        level = min((heading.level for _, heading in self.sections), default=2)
        return replace(self, sections=((Part.STATUS, Heading("Status", level)), *self.sections))

    def with_field(self, part: Part, name: str) -> Shape:
        """The same with a field more: in front matter, where it has that, else below the title."""
        if any(each.part is part for each in (*self.front, *self.fields)):
            return self
        if self.front:
            return replace(self, front=(*self.front, Field(part, f"{name.lower()}: ")))
        mark = next((each.before[:2] for each in self.fields if each.before[:1] in "-*+"), "")
        return replace(self, fields=(*self.fields, Field(part, f"{mark}{name}: ")))


_ROLE_PARTS: Final = {
    SectionRole.CONTEXT: Part.CONTEXT,
    SectionRole.DECISION: Part.DECISION,
    SectionRole.CONSEQUENCES: Part.CONSEQUENCES,
    SectionRole.CONFIRMATION: Part.CONFIRMATION,
}


def part_of(heading: str) -> Part | None:
    """Which part stands under a heading, if any."""
    role, words = role_of(heading), heading_word(heading)
    if role is SectionRole.ALTERNATIVES:
        return Part.REASONS if words.startswith("pros and cons") else Part.OPTIONS
    if role is SectionRole.APPENDIX:
        if words.startswith("status"):
            return Part.STATUS
        return Part.CHANGELOG if words.startswith(("changelog", "change log")) else Part.LINKS
    return _ROLE_PARTS.get(role) if role else None

"""A new plan: the team's template, filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from whykeeper.plans.editing import with_entry, with_field, with_prose, with_title
from whykeeper.plans.headings import Part

__all__ = ["Draft", "drafted"]


@dataclass(frozen=True, slots=True)
class Draft:
    """What a new plan says, each text as it is written into the file.

    Attributes:
        title: In one line.
        fields: Of the front matter, in order; those without a value are left out.
        prose: Parts in plain text.
        lists: Parts that are lists, with their entries.
    """

    title: str
    fields: Mapping[str, str]
    prose: Mapping[Part, str] = field(default_factory=dict)
    lists: Mapping[Part, Sequence[str]] = field(default_factory=dict)


def drafted(template: str, draft: Draft) -> str:
    """Fill a template in: its order and further sections stay, and what is asked where nothing is said."""
    text = template.replace("\r\n", "\n").removeprefix("\ufeff")
    for key, value in {"title": draft.title, **draft.fields}.items():
        if value:
            text = with_field(text, key, value)
    text = with_title(text, draft.title)
    for part in Part:
        if said := draft.prose.get(part):
            text = with_prose(text, part, said)
        for entry in draft.lists.get(part, ()):
            text = with_entry(text, part, entry)
    return text

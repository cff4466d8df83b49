"""A draft as the text of a record."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

import yaml

from whykeeper_indexers.decisions.places import record_name
from whykeeper_indexers.decisions.writing.draft import Draft, Link
from whykeeper_indexers.decisions.writing.markup import body, heading, link, list_item
from whykeeper_indexers.decisions.writing.naming import slug_of
from whykeeper_indexers.decisions.writing.shape import Field, Heading, Part, Shape
from whykeeper_indexers.decisions.writing.values import date_like, status_like
from whykeeper_indexers.types import Alternative

__all__ = ["link_to", "relation", "rendered", "yaml_value"]

_CHOSEN = re.compile(r"\s*chosen option:?\s*[\"“'`*]{1,3}(?P<name>[^\n\"”'`*]{2,160})", re.IGNORECASE)
_UNSTATED: Final = "accepted"
"""A record that states no status holds."""


def rendered(draft: Draft, shape: Shape, path: str, number: int | None) -> str:
    """Write a record.

    Args:
        draft: What it says.
        shape: How it looks.
        path: Where it will stand, relative to the root.
        number: Its number.

    Returns:
        Its text, with line feeds.
    """
    shape = _with_relations(_with_status(shape, draft), draft)
    values = _values(draft, shape, path, number)
    blocks = [_front(shape.front, values), *_title(draft, shape, number), _fields(shape.fields, values)]
    for part, head in shape.sections:
        said = _said(part, head, draft, shape, path, values)
        if said:
            blocks.append(_section(head, said, shape))
    return "\n\n".join(filter(None, blocks)) + "\n"


def _section(head: Heading, said: str, shape: Shape) -> str:
    lines = heading(head.text, head.level, shape.language, shape.adornments)
    return f"{lines}\n\n{said}" if shape.gap else f"{lines}\n{said}"


def _title(draft: Draft, shape: Shape, number: int | None) -> Iterator[str]:
    if shape.title:
        text = shape.title if number is not None else "{title}"
        digits = f"{number or 0:0{shape.title_digits}}"
        text = text.replace("{number}", digits).replace("{title}", draft.title)
        yield heading(text, 1, shape.language, shape.adornments)


def _values(draft: Draft, shape: Shape, path: str, number: int | None) -> dict[Part, str]:
    date = date_like(shape.date, draft.date)
    return {
        Part.TITLE: draft.title,
        Part.NUMBER: "" if number is None else str(number),
        Part.SLUG: slug_of(draft.title, "_"),
        Part.STATUS: status_like(shape.status, draft.status, date),
        Part.DATE: date,
        Part.DECIDERS: ", ".join(draft.deciders),
        Part.SUPERSEDES: ", ".join(link_to(each, path, shape) for each in draft.supersedes),
    }


def _front(fields: Sequence[Field], values: dict[Part, str]) -> str:
    lines = [
        each.before if each.part is None else f"{each.before}{yaml_value(values[each.part])}"
        for each in fields
        if each.part is None or values.get(each.part)
    ]
    return "\n".join(["---", *lines, "---"]) if lines else ""


def _fields(fields: Sequence[Field], values: dict[Part, str]) -> str:
    return "\n".join(
        f"{each.before}{values[each.part] if each.part else ''}{each.after}"
        for each in fields
        if each.part is None or values.get(each.part)
    )


def _said(part: Part, head: Heading, draft: Draft, shape: Shape, path: str, values: dict[Part, str]) -> str:
    if part is Part.STATUS:
        return "\n\n".join([values[part], *_relations(part, draft, shape, path)])
    if part is Part.LINKS:
        return "\n".join(f"{shape.bullet} {each}" for each in _relations(part, draft, shape, path))
    if part is Part.CHANGELOG:
        return shape.change.replace("{date}", values[Part.DATE])
    if part is Part.OPTIONS:
        return _options(draft, shape)
    if part is Part.REASONS:
        return _reasons(draft.content.alternatives, head, shape)
    return body(_TEXTS[part](draft), shape.language, head.level)


_TEXTS: Final = {
    Part.CONTEXT: lambda draft: draft.content.context,
    Part.DECISION: lambda draft: draft.content.decision,
    Part.CONSEQUENCES: lambda draft: draft.content.consequences,
    Part.CONFIRMATION: lambda draft: draft.content.confirmation,
}


def _relations(part: Part, draft: Draft, shape: Shape, path: str) -> Iterator[str]:
    """What it says of the records it replaces or changes."""
    if part is shape.relations:
        yield from (relation(shape.supersedes, each, path, shape) for each in draft.supersedes)
    if part is shape.relations:
        yield from (relation(shape.amends, each, path, shape) for each in draft.amends)


def _options(draft: Draft, shape: Shape) -> str:
    refused = draft.content.alternatives
    if shape.heading(Part.REASONS) is None:
        return "\n".join(list_item(each.name, each.why, shape.bullet, shape.language) for each in refused)
    chosen = _CHOSEN.match(draft.content.decision)
    names = [each.name for each in refused]
    if chosen and chosen["name"] not in names:
        names.insert(0, chosen["name"])
    return "\n".join(list_item(name, "", shape.bullet, shape.language) for name in names)


def _reasons(refused: Sequence[Alternative], head: Heading, shape: Shape) -> str:
    below = Heading("", head.level + 1)
    told = [each for each in refused if each.why]
    return "\n\n".join(
        _section(below._replace(text=each.name), body(each.why, shape.language, below.level), shape)
        for each in told
    )


def relation(verb: str, other: Link, path: str, shape: Shape) -> str:
    """What one record says of another: ``Supersedes [ADR-0001](0001-slug.md)``."""
    return f"{verb} {link_to(other, path, shape)}"


def link_to(other: Link, path: str, shape: Shape) -> str:
    """A link to another record, as records of this shape write it.

    Args:
        other: The record.
        path: Of the record that links.
        shape: Of that.
    """
    stem = record_name(other.path).stem
    label = shape.label.format(number=other.number, identifier=other.identifier, title=other.title, stem=stem)
    if other.number is None and "{number}" in shape.label:
        label = other.title
    target = posixpath.relpath(other.path, posixpath.dirname(path) or ".")
    return link(label.replace("[", "(").replace("]", ")"), target.replace(" ", "%20"), shape.language)


def yaml_value(text: str) -> str:
    """A text as a value of front matter, quoted only where it must be."""
    try:
        plain = yaml.safe_load(f"key: {text}") == {"key": text}
    except yaml.YAMLError:
        plain = False
    # A date or a number without quotes is what everyone writes.
    simple = re.fullmatch(r"[\d:.TZ+-]+", text) is not None
    return text if plain or simple else json.dumps(text, ensure_ascii=False)


def _with_status(shape: Shape, draft: Draft) -> Shape:
    """The shape with a place for the status, where it has none and there is one to state."""
    if shape.states(Part.STATUS) or draft.status == _UNSTATED:
        return shape
    return shape.with_status()


def _with_relations(shape: Shape, draft: Draft) -> Shape:
    """The shape with a place for what it replaces or changes, where there is such a thing to say."""
    named = draft.supersedes or draft.amends
    if not named or (shape.heading(shape.relations) and shape.relations is not Part.SUPERSEDES):
        return shape
    if shape.relations is Part.SUPERSEDES and not draft.amends:
        return shape.with_field(Part.SUPERSEDES, "Supersedes")
    level = min((heading.level for _, heading in shape.sections), default=2)
    links = shape.heading(Part.LINKS) or Heading("Links", level)
    others = tuple(each for each in shape.sections if each[0] is not Part.LINKS)
    return replace(shape, relations=Part.LINKS, sections=(*others, (Part.LINKS, links)))

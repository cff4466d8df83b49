"""What a record is to others: what it replaces, changes, names and links to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from whykeeper_indexers.decisions.facts import Facts
from whykeeper_indexers.decisions.layout import DecisionLayout
from whykeeper_indexers.decisions.record_text import RecordText, heading_word
from whykeeper_indexers.decisions.references import (
    Reference,
    inlined,
    link_definitions,
    references_in,
    relations_in,
    resolved,
)

__all__ = ["RecordRelations", "relations_of"]

MAX_RELATED = 40
MAX_ADDRESSES = 20
_LINK_SECTIONS = (
    *("links", "related", "related decisions", "related adrs", "relations", "more information"),
    *("references", "see also", "further reading", "resources", "notes"),
)
_ADDRESS = re.compile(r"https?://[^\s<>()\[\]\"'`|]{4,400}")


class RecordRelations(NamedTuple):
    """A record's relations, resolved; see `DecisionRecord` for each.

    Attributes:
        superseded: Whether it is replaced at all, by something named or not.
    """

    supersedes: tuple[str, ...]
    superseded_by: tuple[str, ...]
    amends: tuple[str, ...]
    amended_by: tuple[str, ...]
    related: tuple[str, ...]
    addresses: tuple[str, ...]
    superseded: bool


def relations_of(text: RecordText, facts: Facts, status: str, layout: DecisionLayout) -> RecordRelations:
    """Read what a record is to others.

    Args:
        text: The record.
        facts: What it says of itself.
        status: Its status passage, in plain words.
        layout: Where the repository keeps its records.
    """
    bodies = [section.text for section in text.outline.sections]
    labels = link_definitions(bodies)
    found = [relations_in(inlined(each, labels)) for each in (status, *facts.relations)]

    def named(field: str, relation: str) -> tuple[str, ...]:
        stated = references_in(inlined(field, labels))
        said = (each for relations in found for each in getattr(relations, relation))
        return resolved((*stated, *said), text.outline.path, layout)

    relations = (
        named(facts.supersedes, "supersedes"),
        named(facts.superseded_by, "superseded_by"),
        named(facts.amends, "amends"),
        named(facts.amended_by, "amended_by"),
    )
    known = {path for paths in relations for path in paths}
    mentioned = (each for body in bodies for each in references_in(inlined(body, labels)))
    return RecordRelations(
        *relations,
        related=tuple(_records(mentioned, text.outline.path, layout, known)),
        addresses=tuple(dict.fromkeys(_addresses(text)))[:MAX_ADDRESSES],
        superseded=bool(references_in(facts.superseded_by)) or any(each.superseded for each in found),
    )


def _records(
    references: Iterable[Reference], path: str, layout: DecisionLayout, known: set[str]
) -> Iterator[str]:
    """Those of the references that are records here, and are not said to be more than named."""
    count = 0
    for each in resolved(references, path, layout):
        if each in layout.candidates and each not in known:
            yield each
            count += 1
        if count == MAX_RELATED:
            return


def _addresses(text: RecordText) -> Iterator[str]:
    """Addresses in the front matter, the header and the sections that hold links."""
    yield from _in(str(value) for value in _leaves(text.outline.front_matter))
    yield from _in(section.text for section in text.header)
    yield from _in(
        section.text for section in text.outline.sections if heading_word(section.heading) in _LINK_SECTIONS
    )


def _in(passages: Iterable[str]) -> Iterator[str]:
    for passage in passages:
        yield from (match[0].rstrip(".,;:") for match in _ADDRESS.finditer(passage))


def _leaves(value: Any, depth: int = 0) -> Iterator[Any]:
    """The values of front matter, two levels deep: pull requests stand by their kind."""
    inner = value.values() if hasattr(value, "values") else value if isinstance(value, list) else None
    if inner is None:
        yield value
    elif depth <= 2:
        for each in list(inner)[:50]:
            yield from _leaves(each, depth + 1)

"""From a document to what it names: the one registry of what can be named.

Whatever looks like a name is taken down; whether the repository has it, or had it, is asked later.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from whykeeper_indexers.documents.outline import Outline
from whykeeper_indexers.documents.parse import read_outline
from whykeeper_indexers.link_types import Reference
from whykeeper_indexers.links.commands import options, run
from whykeeper_indexers.links.front_matter import affected
from whykeeper_indexers.links.keys import keys
from whykeeper_indexers.links.past import historical_document
from whykeeper_indexers.links.paths import in_trees, linked, spelled
from whykeeper_indexers.links.quotes import quotes
from whykeeper_indexers.links.requirements import requirements
from whykeeper_indexers.links.symbols import declared, named
from whykeeper_indexers.links.text import TextLine, text_lines
from whykeeper_indexers.types import SourceText

__all__ = ["MOST_REFERENCES", "references_of", "told_lines"]

MOST_REFERENCES = 600
"""Of one document; one that names more is a list that a tool wrote."""

_FINDERS: tuple[Callable[[TextLine], Iterator[Reference]], ...] = (
    linked,
    spelled,
    run,
    named,
    declared,
    keys,
    options,
    requirements,
)


def references_of(source: SourceText) -> tuple[Reference, ...]:
    """Find what a document names of the repository.

    Args:
        source: The document.

    Returns:
        References in its order, each once in a line. Those of a document that tells of the past as a
        whole are marked so.
    """
    return references_in(read_outline(source))


def told_lines(source: SourceText) -> Iterator[TextLine]:
    """Give a document's lines, those that hold text, each with whether it tells of the past.

    Args:
        source: The document; one that tells of the past as a whole does so in every line.
    """
    outline = read_outline(source)
    past = historical_document(outline.path, "\n".join(outline.lines[:60]))
    for line in text_lines(outline):
        yield replace(line, past=True, around=True) if past else line


def references_in(outline: Outline) -> tuple[Reference, ...]:
    """The same of a document that was read already."""
    lines = list(text_lines(outline))
    past = historical_document(outline.path, "\n".join(outline.lines[:60]))
    found: list[Reference] = list(affected(outline))
    for line in lines:
        found += _in_line(line)
    found += in_trees(lines)
    found += quotes(lines)
    unique = _unique(found)
    return tuple(each._replace(past=each.past or past) for each in unique[:MOST_REFERENCES])


def _in_line(line: TextLine) -> Iterator[Reference]:
    for finder in _FINDERS:
        yield from finder(line)


def _unique(references: Iterable[Reference]) -> list[Reference]:
    """Each thing once in a line: what says more of it stays."""
    found: dict[tuple[int, str, str], Reference] = {}
    for each in references:
        key = (each.line, each.kind, each.target)
        if key not in found or (each.detail and not found[key].detail):
            found[key] = each
    return sorted(found.values(), key=lambda each: each.line)

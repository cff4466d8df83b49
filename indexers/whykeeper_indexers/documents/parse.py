"""One document, from text to chunks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from whykeeper_indexers.documents.chunks import MAX_CHUNKS, document_chunks
from whykeeper_indexers.documents.front_matter import loose_front_matter, split_front_matter
from whykeeper_indexers.documents.outline import (
    Block,
    BlockKind,
    Outline,
    Section,
    build_sections,
    document_title,
)
from whykeeper_indexers.documents.plain import scan_plain
from whykeeper_indexers.documents.questions import without_questions
from whykeeper_indexers.documents.registry import MARKDOWN, Markup, markup_of
from whykeeper_indexers.types import Kind, ParsedFile, SourceText

__all__ = ["document_from_outline", "parse_document", "read_outline", "sections"]

MAX_CHARACTERS = 6_000_000
"""Of a document's text; what follows is left out, with a note."""
MAX_LINES = 120_000
"""The same, for files of very short lines."""
MAX_LINE_CHARACTERS = 20_000
"""Of a line; three thousand words are no paragraph that anybody wrote, but data or another tool's output."""

_TELLING_FIELDS = frozenset(
    {
        "abstract",
        "deciders",
        "decision-makers",
        "decision_makers",
        "description",
        "excerpt",
        "keywords",
        "stage",
        "status",
        "subtitle",
        "summary",
        "superseded-by",
        "superseded_by",
        "supersedes",
        "tags",
        "tldr",
    }
)
"""Front matter with one of these says something to a reader; the rest is for a site generator."""
_MAX_FRONT_MATTER = 1_500
"""Characters of front matter worth putting into a passage."""

_PLAIN = Markup("text", scan_plain)


def parse_document(source: SourceText, kind: Kind = Kind.DOCUMENT) -> ParsedFile:
    """Cut a document into chunks that follow its headings.

    Args:
        source: The file; its extension chooses the markup, plain text when it is unknown.
        kind: What its chunks are.

    Returns:
        The chunks in source order, with exact lines, without the questions that Markdown asks its readers;
        notes say what could not be read.
    """
    asks = _markup(source.path, source.text[:MAX_CHARACTERS]).front_matter
    stated = replace(source, text=without_questions(source.text)) if asks else source
    return document_from_outline(read_outline(stated), kind)


def document_from_outline(outline: Outline, kind: Kind = Kind.DOCUMENT) -> ParsedFile:
    """The same for a document that was read already."""
    chunks = document_chunks(outline, kind)
    notes = outline.notes
    if len(chunks) >= MAX_CHUNKS:
        notes = (*notes, f"only the first {MAX_CHUNKS} passages are remembered")
    return ParsedFile(
        path=outline.path,
        kind=kind,
        title=outline.title,
        chunks=chunks,
        language=outline.language,
        notes=notes,
    )


def sections(source: SourceText) -> tuple[Section, ...]:
    """A document's sections in source order, whatever its markup."""
    return read_outline(source).sections


def read_outline(source: SourceText) -> Outline:
    """Read a document into sections."""
    notes: list[str] = []
    text = source.text
    markup = _markup(source.path, text[:MAX_CHARACTERS])
    if len(text) > MAX_CHARACTERS:
        text = text[:MAX_CHARACTERS]
        notes.append(f"only the first {MAX_CHARACTERS:,} characters are remembered")
    fields: Mapping[str, Any] | None = None
    first = 1
    if markup.front_matter:
        fields, first, problem = split_front_matter(text)
        if problem:
            notes.append(problem)
            fields = loose_front_matter(text)
    lines = text.split("\n", MAX_LINES)
    if len(lines) > MAX_LINES:
        lines.pop()
        notes.append(f"only the first {MAX_LINES:,} lines are remembered")
    if endless := [number for number, line in enumerate(lines, 1) if len(line) > MAX_LINE_CHARACTERS]:
        lines = [line[:MAX_LINE_CHARACTERS] for line in lines]
        more = f" and of {len(endless) - 1} more" if len(endless) > 1 else ""
        notes.append(
            f"only the first {MAX_LINE_CHARACTERS:,} characters of line {endless[0]}{more} are remembered"
        )
    blocks = list(markup.scan(lines, first)) if first <= len(lines) else []
    front = _front_matter_block(lines, first, fields or {})
    title = document_title(source.path, fields or {}, blocks)
    return Outline(
        path=source.path,
        language=markup.language,
        title=title,
        lines=lines,
        sections=build_sections(lines, [*front, *blocks], _root(title, fields or {}, blocks)),
        front_matter=fields or {},
        notes=tuple(notes),
    )


def _markup(path: str, text: str) -> Markup:
    """The markup of a document; plain text that opens with YAML fields is Markdown by another name."""
    markup = markup_of(path) or _PLAIN
    return MARKDOWN if markup.scan is scan_plain and split_front_matter(text)[0] else markup


def _front_matter_block(lines: list[str], first: int, fields: Mapping[str, Any]) -> list[Block]:
    """The front matter as a block of its own, where a reader learns something from it."""
    if first == 1 or not any(key.lower() in _TELLING_FIELDS and fields[key] for key in fields):
        return []
    if sum(map(len, lines[: first - 1])) > _MAX_FRONT_MATTER:
        return []
    return [Block(BlockKind.PROSE, 1, first - 1)]


def _root(title: str, fields: Mapping[str, Any], blocks: list[Block]) -> tuple[str, ...]:
    """The title above all headings, for documents that have it in front matter alone."""
    if not fields.get("title"):
        return ()
    has_title = any(block.kind is BlockKind.HEADING and block.level == 1 for block in blocks)
    return () if has_title else (title,)

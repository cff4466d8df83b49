"""A convention file, parsed: what it binds and brings in, and its passages."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import replace

from markdown_it import MarkdownIt

from whykeeper_indexers.conventions.form import ConventionFile, Reading, read_fields
from whykeeper_indexers.conventions.registry import FORMS, convention_for
from whykeeper_indexers.documents import is_document, parse_document
from whykeeper_indexers.documents.questions import without_questions
from whykeeper_indexers.types import ConventionRecord, Kind, ParsedFile, SourceText

__all__ = ["parse_convention", "with_aliases"]

MAX_CHARACTERS = 1_000_000
"""Agents stop reading at a few hundred thousand at most."""


def parse_convention(source: SourceText) -> ParsedFile:
    """Parse a convention file of any tool.

    Args:
        source: A file for which ``convention_for`` names a tool.

    Returns:
        Its passages as conventions, with ``convention`` filled; ``notes`` say what of its front
        matter could not be read.

    Raises:
        ValueError: It is no tool's convention file.
    """
    tool = convention_for(source.path)
    if tool is None:
        raise ValueError(f"{source.path} is no convention file")
    text = source.text[:MAX_CHARACTERS]
    fields = read_fields(text)
    body = _without_comments(without_questions("\n".join(text.split("\n")[fields.body_line - 1 :])))
    reading = FORMS[tool].read(ConventionFile(source.path, fields, body))
    front = text.split("\n")[: fields.body_line - 1]
    parsed = _passages(replace(source, text="\n".join([*front, body])))
    record = ConventionRecord(tool, reading.scope, reading.imports, reading.description)
    notes = (*parsed.notes, *_notes(source.path, reading, parsed.notes))
    return replace(parsed, convention=record, notes=notes)


def with_aliases(
    records: Mapping[str, ConventionRecord], links: Mapping[str, str]
) -> Mapping[str, ConventionRecord]:
    """Tell convention files by which other names they are known.

    Args:
        records: By path.
        links: Symbolic links that were folded, each with the path it leads to.

    Returns:
        The records, those that links lead to with ``aliases``.
    """
    names: dict[str, list[str]] = {}
    for link, target in sorted(links.items()):
        names.setdefault(posixpath.normpath(target), []).append(link)
    return {
        path: replace(record, aliases=tuple(names[path])) if path in names else record
        for path, record in records.items()
    }


def _passages(source: SourceText) -> ParsedFile:
    """Read as the extension says; a file without one is Markdown."""
    if is_document(source.path):
        return parse_document(source, Kind.CONVENTION)
    parsed = parse_document(replace(source, path=f"{source.path}.md"), Kind.CONVENTION)
    name = posixpath.basename(source.path)
    title = name if parsed.title == f"{name}.md" else parsed.title
    chunks = tuple(
        replace(chunk, path=source.path, title=name if chunk.title == f"{name}.md" else chunk.title)
        for chunk in parsed.chunks
    )
    return replace(parsed, path=source.path, title=title, chunks=chunks)


def _without_comments(body: str) -> str:
    """Blank HTML comments, which agents drop before they read; every line keeps its number."""
    if "<!--" not in body:
        return body
    lines = body.split("\n")
    for token in MarkdownIt("commonmark").parse(body):
        content = token.content.strip()
        if (
            token.type == "html_block"
            and token.map
            and content.startswith("<!--")
            and content.endswith("-->")
        ):
            start, end = token.map
            lines[start:end] = [""] * len(lines[start:end])
    return "\n".join(lines)


def _notes(path: str, reading: Reading, said: tuple[str, ...]) -> tuple[str, ...]:
    return (f"{path}: {reading.note}",) if reading.note and reading.note not in said else ()

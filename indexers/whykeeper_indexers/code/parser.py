"""Code to chunks: symbols where the language has a grammar, windows of lines where not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import PurePosixPath
from time import monotonic

from tree_sitter import Node, Parser

from whykeeper_indexers.code.chunks import reason_chunk, symbol_chunk, window_chunks
from whykeeper_indexers.code.grammar import Grammar, load_language
from whykeeper_indexers.code.grammars import grammar_for
from whykeeper_indexers.code.interpreters import first_line
from whykeeper_indexers.code.languages import COMMENT_PREFIXES, language_of
from whykeeper_indexers.code.lines import HARD_CAP, Lines
from whykeeper_indexers.code.outline import Item, outline
from whykeeper_indexers.code.pieces import cut
from whykeeper_indexers.code.reasons import reasons_in_lines, reasons_in_tree
from whykeeper_indexers.types import Chunk, Kind, LineRange, ParsedFile, SourceText

__all__ = [
    "Definition",
    "SyntaxTree",
    "definitions",
    "definitions_in",
    "has_grammar",
    "parse_code",
    "reasons_at",
    "syntax_tree",
]

_MAX_BYTES = 4_000_000
"""A larger file is cut into windows: its tree would cost more memory than it is worth."""

_MAX_SECONDS = 10.0

MOST_DEFINED = 5_000
"""Symbols kept of one file; one that defines more was written by a tool."""

_TIMED_FROM = 500_000
"""Bytes from which parsing is timed. Only a source read through a callback can be, and a node's
text then costs a call a piece, so that smaller files, which cannot take long, are spared it."""

_READ_SIZE = 4_096

_CPP_HEADER = re.compile(
    r"^\s{0,16}(?:class\s+\w|namespace\b|template\s?<|public:|using\s+\w+\s?=)", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Definition:
    """Where a symbol is defined.

    Attributes:
        symbol: Qualified name, scopes joined by dots.
        category: ``function``, ``method``, ``class``, ``interface``, ``constant`` …
        lines: Its lines, leading comments and decorators included.
        signature: Its declaration without its body.
        docstring: What the source says of it.
    """

    symbol: str
    category: str
    lines: LineRange
    signature: str | None
    docstring: str | None


@dataclass(frozen=True, slots=True)
class SyntaxTree:
    """A parsed file: tree and outline count in the same bytes and rows.

    Attributes:
        grammar: Of its language.
        root: The tree.
        data: The text in UTF-8.
        top: What the file defines.
    """

    grammar: Grammar
    root: Node
    data: bytes
    top: Item


def parse_code(source: SourceText) -> ParsedFile:
    """Parse a source file into chunks, each line that is not blank in exactly one.

    A comment that gives a reason is a chunk of its own besides (``Role.REASON``). A file that
    cannot be parsed is cut into windows of lines, and ``notes`` says so; nothing is raised.
    """
    lines = Lines(source.text)
    language = _language(source)
    grammar = grammar_for(language)
    tree = _parse(source.text, grammar) if grammar is not None else None
    notes = [f"{source.path}: cut into windows, {language} did not parse"] if grammar and tree is None else []
    notes.extend(_long_line_notes(source.path, lines))
    chunks = (
        _window_file(source.path, language, lines) if tree is None else _symbols(source.path, tree, lines)
    )
    return ParsedFile(
        path=source.path,
        kind=Kind.CODE,
        title=PurePosixPath(source.path).name,
        chunks=tuple(chunks),
        language=language,
        notes=tuple(notes),
        defined=tuple(each.symbol for each in islice(definitions_in(tree), MOST_DEFINED)) if tree else (),
    )


def definitions(source: SourceText) -> tuple[Definition, ...]:
    """List every symbol a file defines, in source order; empty without a grammar."""
    tree = syntax_tree(source)
    return tuple(definitions_in(tree)) if tree is not None else ()


def has_grammar(path: str) -> bool:
    """Whether files of this name are parsed, and not merely cut into windows."""
    language = language_of(path)
    return language is not None and grammar_for(language) is not None


def syntax_tree(source: SourceText) -> SyntaxTree | None:
    """Parse a file; None without a grammar, or where no tree is worth using."""
    grammar = grammar_for(_language(source))
    return _parse(source.text, grammar) if grammar is not None else None


def reasons_at(source: SourceText, wanted: LineRange) -> tuple[Chunk, ...]:
    """List the comments at some lines that give a reason, however many others the file has."""
    lines = Lines(source.text)
    language = _language(source)
    grammar = grammar_for(language)
    tree = _parse(source.text, grammar) if grammar is not None else None
    if tree is None:
        found = reasons_in_lines(lines, COMMENT_PREFIXES.get(language, ()), len(lines))
    else:
        found = reasons_in_tree(tree.root, tree.data, lines, tree.grammar.comments, len(lines))
    top = tree.top if tree is not None else None
    return tuple(
        reason_chunk(source.path, language, each, top, lines)
        for each in found
        if each.start < wanted.end and wanted.start <= each.end + 1
    )


def definitions_in(tree: SyntaxTree) -> Iterator[Definition]:
    """Give every symbol that a parsed file defines, in source order."""
    todo = tree.top.children[::-1]
    while todo:
        item = todo.pop()
        if item.defines:
            lines = LineRange(item.start + 1, item.end + 1)
            details = (item.category, lines, item.signature, item.docstring)
            yield from (Definition(name, *details) for name in item.names)
        todo.extend(item.children[::-1])


def _language(source: SourceText) -> str:
    language = language_of(source.path, first_line(source.text)) or "text"
    if language == "c" and source.path.endswith((".h", ".H")) and _CPP_HEADER.search(source.text[:200_000]):
        return "cpp"
    return language


def _parse(text: str, grammar: Grammar) -> SyntaxTree | None:
    """Parse within a time limit; None when there is no tree worth using."""
    data = text.encode("utf-8", "replace")
    if len(data) > _MAX_BYTES:
        return None
    deadline = monotonic() + _MAX_SECONDS
    root = _root(data, grammar, deadline)
    if root is not None and root.has_error:
        repaired = grammar.repair(data)
        root = root if repaired == data else _root(repaired, grammar, deadline)
    if root is None:
        return None
    top = outline(root, grammar)
    if root.type == "ERROR" and not any(item.rule for item in top.children):
        return None
    return SyntaxTree(grammar, root, data, top)


def _root(data: bytes, grammar: Grammar, deadline: float) -> Node | None:
    parser = Parser(load_language(grammar.module, grammar.entry))
    if len(data) < _TIMED_FROM:
        return parser.parse(data).root_node
    try:
        tree = parser.parse(
            lambda offset, _: data[offset : offset + _READ_SIZE],
            progress_callback=lambda _offset, _has_error: monotonic() > deadline,
        )
    except ValueError:  # What tree-sitter raises when the callback stops it.
        return None
    return tree.root_node


def _symbols(path: str, tree: SyntaxTree, lines: Lines) -> list[Chunk]:
    language = tree.grammar.name
    chunks = [symbol_chunk(path, language, piece, tree.top, lines) for piece in cut(tree.top, lines)]
    reasons = reasons_in_tree(tree.root, tree.data, lines, tree.grammar.comments)
    chunks.extend(reason_chunk(path, language, reason, tree.top, lines) for reason in reasons)
    return sorted((chunk for chunk in chunks if chunk is not None), key=_source_order)


def _window_file(path: str, language: str, lines: Lines) -> list[Chunk]:
    chunks = window_chunks(path, language, lines)
    reasons = reasons_in_lines(lines, COMMENT_PREFIXES.get(language, ()))
    chunks.extend(reason_chunk(path, language, reason, None, lines) for reason in reasons)
    return sorted(chunks, key=_source_order)


def _source_order(chunk: Chunk) -> int:
    return chunk.lines.start if chunk.lines is not None else 0


def _long_line_notes(path: str, lines: Lines) -> list[str]:
    cut_rows = [row for row, line in enumerate(lines.lines, 1) if len(line) > HARD_CAP]
    if not cut_rows:
        return []
    return [f"{path}: {len(cut_rows)} lines cut to {HARD_CAP} characters, the first is line {cut_rows[0]}"]

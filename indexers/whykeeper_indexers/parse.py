"""Which parser reads a file: the one registry of kinds.

Order matters: a convention file is also Markdown, and so is a decision record, so the most
specific reading comes first. A new kind of file is one more row.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from whykeeper_indexers.code import first_line, is_code, parse_code
from whykeeper_indexers.conventions import convention_for, parse_convention, service_folder
from whykeeper_indexers.decisions import DecisionLayout, parse_decision
from whykeeper_indexers.documents import is_document, parse_document
from whykeeper_indexers.links import references_of
from whykeeper_indexers.types import Kind, ParsedFile, SourceText

__all__ = ["ParseContext", "parse_file", "worth"]

_log = logging.getLogger(__name__)

_DESCRIBING = frozenset([Kind.DECISION, Kind.CONVENTION, Kind.DOCUMENT])
"""Whose names are links into the code; a plan's are what is to be."""
_PLANS = PurePosixPath(".whykeeper/plans")


@dataclass(frozen=True, slots=True)
class ParseContext:
    """What a parser must know beside the file itself; sent to the parse worker once.

    Attributes:
        decisions: Where this repository keeps its decision records.
    """

    decisions: DecisionLayout


def parse_file(source: SourceText, context: ParseContext) -> ParsedFile | None:
    """Read one file into chunks.

    Args:
        source: Its text, secrets already cut out.
        context: What the repository as a whole says.

    Returns:
        The parsed file, or None where no parser finds text worth remembering. A parser that
        fails gives an empty file with a note: one odd file never stops an index.
    """
    for reads, parse in _READERS:
        if not reads(source):
            continue
        try:
            parsed = parse(source, context)
        except Exception as error:  # noqa: BLE001 - the border between untrusted files and the index
            _log.exception("cannot parse %s", source.path)
            note = f"{source.path} could not be parsed: {type(error).__name__}"
            return ParsedFile(source.path, Kind.DOCUMENT, source.path, (), notes=(note,))
        if parsed is not None:
            return _with_references(parsed, source)
    return None


def worth(path: str) -> int:
    """Order of reading by path alone, so that the reasons come before the code: 0 is first."""
    if convention_for(path) is not None:
        return 0
    if is_document(path):
        return 0 if "decision" in path or "adr" in path or "rfc" in path else 1
    return 2


def _with_references(parsed: ParsedFile, source: SourceText) -> ParsedFile:
    """Add what a document names."""
    if parsed.kind not in _DESCRIBING:
        return parsed
    try:
        return replace(parsed, references=references_of(source))
    except Exception as error:  # noqa: BLE001 - the same border
        _log.exception("cannot read the names in %s", source.path)
        note = f"what {source.path} names could not be read: {type(error).__name__}"
        return replace(parsed, notes=(*parsed.notes, note))


def _parse_plan(source: SourceText, _context: ParseContext) -> ParsedFile:
    return parse_document(source, Kind.PLAN)


def _parse_convention(source: SourceText, _context: ParseContext) -> ParsedFile:
    return parse_convention(source)


def _parse_decision(source: SourceText, context: ParseContext) -> ParsedFile | None:
    return parse_decision(source, context.decisions)


def _parse_document(source: SourceText, _context: ParseContext) -> ParsedFile:
    parsed = parse_document(source)
    # Whether the folder really holds code is asked when an answer is made: a file may come later.
    return replace(parsed, service_folder=service_folder(source.path, lambda _folder: True))


def _parse_code(source: SourceText, _context: ParseContext) -> ParsedFile:
    return parse_code(source)


def _is_plan(source: SourceText) -> bool:
    return PurePosixPath(source.path).parent == _PLANS and is_document(source.path)


def _is_code(source: SourceText) -> bool:
    return is_code(source.path, first_line(source.text))


def _is_script(source: SourceText) -> bool:
    """A program that is called ``install`` or ``migration`` is no document of that name."""
    return not PurePosixPath(source.path).suffix and _is_code(source)


_Reads = Callable[[SourceText], bool]
_Parses = Callable[[SourceText, ParseContext], ParsedFile | None]

_READERS: tuple[tuple[_Reads, _Parses], ...] = (
    (_is_plan, _parse_plan),
    (lambda source: convention_for(source.path) is not None, _parse_convention),
    (_is_script, _parse_code),
    (lambda source: is_document(source.path), _parse_decision),
    (lambda source: is_document(source.path), _parse_document),
    (_is_code, _parse_code),
)

"""Code that a document describes and that a change writes largely anew: worth a look, and no more."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

from whykeeper.verification.documents.edited_files import EditedFile
from whykeeper.verification.findings import Evidence, Finding, Severity
from whykeeper.verification.subject import Subject
from whykeeper_indexers.code import Definition
from whykeeper_indexers.facts import FileFacts
from whykeeper_indexers.freshness.volume import AGEING_SHARE, LEAST_LINES
from whykeeper_indexers.link_types import Reference, ReferenceKind
from whykeeper_indexers.links import quoted
from whykeeper_indexers.types import LineRange

__all__ = ["rewritten"]

MOST_FINDINGS: Final = 3
"""Of one change: it is a reminder."""
_LEAST_BODY: Final = 8
"""Lines of a symbol, of which more than half must be new."""
_BODY_SHARE: Final = 0.6


def rewritten(
    subject: Subject, files: Sequence[EditedFile], documents: Mapping[str, FileFacts], told: Collection[str]
) -> Iterator[Finding]:
    """Find documents that name files or symbols of which the change leaves little.

    Args:
        subject: The change.
        files: Its files of code, before and after.
        documents: Those that tell how things are.
        told: Documents of which something heavier is said already.
    """
    symbols = {quoted(each.symbol): (file, each) for file in files for each in _anew(file)}
    whole = {file.after: file for file in files if file.after and _is_anew(file)}
    if not symbols and not whole:
        return
    touched = set(subject.change.paths)
    count = 0
    for path, facts in documents.items():
        if path in touched or path in told:
            continue
        named = next((each for each in facts.references if _means(each, path, symbols, whole, subject)), None)
        if named is not None and count < MOST_FINDINGS:
            count += 1
            yield _finding(path, named, symbols)


def _anew(file: EditedFile) -> Iterator[Definition]:
    there = {each.symbol for each in file.after_symbols}
    for each in file.before_symbols:
        size = each.lines.end - each.lines.start + 1
        if (
            each.category not in ("class", "interface", "module")
            and each.symbol in there
            and size >= _LEAST_BODY
        ) and _overlap(file.removed, each.lines) >= _BODY_SHARE * size:
            yield each


def _is_anew(file: EditedFile) -> bool:
    lines = sum(bool(line.strip()) for line in file.before_lines)
    gone = sum(bool(line.strip()) for _, line in file.removed_lines())
    return lines >= LEAST_LINES and gone >= AGEING_SHARE * lines


def _overlap(ranges: Sequence[LineRange], lines: LineRange) -> int:
    return sum(max(0, min(end, lines.end) - max(start, lines.start) + 1) for start, end in ranges)


def _means(
    reference: Reference,
    document: str,
    symbols: Mapping[str, tuple[EditedFile, Definition]],
    whole: Mapping[str, EditedFile],
    subject: Subject,
) -> bool:
    if reference.past:
        return False
    if reference.kind is ReferenceKind.SYMBOL:
        found = symbols.get(quoted(reference.target))
        # Named with its owner, or it could be another's.
        return found is not None and _fits(reference.target, found[1].symbol)
    if reference.kind is ReferenceKind.PATH and whole:
        meant = subject.head.places.found(reference.target, document, reference.form)
        return len(meant) == 1 and meant[0] in whole
    return False


def _fits(target: str, symbol: str) -> bool:
    written = [part for part in target.replace("::", ".").replace("#", ".").split(".") if part]
    own = symbol.split(".")
    return written == own if len(written) == 1 else written[-2:] == own[-2:] or len(own) == 1


def _finding(
    path: str, reference: Reference, symbols: Mapping[str, tuple[EditedFile, Definition]]
) -> Finding:
    line = (reference.line, reference.line)
    found = symbols.get(quoted(reference.target)) if reference.kind is ReferenceKind.SYMBOL else None
    code = (
        (Evidence(found[0].path, (found[1].lines.start, found[1].lines.end), f"before: {found[1].symbol}"),)
        if found
        else ()
    )
    return Finding(
        check="documents",
        rule="documents/rewritten",
        severity=Severity.NOTE,
        path=path,
        line=reference.line,
        message=f"describes {reference.target}, most of which the change writes anew",
        hint="read it again beside the code",
        evidence=(Evidence(path, line, reference.target), *code),
        subject=reference.target,
    )

"""What documents and decisions say of some code: those that name it, with the passage that does."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from whykeeper.links import folder_references, references_to
from whykeeper.symbol_links import SymbolNames
from whykeeper_indexers.catalog import Catalog, StoredChunk
from whykeeper_indexers.conventions import cited_documents
from whykeeper_indexers.conventions.globs import literal_depth
from whykeeper_indexers.decisions.sections import is_conclusion
from whykeeper_indexers.link_types import Reference, ReferenceKind
from whykeeper_indexers.types import DecisionRecord, Kind

__all__ = ["Named", "documents_naming"]

MOST_DOCUMENTS = 6
LIKE_NAMED = 20
"""Paths looked at to see whether one alone ends with a name."""


@dataclass(frozen=True, slots=True)
class Named:
    """A passage that names code, or a document that the code names.

    Attributes:
        stored: The passage.
        names: By which it names the code, the most telling first.
        of_symbol: It names the symbol, and not the file alone.
        cited: It is the code that names the document.
        of_folder: It names no more than a folder, or a glob, that takes the code in.
        called: When the names were or are those of the file, where it is asked about by another.
        decision: The record it stands in, with its successor.
    """

    stored: StoredChunk
    names: tuple[str, ...]
    of_symbol: bool = False
    cited: bool = False
    of_folder: bool = False
    called: str = ""
    decision: DecisionRecord | None = None


def documents_naming(
    catalog: Catalog,
    checkout: int,
    path: str,
    symbol: str | None,
    text: str,
    *,
    folder: bool = False,
    others: Mapping[str, str] = MappingProxyType({}),
) -> list[Named]:
    """Find the documents that name a file or a symbol of it, and those that the code names itself.

    Args:
        catalog: Of the repository.
        checkout: Its number there.
        path: The file, or a folder.
        symbol: Qualified; None where the whole file is asked about.
        text: Of the code that is asked about, to see which documents it names.
        folder: Whether it is a folder.
        others: To other names of the file, which it had or has now, a word on when that is.

    Returns:
        One passage for each document: what the code names first, then what names the symbol, then the file,
        of records the newest first, then what names the file by another name, then the decisions in force
        that are about a folder it lies in.
    """
    decisions = catalog.decisions(checkout)
    found = [
        Named(passage, (), cited=True)
        for each in _cited(catalog, checkout, path, text, decisions)
        if (passage := _telling(catalog.file_chunks(checkout, each), each in decisions))
    ]
    found += [] if folder else _naming(catalog, checkout, path, symbol, decisions)
    for name, called in others.items():
        under = _naming(catalog, checkout, name, None, decisions)
        found += [replace(each, called=called) for each in under]
    found += _of_folders(catalog, checkout, path, decisions)
    best: dict[str, Named] = {}
    for each in found:
        best.setdefault(each.stored.chunk.path or "", each)
    ranked = [
        replace(each, decision=decisions.get(document)) for document, each in best.items() if document != path
    ]
    return ranked[:MOST_DOCUMENTS]


def _naming(
    catalog: Catalog, checkout: int, path: str, symbol: str | None, decisions: Mapping[str, DecisionRecord]
) -> list[Named]:
    symbols = SymbolNames(catalog, checkout)
    found = []
    for document, references in references_to(catalog, checkout, path).items():
        of_symbol = [
            each
            for each in references
            if symbol
            and each.kind is ReferenceKind.SYMBOL
            and symbols.is_meant(each.target, document, path, symbol)
        ]
        # A glob takes many files, and another symbol of the file is another matter.
        of_file = [each for each in references if each.kind is ReferenceKind.PATH or not symbol]
        telling = of_symbol or [each for each in of_file if each.kind is not ReferenceKind.GLOB]
        passage = _around(catalog.file_chunks(checkout, document), telling)
        if passage is not None:
            names = tuple(dict.fromkeys(each.target for each in telling))
            found.append(Named(passage, names, bool(of_symbol)))
    dates = {document: record.date or "" for document, record in decisions.items()}
    found.sort(key=lambda each: dates.get(each.stored.chunk.path or "", ""), reverse=True)
    return sorted(found, key=lambda each: (not each.of_symbol, not _concludes(each.stored)))


def _of_folders(
    catalog: Catalog, checkout: int, path: str, decisions: Mapping[str, DecisionRecord]
) -> list[Named]:
    """Decisions in force that name a folder above, or a glob below one, the nearest folder first."""
    named = folder_references(catalog, checkout, path)
    for document, references in references_to(catalog, checkout, path).items():
        globs = [
            each for each in references if each.kind is ReferenceKind.GLOB and literal_depth(each.target)
        ]
        named[document] = [*named.get(document, ()), *globs]
    found = []
    for document, references in named.items():
        if not references or document not in decisions or not decisions[document].in_force:
            continue
        chunks = catalog.file_chunks(checkout, document)
        # What front matter names stands in no passage.
        passage = _around(chunks, references) or _telling(chunks, decided=True)
        if passage is not None:
            names = tuple(dict.fromkeys(each.target for each in references))
            found.append(Named(passage, names, of_folder=True))
    return sorted(found, key=lambda each: -each.names[0].rstrip("/").count("/"))


def _around(chunks: Sequence[StoredChunk], references: Sequence[Reference]) -> StoredChunk | None:
    """The passage that holds a reference: what a record concludes, else the one with most of them."""
    counts = {
        each.id: sum(each.chunk.lines.start <= one.line <= each.chunk.lines.end for one in references)
        for each in chunks
        if each.chunk.lines
    }
    holding = [each for each in chunks if counts.get(each.id)]
    return max(holding, key=lambda each: (_concludes(each), counts[each.id]), default=None)


def _concludes(stored: StoredChunk) -> bool:
    return stored.chunk.kind is Kind.DECISION and is_conclusion(stored.chunk)


def _cited(
    catalog: Catalog, checkout: int, path: str, text: str, decisions: dict[str, DecisionRecord]
) -> tuple[str, ...]:
    def ending(name: str) -> list[str]:
        near = catalog.paths_like(checkout, name, LIKE_NAMED)
        return [each for each in near if f"/{each}".endswith(f"/{name}")]

    def present(_paths: Collection[str]) -> list[str]:
        # The guide of a folder of which a file is named tells of that folder, and not of this code.
        return []

    lookup: Callable[[str], list[str]] = ending
    return cited_documents(path, text, decisions, lookup, present)


def _telling(chunks: Sequence[StoredChunk], decided: bool) -> StoredChunk | None:
    """The passage to show of a document that the code names whole: what was concluded, or its beginning."""
    if decided:
        concluding = next((each for each in chunks if is_conclusion(each.chunk)), None)
        if concluding is not None:
            return concluding
    return next(iter(chunks), None)

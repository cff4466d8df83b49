"""What documents and decisions say of some code: those that name it, with the passage that does."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from whykeeper.explaining.target import defining_paths
from whykeeper_indexers.catalog import Catalog, StoredChunk
from whykeeper_indexers.code import symbols_of
from whykeeper_indexers.conventions import cited_documents, find_mentions, search_words
from whykeeper_indexers.decisions.sections import is_conclusion
from whykeeper_indexers.types import DecisionRecord, Kind, Role

__all__ = ["Named", "documents_naming"]

PROSE = (Kind.DECISION, Kind.CONVENTION, Kind.DOCUMENT, Kind.PLAN)
SEARCHED = 60
"""Passages looked at for the names; get_context looks at as many."""
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
        decision: The record it stands in, with its successor.
    """

    stored: StoredChunk
    names: tuple[str, ...]
    of_symbol: bool = False
    cited: bool = False
    decision: DecisionRecord | None = None


def documents_naming(
    catalog: Catalog, checkout: int, path: str, symbol: str | None, text: str
) -> list[Named]:
    """Find the documents that name a file or a symbol of it, and those that the code names itself.

    Args:
        catalog: Of the repository.
        checkout: Its number there.
        path: The file.
        symbol: Qualified; None where the whole file is asked about.
        text: Of the code that is asked about, to see which documents it names.

    Returns:
        One passage for each document: what the code names first, then what names the symbol, then the file.
    """
    decisions = catalog.decisions(checkout)
    found = [
        Named(passage, (), cited=True)
        for each in _cited(catalog, checkout, path, text, decisions)
        if (passage := _telling(catalog.file_chunks(checkout, each), each in decisions))
    ]
    found += _naming(catalog, checkout, path, symbol)
    best: dict[str, Named] = {}
    for each in found:
        best.setdefault(each.stored.chunk.path or "", each)
    ranked = [
        Named(each.stored, each.names, each.of_symbol, each.cited, decisions.get(document))
        for document, each in best.items()
        if document != path
    ]
    return ranked[:MOST_DOCUMENTS]


def _naming(catalog: Catalog, checkout: int, path: str, symbol: str | None) -> list[Named]:
    symbols = [symbol] if symbol else _symbols(catalog, checkout, path)
    passages: dict[str, StoredChunk] = {}
    for words in {search_words(path, symbols), search_words(path)}:
        hits = catalog.search_words(checkout, " ".join(words), kinds=PROSE, limit=SEARCHED)
        stored = catalog.chunks(checkout, [hit.rowid for hit in hits])
        passages |= {each.id: each for each in stored if each.chunk.path and each.chunk.path != path}
    texts = {name: f"{each.chunk.title}\n{each.chunk.text}" for name, each in passages.items()}
    mentions = find_mentions(path, texts, symbols=symbols, of=catalog.count_files(checkout, PROSE))
    own = _OwnNames(catalog, checkout, path, symbol)
    found = []
    for name, mention in sorted(mentions.items(), key=lambda pair: (-pair[1].named, pair[0])):
        document = passages[name].chunk.path or ""
        exact = tuple(each for each in mention.names if own.means(each, document))
        if exact:
            found.append(Named(passages[name], exact, own.symbol in exact))
    return sorted(found, key=lambda each: (not each.of_symbol, not _concludes(each.stored)))


class _OwnNames:
    """Which names mean a file or its symbol, and no other of that name.

    A document in the same folder means its neighbour; any other means it only where the name is the
    repository's one.
    """

    def __init__(self, catalog: Catalog, checkout: int, path: str, symbol: str | None) -> None:
        self._catalog = catalog
        self._checkout = checkout
        self._path = path
        self.symbol = symbol.rpartition(".")[2] if symbol else "\0"
        self._known: dict[str, bool] = {}

    def means(self, name: str, document: str) -> bool:
        """Whether a name in a document is one of the file or the symbol."""
        if name.endswith("/") or not (name == self.symbol or self._is_of_file(name)):
            return False
        if posixpath.dirname(document) == posixpath.dirname(self._path):
            return True
        if name not in self._known:
            self._known[name] = self._alone(name)
        return self._known[name]

    def _is_of_file(self, name: str) -> bool:
        return f"/{self._path}".endswith(f"/{name}") or self._dotted(name) is not None

    def _dotted(self, name: str) -> str | None:
        """The path that a module's dotted name stands for."""
        stem, ending = posixpath.splitext(self._path)
        written = name.replace(".", "/")
        return f"{written}{ending}" if "." in name and f"/{stem}".endswith(f"/{written}") else None

    def _alone(self, name: str) -> bool:
        if name == self.symbol:
            return defining_paths(self._catalog, self._checkout, name) in ([], [self._path])
        ending = self._dotted(name) or name
        like = self._catalog.paths_like(self._checkout, ending, LIKE_NAMED)
        return [each for each in like if f"/{each}".endswith(f"/{ending}")] == [self._path]


def _concludes(stored: StoredChunk) -> bool:
    return stored.chunk.kind is Kind.DECISION and is_conclusion(stored.chunk)


def _symbols(catalog: Catalog, checkout: int, path: str) -> list[str]:
    stored = catalog.file_chunks(checkout, path)
    return [name for each in stored if each.chunk.role is Role.SYMBOL for name in symbols_of(each.chunk)]


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

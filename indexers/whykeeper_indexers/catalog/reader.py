"""What can be asked of a catalog: the part of `Catalog` that only reads what is indexed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from functools import partial

from whykeeper_indexers.catalog import defining, linking, reading, sources
from whykeeper_indexers.catalog.database import Database
from whykeeper_indexers.catalog.linking import DescribedDocument
from whykeeper_indexers.catalog.records import FileEntry, Statistics, StoredChunk, StoredOutline, WordHit
from whykeeper_indexers.catalog.remembered import Remembered, View
from whykeeper_indexers.catalog.searching import WordSearch
from whykeeper_indexers.link_types import FreshnessReport, Reference
from whykeeper_indexers.types import ConventionRecord, DecisionContent, DecisionRecord, Kind

__all__ = ["CatalogReader"]


class CatalogReader:
    """Answers about the checkouts of a repository; any thread may ask.

    Every method may raise ``StorageError``, ``LockedError`` and ``DamagedStoreError``.
    """

    def __init__(self, database: Database, chunker_version: int) -> None:
        self._database = database
        self._chunker_version = chunker_version
        self._words = WordSearch()
        self._remembered = Remembered()

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Within it, everything this thread reads is one state of the catalog."""
        with self._database.read():
            yield

    def _view(self, checkout: int) -> View:
        """What is remembered of the state that this thread reads."""
        return self._remembered.of(checkout, self._database.version)

    def search_words(
        self,
        checkout: int,
        query: str,
        *,
        kinds: Collection[Kind] | None = None,
        paths: Collection[str] | None = None,
        limit: int = 50,
    ) -> list[WordHit]:
        """The live chunks that share words with a question, best first.

        Args:
            checkout: Whose chunks.
            query: Whatever was typed; quoted phrases stay phrases.
            kinds: Leave out the others; None searches all.
            paths: Files, folders or globs to stay within.
            limit: Of every kind, at most this many.
        """
        with self._database.read() as connection:
            outlines = partial(self._view(checkout).outlines, connection)
            return self._words.search(
                connection, checkout, query, outlines, kinds=kinds, paths=paths, limit=limit
            )

    def chunks(self, checkout: int, rowids: Collection[int]) -> list[StoredChunk]:
        """The chunks of these rows that are live in the checkout, in the order given."""
        with self._database.read() as connection:
            return self._view(checkout).chunks(connection, rowids)

    def outlines(self, checkout: int, rowids: Collection[int]) -> dict[int, StoredOutline]:
        """What the live ones of these rows are ranked by; a quarter of the time that the chunks take."""
        with self._database.read() as connection:
            return self._view(checkout).outlines(connection, rowids)

    def chunk_by_id(self, checkout: int, chunk_id: str) -> StoredChunk | None:
        """The live chunk with this id."""
        with self._database.read() as connection:
            return reading.chunk_by_id(connection, checkout, chunk_id)

    def file_chunks(self, checkout: int, path: str) -> list[StoredChunk]:
        """A file's chunks, in its order."""
        with self._database.read() as connection:
            return reading.file_chunks(connection, checkout, path)

    def file_text(self, checkout: int, path: str) -> str:
        """The text of a file's chunks, in its order; a tenth of the time that the chunks take."""
        with self._database.read() as connection:
            return reading.file_text(connection, checkout, path)

    def live(
        self, checkout: int, vector_keys: Collection[str], kind: Kind | None = None
    ) -> dict[str, list[int]]:
        """The live chunks behind vectors; a vector that has none is left out."""
        with self._database.read() as connection:
            return self._view(checkout).live(connection, vector_keys, kind)

    def vectors_of(self, checkout: int, rowids: Collection[int]) -> dict[int, tuple[str, bool]]:
        """To each of these chunks the key of its vector, and whether that is still to be made."""
        with self._database.read() as connection:
            return self._view(checkout).vectors(connection, rowids)

    def symbols(self, checkout: int, name: str) -> list[int]:
        """Chunks that define a symbol, by its name or any qualified form of it, case folded."""
        with self._database.read() as connection:
            return reading.symbols(connection, checkout, name)

    def defined(self, checkout: int, path: str) -> list[str]:
        """The symbols that a file defines, qualified."""
        with self._database.read() as connection:
            return defining.defined(connection, checkout, path)

    def definers(self, checkout: int, name: str) -> list[tuple[str, str]]:
        """The files that define a name, case and all, each with the qualified name that it has there."""
        with self._database.read() as connection:
            return defining.definers(connection, checkout, name)

    def paths_like(self, checkout: int, fragment: str, limit: int = 20) -> list[str]:
        """Indexed paths that contain a fragment, case folded, the closest first."""
        with self._database.read() as connection:
            return reading.paths_like(connection, checkout, fragment, limit)

    def decisions(self, checkout: int) -> dict[str, DecisionRecord]:
        """The decision records by path."""
        with self._database.read() as connection:
            return reading.decisions(connection, checkout)

    def decision_contents(self, checkout: int) -> dict[str, DecisionContent]:
        """What the decision records say, part by part, by path."""
        with self._database.read() as connection:
            return reading.decision_contents(connection, checkout)

    def conventions(self, checkout: int) -> dict[str, ConventionRecord]:
        """The convention files by path."""
        with self._database.read() as connection:
            return reading.conventions(connection, checkout)

    def folded_links(self, checkout: int) -> dict[str, str]:
        """Symbolic links that lead to files of the checkout: to each the path it leads to."""
        with self._database.read() as connection:
            return sources.folded_links(connection, checkout)

    def source_text(self, checkout: int, path: str, kinds: Collection[Kind]) -> str:
        """The text of a file of these kinds with every passage on its lines; empty for any other."""
        with self._database.read() as connection:
            return sources.source_text(connection, checkout, path, kinds)

    def digests(self, checkout: int, kinds: Collection[Kind]) -> dict[str, str]:
        """The digests of the files of these kinds by path."""
        with self._database.read() as connection:
            return sources.digests(connection, checkout, kinds)

    def service_documents(self, checkout: int) -> dict[str, str]:
        """Documents that describe a folder: to each path its folder."""
        with self._database.read() as connection:
            return reading.service_documents(connection, checkout)

    def file_entries(self, checkout: int, paths: Collection[str] | None = None) -> list[FileEntry]:
        """What the catalog has for paths of a checkout; all of them by default."""
        with self._database.read() as connection:
            return reading.file_entries(connection, checkout, paths)

    def count_files(self, checkout: int, kinds: Collection[Kind], below: str = "") -> int:
        """How many files of these kinds a checkout has, below a folder or anywhere."""
        with self._database.read() as connection:
            return reading.count_files(connection, checkout, kinds, below)

    def folders_with(self, checkout: int, kind: Kind) -> set[str]:
        """The folders that hold a file of a kind, at any depth below them."""
        with self._database.read() as connection:
            return reading.folders_with(connection, checkout, kind)

    def statistics(self, checkout: int) -> Statistics:
        """The checkout in numbers."""
        with self._database.read() as connection:
            return reading.statistics(connection, checkout, self._chunker_version)

    def references(self, checkout: int, path: str) -> tuple[Reference, ...]:
        """What a document names, in its order."""
        with self._database.read() as connection:
            return linking.references(connection, checkout, path)

    def naming(self, checkout: int, names: Iterable[str]) -> dict[str, tuple[Reference, ...]]:
        """The documents that use any of some names, as ``last_part`` gives them."""
        with self._database.read() as connection:
            return linking.naming(connection, checkout, names)

    def changed_together(self, checkout: int, path: str, limit: int = 20) -> list[tuple[str, int, str]]:
        """Files that the same commits changed: path, number of commits, the newest of them."""
        with self._database.read() as connection:
            return linking.changed_together(connection, checkout, path, limit)

    def described(self, checkout: int) -> list[DescribedDocument]:
        """Every document, decision and convention with what it names."""
        with self._database.read() as connection:
            return linking.described(connection, checkout)

    def paths_of_history(self, checkout: int) -> list[str]:
        """Every path that a commit of the checkout's history touched."""
        with self._database.read() as connection:
            return linking.paths_of_history(connection, checkout)

    def freshness(self, checkout: int, paths: Collection[str] | None = None) -> dict[str, FreshnessReport]:
        """Whether documents still hold, as far as they were judged since they changed."""
        with self._database.read() as connection:
            return linking.freshness(connection, checkout, paths)

    def history_facts(self) -> dict[str, str]:
        """What was asked of the history when documents were judged."""
        with self._database.read() as connection:
            return linking.facts(connection)

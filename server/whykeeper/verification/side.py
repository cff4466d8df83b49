"""A repository before or after a change, as checks read it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property

from whykeeper_indexers.change import Tree
from whykeeper_indexers.code import has_grammar
from whykeeper_indexers.code.patterns import PatternMatch
from whykeeper_indexers.conventions import convention_for
from whykeeper_indexers.documents import is_document
from whykeeper_indexers.facts import FactReader, FileFacts, Progress
from whykeeper_indexers.freshness.places import Paths
from whykeeper_indexers.imports import ImportResolver, configures_imports
from whykeeper_indexers.types import DecisionContent, DecisionRecord

__all__ = ["Side"]


class Side:
    """One state of the repository.

    Args:
        reader: Of its files' facts.
        progress: Told while many files have to be read.
    """

    def __init__(self, reader: FactReader, progress: Progress | None = None) -> None:
        self._reader = reader
        self._progress = progress
        self._prepared = False

    @property
    def tree(self) -> Tree:
        """Its files as git has them."""
        return self._reader.tree

    @property
    def paths(self) -> frozenset[str]:
        """Files that belong in the index; data, generated and locked ones do not."""
        return self._reader.paths

    @cached_property
    def places(self) -> Paths:
        """Which files a written path can mean."""
        return Paths(self.tree.blobs)

    def text(self, path: str) -> str | None:
        """A file's text; None where there is none, or it is no text. It may hold secrets."""
        return self.tree.text(path)

    def read(self, paths: Collection[str]) -> None:
        """Read texts ahead, at once, which is faster than one by one."""
        self.tree.texts(paths)

    def facts(self, path: str) -> FileFacts:
        """What one file says."""
        return self._reader.one(path)

    def all_facts(self, paths: Collection[str]) -> Mapping[str, FileFacts]:
        """What many files say; read at once, which is faster than one by one."""
        return self._reader.of(paths, self._progress)

    def prepare(self) -> None:
        """Have facts of all code and prose kept: what is not known yet is read now, in several processes."""
        if not self._prepared:
            wanted = [path for path in self.paths if has_grammar(path) or _is_prose(path)]
            self._reader.fill(wanted, self._progress)
            self._prepared = True

    def functions_sharing(self, numbers: Collection[int]) -> Mapping[int, Sequence[tuple[str, int]]]:
        """Functions built or named like others, by path and number in the file's facts.

        Args:
            numbers: Hashes of sketches, and jobs; see `FunctionSketch`.

        Returns:
            To each number the functions that have it.
        """
        self.prepare()
        return self._reader.sharing(numbers)

    @cached_property
    def imports(self) -> ImportResolver:
        """Says which files an import means here."""
        configurations = [path for path in self.tree.blobs if configures_imports(path)]
        texts = self.tree.texts(configurations)
        return ImportResolver(self.tree.blobs, texts.get)

    def matching(
        self, language: str, data: str, paths: Collection[str]
    ) -> Mapping[str, tuple[PatternMatch, ...] | None] | str:
        """Hold a pattern of code against files; see `FactReader.matching`."""
        return self._reader.matching(language, data, paths)

    @cached_property
    def documents(self) -> Mapping[str, FileFacts]:
        """What every document, decision record and convention file says, by path."""
        return self.all_facts(sorted(path for path in self.paths if _is_prose(path)))

    @cached_property
    def decisions(self) -> Mapping[str, DecisionRecord]:
        """Every decision record, by path."""
        return {path: facts.decision for path, facts in self.documents.items() if facts.decision is not None}

    @cached_property
    def contents(self) -> Mapping[str, DecisionContent]:
        """What every decision record says, by path."""
        return {path: facts.content for path, facts in self.documents.items() if facts.content is not None}


def _is_prose(path: str) -> bool:
    return is_document(path) or convention_for(path) is not None

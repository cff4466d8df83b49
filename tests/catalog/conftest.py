"""A catalog under test, with short words for what the tests do to it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from whykeeper_indexers.catalog import ApplyResult, Catalog
from whykeeper_indexers.types import Chunk, CommitRecord, FileStat, Kind, LineRange, ParsedFile, Role

ParsedContent = tuple[FileStat, str, ParsedFile, tuple[Any, ...]]


def passages(path: str, text: str, kind: Kind, **fields: Any) -> tuple[Chunk, ...]:
    """One chunk for each paragraph of a text, titled by its first word."""
    chunks, line = [], 1
    for paragraph in text.split("\n\n"):
        lines = LineRange(line, line + paragraph.count("\n"))
        title = paragraph.split(maxsplit=1)[0] if paragraph.strip() else "empty"
        chunks.append(Chunk(kind, Role.SECTION, title, paragraph, path=path, lines=lines, **fields))
        line = lines.end + 2
    return tuple(chunks)


class Bench:
    """One catalog and its first checkout.

    Attributes:
        fingerprint: Of the pretended encoder, part of every vector key.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.fingerprint = "minilm"
        self.catalog = Catalog.open(folder, vector_key=self.key)
        self.main = self.catalog.checkout(Path("/srv/main"))

    def key(self, chunk: Chunk) -> str:
        return f"{self.fingerprint}:{hashlib.sha256(chunk.text.encode()).hexdigest()[:16]}"

    def reopen(self, **options: Any) -> Catalog:
        self.catalog.close()
        self.catalog = Catalog.open(self.folder, vector_key=self.key, **options)
        return self.catalog

    def stat(self, path: str, text: str) -> FileStat:
        return FileStat(path, len(text), 1_000, 7)

    def digest(self, text: str) -> str:
        return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()

    def content(self, path: str, text: str, kind: Kind = Kind.DOCUMENT, **fields: Any) -> ParsedContent:
        parsed = ParsedFile(path, kind, Path(path).name, passages(path, text, kind), **fields)
        return self.stat(path, text), self.digest(text), parsed, ()

    def write(
        self, path: str, text: str, kind: Kind = Kind.DOCUMENT, *, checkout: int | None = None, **fields: Any
    ) -> ApplyResult:
        content = self.content(path, text, kind, **fields)
        return self.catalog.apply(self.main if checkout is None else checkout, parsed=[content])

    def reuse(self, path: str, text: str, *, checkout: int | None = None) -> ApplyResult:
        reused = [(self.stat(path, text), self.digest(text))]
        return self.catalog.apply(self.main if checkout is None else checkout, reused=reused)

    def has_parsed(self, path: str, text: str) -> bool:
        """Whether this text at this path needs no parsing."""
        return self.digest(text) in self.catalog.parsed_digests([path]).get(path, ())

    def stale(self, checkout: int | None = None) -> list[str]:
        """The paths that are due for being parsed again."""
        known = self.catalog.known_files(self.main if checkout is None else checkout)
        return sorted(path for path, file in known.items() if file.stale)

    def found(self, query: str, *, checkout: int | None = None, **options: Any) -> list[str]:
        """The texts a search finds, best first."""
        where = self.main if checkout is None else checkout
        hits = self.catalog.search_words(where, query, **options)
        return [stored.chunk.text for stored in self.catalog.chunks(where, [hit.rowid for hit in hits])]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path / "index")
    yield made
    made.catalog.close()


@pytest.fixture
def commit_of() -> Callable[..., tuple[CommitRecord, tuple[Chunk, ...]]]:
    """Makes a commit with one chunk; its hash is derived from its subject."""

    def make(
        subject: str,
        *parents: CommitRecord,
        files: tuple[str, ...] = (),
        renames: dict[str, str] | None = None,
        at: int = 0,
    ) -> tuple[CommitRecord, tuple[Chunk, ...]]:
        sha = hashlib.sha1(subject.encode()).hexdigest()
        record = CommitRecord(
            sha, subject, f"because {subject}", "Ada", at, tuple(p.sha for p in parents), files, renames or {}
        )
        text = f"{subject}\n\n{record.body}"
        return record, (Chunk(Kind.COMMIT, Role.COMMIT, subject, text, commit=sha),)

    return make

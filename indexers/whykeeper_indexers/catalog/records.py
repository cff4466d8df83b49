"""What goes into and comes out of the catalog, and how it is written down in a row."""

from __future__ import annotations

import json
from base64 import b32encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from typing import Any, NamedTuple

from whykeeper_indexers.types import (
    Alternative,
    Chunk,
    ChunkOutline,
    ConventionRecord,
    DecisionContent,
    DecisionRecord,
    Exclusion,
    FileStat,
    Kind,
    Redaction,
    Scope,
    ScopeMode,
)

__all__ = [
    "ApplyResult",
    "FileEntry",
    "KnownFile",
    "Statistics",
    "StoredChunk",
    "StoredFile",
    "StoredOutline",
    "SweepResult",
    "VectorKey",
    "Waiting",
    "WordHit",
    "chunk_id",
    "clean",
    "dump_content",
    "dump_convention",
    "dump_decision",
    "dump_redactions",
    "dump_strings",
    "load_content",
    "load_convention",
    "load_decision",
    "load_redactions",
    "load_strings",
]

_TEXTS_KEPT = 4_096
_RECORDS_KEPT = 2_048
"""Read from their JSON: many passages share the headings above them and the record they stand in."""

VectorKey = Callable[[Chunk], str]
"""Names the vector of a chunk: a hash of the encoder's fingerprint and the text it encodes."""


@dataclass(frozen=True, slots=True)
class KnownFile:
    """What the catalog knows of a path of a checkout.

    Attributes:
        stat: As it was when last looked at; None for an exclusion that was given without.
        digest: Of its content; empty when it is excluded.
        exclusion: Why it is not in; None when it is.
        stale: It was parsed by another version of the chunkers: it answers, and is due.
    """

    stat: FileStat | None
    digest: str
    exclusion: Exclusion | None
    stale: bool


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A path of a checkout, in full, for a person who asks about it."""

    path: str
    kind: Kind | None
    chunks: int
    exclusion: Exclusion | None
    redactions: tuple[Redaction, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StoredFile:
    """The parsed file a chunk stands in."""

    path: str
    kind: Kind
    title: str
    digest: str
    language: str | None
    decision: DecisionRecord | None
    convention: ConventionRecord | None
    service_folder: str | None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredChunk:
    """A chunk as it is live in one checkout.

    Attributes:
        rowid: Its row, which search results name.
        id: Short name that stays the same for as long as its content does.
        chunk: The chunk, with the lines it has in this checkout.
        vector_key: Its vector.
        previous_key: Its vector from before a change of model, until the new model has read everything.
        file: Where it stands; None for commits.
        mtime_ns: When that file was last written; None for commits.
    """

    rowid: int
    id: str
    chunk: Chunk
    vector_key: str
    previous_key: str | None
    file: StoredFile | None
    mtime_ns: int | None

    @property
    def decision(self) -> DecisionRecord | None:
        """The decision record it stands in."""
        return self.file.decision if self.file else None


class StoredOutline(NamedTuple):
    """What a chunk is ranked by, as it is live in one checkout.

    Attributes:
        rowid: Its row, which search results name.
        chunk: All of it but its text.
        commit: The row of its commit; None for what stands in a file.
        decision: The decision record it stands in.
    """

    rowid: int
    chunk: ChunkOutline
    commit: int | None
    decision: DecisionRecord | None


class WordHit(NamedTuple):
    """A chunk that shares words with a question.

    Attributes:
        rowid: The chunk.
        kind: Its kind.
        score: BM25, higher is better. Decisions, conventions, documents and plans compare
            with one another; against code and commits compare ranks.
        share: The score relative to that of a passage which has every term of the question once, at
            most 1; a term that no passage has counts as the rarest there is. Compares between all kinds.
    """

    rowid: int
    kind: Kind
    score: float
    share: float


class Waiting(NamedTuple):
    """A chunk whose vector is not there yet."""

    rowid: int
    vector_key: str
    chunk: Chunk


@dataclass(frozen=True, slots=True)
class ApplyResult:
    """What a change did.

    Attributes:
        added_chunks: Chunks the catalog did not have.
        kept_chunks: Chunks of the parsed files that it had already.
        removed_chunks: Chunks that no stored content has any more.
        changed: Whether the checkout's searchable content is another than before.
        missing: Paths given as parsed before whose content has been swept since: nothing was
            changed for them, and they are to be parsed.
    """

    added_chunks: int = 0
    kept_chunks: int = 0
    removed_chunks: int = 0
    changed: bool = False
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SweepResult:
    """What a sweep threw away."""

    contents: int
    commits: int
    chunks: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """A checkout in numbers.

    Attributes:
        files: Indexed files.
        stale_files: Of those, how many are due to be parsed again.
        chunks: Live chunks per kind.
        encoded: Vectors of its chunks that are there, per kind; equal texts share one.
        waiting: Vectors of its chunks still to be made, per kind.
        excluded: Paths left out, per reason.
        redactions: Secrets cut out.
        commits: Commits reachable from its head.
        notes: What parsers could not do, per path.
        head: Commit its history is indexed up to.
        scanned_at: When it was last scanned in full.
        size_bytes: Of the database.
    """

    files: int
    stale_files: int
    chunks: Mapping[Kind, int]
    encoded: Mapping[Kind, int]
    waiting: Mapping[Kind, int]
    excluded: Mapping[str, int]
    redactions: int
    commits: int
    notes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    head: str | None = None
    scanned_at: float | None = None
    size_bytes: int = 0


def clean(text: str) -> str:
    """The text as SQLite can hold it: half surrogate pairs are written as escapes."""
    if text.isascii():
        return text
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def chunk_id(chunk: Chunk) -> str:
    """A chunk's name: 13 characters that change when, and only when, what it says changes.

    Lines are not part of it: a passage that moves is the same passage.
    """
    parts = (
        chunk.kind,
        chunk.role,
        chunk.path or "",
        chunk.commit or "",
        "\x1f".join(chunk.breadcrumb),
        chunk.title,
        str(chunk.part),
        chunk.symbol or "",
        chunk.signature or "",
        chunk.docstring or "",
        chunk.language or "",
        chunk.text,
    )
    digest = blake2b("\x1e".join(parts).encode("utf-8", "backslashreplace"), digest_size=8).digest()
    return b32encode(digest)[:13].decode("ascii").lower()


def dump_strings(values: tuple[str, ...]) -> str | None:
    """A row's value for a tuple of strings; None when it is empty."""
    return json.dumps(values) if values else None


@lru_cache(_TEXTS_KEPT)
def load_strings(value: str | None) -> tuple[str, ...]:
    """The tuple that ``dump_strings`` wrote."""
    return tuple(json.loads(value)) if value else ()


def dump_redactions(redactions: tuple[Redaction, ...]) -> str | None:
    """A row's value for redactions; None when there are none."""
    return json.dumps([[each.line, each.rule] for each in redactions]) if redactions else None


def load_redactions(value: str | None) -> tuple[Redaction, ...]:
    """The redactions that ``dump_redactions`` wrote."""
    return tuple(Redaction(line, rule) for line, rule in json.loads(value)) if value else ()


def dump_decision(record: DecisionRecord | None) -> str | None:
    """A row's value for a decision record."""
    if record is None:
        return None
    return json.dumps({name: getattr(record, name) for name in DecisionRecord.__slots__})


_DECISION_LISTS = (
    *("deciders", "consulted", "informed", "supersedes", "superseded_by", "amends", "amended_by"),
    *("related", "addresses", "tags"),
)


@lru_cache(_RECORDS_KEPT)
def load_decision(value: str | None) -> DecisionRecord | None:
    """The record that ``dump_decision`` wrote."""
    if not value:
        return None
    fields: dict[str, Any] = json.loads(value)
    for name in _DECISION_LISTS:
        fields[name] = tuple(fields.get(name, ()))
    return DecisionRecord(**fields)


def dump_content(content: DecisionContent | None) -> str | None:
    """A row's value for what a decision record says."""
    if content is None:
        return None
    return json.dumps({name: getattr(content, name) for name in DecisionContent.__slots__})


@lru_cache(_RECORDS_KEPT)
def load_content(value: str | None) -> DecisionContent | None:
    """What ``dump_content`` wrote."""
    if not value:
        return None
    fields: dict[str, Any] = json.loads(value)
    alternatives = tuple(Alternative(*each) for each in fields.pop("alternatives"))
    return DecisionContent(alternatives=alternatives, **fields)


def dump_convention(record: ConventionRecord | None) -> str | None:
    """A row's value for a convention record."""
    if record is None:
        return None
    fields = {name: getattr(record, name) for name in ConventionRecord.__slots__ if name != "scope"}
    scope = {"folder": record.scope.folder, "globs": record.scope.globs, "mode": record.scope.mode}
    return json.dumps(fields | {"scope": scope})


@lru_cache(_RECORDS_KEPT)
def load_convention(value: str | None) -> ConventionRecord | None:
    """The record that ``dump_convention`` wrote."""
    if not value:
        return None
    fields: dict[str, Any] = json.loads(value)
    scope = fields.pop("scope")
    for name in ("imports", "aliases"):
        fields[name] = tuple(fields[name])
    return ConventionRecord(
        scope=Scope(scope["folder"], tuple(scope["globs"]), ScopeMode(scope["mode"])), **fields
    )

"""``read_memory``: one remembered item, whole."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from whykeeper.answers import ItemAnswer
from whykeeper.paths import relative_to_root
from whykeeper_indexers.catalog import StoredChunk
from whykeeper_indexers.errors import NotFoundError, RepositoryError
from whykeeper_indexers.index.store import RepositoryStore
from whykeeper_indexers.read import read_source
from whykeeper_indexers.scan import Repository, ScanOptions, explain
from whykeeper_indexers.search.budget import heading
from whykeeper_indexers.types import Chunk, Exclusion, LineRange

__all__ = ["Source", "read_item"]

DEFAULT_BUDGET = 6_000
"""Tokens: most records fit whole, and no client cuts it."""


class Source:
    """The checkout's files as they are now, with their secrets cut out.

    Args:
        repository: The checkout.
        options: What belongs in the index; nothing else is read.
    """

    def __init__(self, repository: Repository, options: ScanOptions) -> None:
        self._repository = repository
        self._options = options

    def relative(self, path: str) -> str:
        """Read a path as it was given; empty when it lies outside."""
        try:
            return relative_to_root(path, self._repository.root)
        except RepositoryError:
            return ""

    def lines(self, path: str, wanted: LineRange | None) -> str | None:
        """Read some lines of a file, or all; None when it does not belong in the index."""
        stat = explain(self._repository, self._options, path)
        if isinstance(stat, Exclusion):
            return None
        source = read_source(self._repository.root, stat, self._options)
        if isinstance(source, Exclusion):
            return None
        if wanted is None:
            return source.text
        return "\n".join(source.text.split("\n")[wanted.start - 1 : wanted.end])


_HASH = re.compile(r"[0-9a-f]{7,40}")


def read_item(
    item_id: str,
    source: Source,
    store: RepositoryStore,
    checkout: int,
    budget: int | None,
    notes: Sequence[str],
) -> ItemAnswer:
    """Give one item whole: the record or document a passage is from, a symbol, or a commit.

    Args:
        item_id: A result's id, a path relative to the root, or a commit's hash.
        source: The checkout's files.
        store: Its repository's stores.
        checkout: Its number in the catalog.
        budget: Most tokens of text.
        notes: To carry along.

    Raises:
        NotFoundError: Nothing is remembered under that id.
    """
    wanted = item_id.strip()
    limit = budget or DEFAULT_BUDGET
    found = store.catalog.chunk_by_id(checkout, wanted)
    if found is not None:
        return _passage(found, source, store, checkout, limit, notes)
    if _HASH.fullmatch(wanted) and (commit := store.catalog.commit_by_prefix(wanted)) is not None:
        text = f"{commit.subject}\n\n{commit.body}".strip()
        details = {"author": commit.author, "files": list(commit.files[:50])}
        return _answer(
            store,
            wanted,
            "commit",
            text,
            limit,
            notes,
            commit=commit.sha,
            title=commit.subject,
            details=details,
        )
    return _file(wanted, source, store, checkout, limit, notes)


def _passage(
    found: StoredChunk,
    source: Source,
    store: RepositoryStore,
    checkout: int,
    limit: int,
    notes: Sequence[str],
) -> ItemAnswer:
    chunk = found.chunk
    siblings = store.catalog.file_chunks(checkout, chunk.path) if chunk.path else []
    same = [each.chunk for each in siblings if _is_part_of(each.chunk, chunk)] or [chunk]
    spans = [each.lines for each in same if each.lines]
    lines = LineRange(min(s.start for s in spans), max(s.end for s in spans)) if spans else None
    text = source.lines(chunk.path, lines) if chunk.path and lines else chunk.text
    details = {"signature": chunk.signature, "docstring": chunk.docstring, "language": chunk.language}
    return _answer(
        store,
        found.id,
        chunk.kind.value,
        chunk.text if text is None else text,
        limit,
        notes,
        path=chunk.path,
        lines=lines,
        commit=chunk.commit,
        title=heading(chunk),
        status=decision_status(found),
        details=details,
    )


def _is_part_of(each: Chunk, whole: Chunk) -> bool:
    return (
        each.role is whole.role
        and each.title == whole.title
        and each.symbol == whole.symbol
        and (each.breadcrumb == whole.breadcrumb)
    )


def _file(
    wanted: str, source: Source, store: RepositoryStore, checkout: int, limit: int, notes: Sequence[str]
) -> ItemAnswer:
    path = source.relative(wanted)
    chunks = store.catalog.file_chunks(checkout, path) if path else []
    text = source.lines(path, None) if chunks else None
    if text is None:
        raise NotFoundError(
            f"nothing is remembered under {item_id_shown(wanted)!r}",
            "use an id from search_memory, an indexed path or a commit hash; an id changes with its passage",
        )
    first = chunks[0]
    return _answer(
        store,
        path,
        (first.file.kind if first.file else first.chunk.kind).value,
        text,
        limit,
        notes,
        path=path,
        lines=LineRange(1, text.count("\n") + 1),
        title=first.file.title if first.file else path,
        status=decision_status(first),
    )


def item_id_shown(wanted: str) -> str:
    """Bound what an error repeats of an id."""
    return wanted if len(wanted) <= 80 else wanted[:77] + "…"


def _answer(
    store: RepositoryStore,
    item_id: str,
    kind: str,
    text: str,
    limit: int,
    notes: Sequence[str],
    **fields: Any,
) -> ItemAnswer:
    shown = store.encoder.trim_to_tokens(text, limit)
    details = {key: value for key, value in fields.pop("details", {}).items() if value}
    return ItemAnswer.model_validate(
        {
            "id": item_id,
            "kind": kind,
            "text": shown,
            "truncated": len(shown) < len(text),
            "details": details,
            "notes": list(notes),
            **fields,
        }
    )


def decision_status(stored: StoredChunk) -> str | None:
    """Give the status of the decision record a passage stands in."""
    return stored.file.decision.status if stored.file and stored.file.decision else None

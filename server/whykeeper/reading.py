"""``read_memory``: one remembered item, whole."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from whykeeper.answers import ItemAnswer
from whykeeper.paths import relative_to_root, shortened
from whykeeper_indexers.catalog import StoredChunk
from whykeeper_indexers.errors import NotFoundError
from whykeeper_indexers.index.store import RepositoryStore
from whykeeper_indexers.read import read_source
from whykeeper_indexers.scan import Repository, ScanOptions, explain
from whykeeper_indexers.search.budget import heading
from whykeeper_indexers.types import (
    Chunk,
    CommitRecord,
    DecisionRecord,
    Exclusion,
    ExclusionReason,
    Kind,
    LineRange,
    SourceText,
)

__all__ = ["Source", "read_item"]

DEFAULT_BUDGET = 6_000
"""Tokens: most records fit whole, and no client cuts it."""
MOST_FILES = 50
"""Of a commit, named in its details."""

_HASH = re.compile(r"[0-9a-f]{4,40}")
_CITED_LINES = re.compile(r":\d{1,9}(?:-\d{1,9})?$")
_SHOWN = 120
_LISTED = (
    *("deciders", "consulted", "informed", "tags"),
    *("supersedes", "superseded_by", "amends", "amended_by", "related"),
)
_STALE_HINT = (
    "use an id from search_memory, an indexed path or a commit hash (more of it, if it is short); "
    "an id changes with its passage"
)


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
        """Read a path as it was given.

        Raises:
            RepositoryError: It lies outside the checkout.
        """
        return relative_to_root(path, self._repository.root)

    def read(self, path: str) -> SourceText | Exclusion:
        """Read a file, or say why it does not belong in the index."""
        stat = explain(self._repository, self._options, path)
        if isinstance(stat, Exclusion):
            return stat
        return read_source(self._repository.root, stat, self._options)

    def text(self, path: str) -> str | None:
        """Read a file; None when it does not belong in the index."""
        source = self.read(path)
        return None if isinstance(source, Exclusion) else source.text


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
        item_id: A result's id, a path, or the beginning of a commit's hash.
        source: The checkout's files.
        store: Its repository's stores.
        checkout: Its number in the catalog.
        budget: Most tokens of text.
        notes: To carry along.

    Raises:
        NotFoundError: Nothing is remembered under that id; the hint says what to do.
        RepositoryError: It is a path outside the checkout.
    """
    reader = _Reader(source, store, checkout, budget or DEFAULT_BUDGET, notes)
    wanted = item_id.strip()
    if not wanted:
        raise NotFoundError("no id was given", "use an id from search_memory, a path or a commit hash")
    if (found := store.catalog.chunk_by_id(checkout, wanted)) is not None:
        return reader.passage(found)
    if _HASH.fullmatch(wanted.lower()) and (commit := store.catalog.commit_by_prefix(wanted)) is not None:
        return reader.commit(commit)
    return reader.file(wanted)


class _Reader:
    """Reads one checkout's items for one answer."""

    def __init__(
        self, source: Source, store: RepositoryStore, checkout: int, limit: int, notes: Sequence[str]
    ) -> None:
        self._source = source
        self._store = store
        self._checkout = checkout
        self._limit = limit
        self._notes = list(notes)

    def commit(self, commit: CommitRecord) -> ItemAnswer:
        """Give a commit's message and the files it touched."""
        return self._answer(
            f"{commit.subject}\n\n{commit.body}".strip(),
            id=commit.sha,
            kind="commit",
            commit=commit.sha,
            title=commit.subject,
            details={"author": commit.author, "files": list(commit.files[:MOST_FILES])},
        )

    def passage(self, found: StoredChunk) -> ItemAnswer:
        """Give what a passage is a part of: its document where that fits, else its section or symbol."""
        chunk = found.chunk
        if chunk.commit and (commit := self._store.catalog.commit_by_prefix(chunk.commit)) is not None:
            return self.commit(commit)
        text = self._source.text(chunk.path) if chunk.path else None
        if chunk.path is None or text is None or chunk.lines is None:
            return self._part(found, chunk.text, chunk.lines)
        if chunk.kind is not Kind.CODE and self._fits(text):
            return self._whole(found, chunk.path, text)
        lines = self._extent(found, chunk.path)
        return self._part(found, "\n".join(text.split("\n")[lines.start - 1 : lines.end]), lines)

    def file(self, wanted: str) -> ItemAnswer:
        """Give a whole file, or of ``path:12-30``, as results are cited, these lines."""
        cited = _CITED_LINES.search(wanted)
        path = self._source.relative(wanted[: cited.start()] if cited else wanted)
        chunks = self._store.catalog.file_chunks(self._checkout, path)
        text = self._source.text(path) if chunks else None
        if text is None:
            raise self._not_found(wanted, path)
        if cited is None:
            return self._whole(chunks[0], path, text)
        return self._lines(chunks[0], path, text, cited[0].lstrip(":"))

    def _lines(self, part: StoredChunk, path: str, text: str, cited: str) -> ItemAnswer:
        """Give those of the lines asked for that there are, and say how many the file has."""
        first, _, end = cited.partition("-")
        asked, last = LineRange(int(first), int(end or first)), _last_line(text)
        if not 1 <= asked.start <= min(asked.end, last):
            raise NotFoundError(
                f"{path} has {_counted(last)}, and not {cited}",
                f"ask for {path}:1-{last}, or without lines for the whole file",
            )
        if asked.start == 1 and asked.end >= last:
            self._note_past_end(asked, last)
            return self._whole(part, path, text)
        lines = LineRange(asked.start, min(asked.end, last))
        if not self._note_past_end(asked, last):
            self._notes.append(f"the file has {_counted(last)}: ask for {path} to have all of it")
        shown = "\n".join(text.split("\n")[lines.start - 1 : lines.end])
        return self._of_file(part, path, shown, lines)

    def _note_past_end(self, asked: LineRange, last: int) -> bool:
        if asked.end > last:
            self._notes.append(f"the file has {_counted(last)} only: there is nothing past line {last}")
        return asked.end > last

    def _fits(self, text: str) -> bool:
        # A token has one character at least; counting is not free.
        return len(text) <= self._limit or self._store.encoder.count_tokens(text) <= self._limit

    def _extent(self, found: StoredChunk, path: str) -> LineRange:
        """The lines of the section or symbol that a passage was split from.

        A file may define one name several times: the parts that belong together follow each other, and
        count on.
        """
        assert found.chunk.lines is not None
        stored = self._store.catalog.file_chunks(self._checkout, path)
        alike = [each for each in stored if _same(each.chunk, found.chunk) and each.chunk.lines]
        at = next((place for place, each in enumerate(alike) if each.id == found.id), None)
        if at is None:
            return found.chunk.lines
        parts = [each.chunk.part - place for place, each in enumerate(alike)]
        run = [each.chunk.lines for each, first in zip(alike, parts, strict=True) if first == parts[at]]
        spans = [span for span in run if span is not None] if found.chunk.part else [found.chunk.lines]
        return LineRange(min(span.start for span in spans), max(span.end for span in spans))

    def _part(self, found: StoredChunk, text: str, lines: LineRange | None) -> ItemAnswer:
        chunk, decision = found.chunk, found.decision
        return self._answer(
            text,
            id=found.id,
            kind=chunk.kind.value,
            path=chunk.path,
            lines=lines,
            commit=chunk.commit,
            title=heading(chunk),
            status=decision.status if decision else None,
            details={
                **_described(decision),
                "signature": chunk.signature,
                "docstring": chunk.docstring,
                "language": chunk.language,
            },
        )

    def _whole(self, part: StoredChunk, path: str, text: str) -> ItemAnswer:
        return self._of_file(part, path, text, LineRange(1, _last_line(text)))

    def _of_file(self, part: StoredChunk, path: str, text: str, lines: LineRange) -> ItemAnswer:
        return self._answer(
            text,
            id=part.id if part.chunk.kind is not Kind.CODE else path,
            kind=(part.file.kind if part.file else part.chunk.kind).value,
            path=path,
            lines=lines,
            title=part.file.title if part.file else path,
            status=part.decision.status if part.decision else None,
            details=_described(part.decision),
        )

    def _answer(self, text: str, **fields: Any) -> ItemAnswer:
        fits = self._fits(text)
        shown = text if fits else self._store.encoder.trim_to_tokens(text, self._limit)
        details = {key: value for key, value in fields.pop("details", {}).items() if value}
        return ItemAnswer.model_validate(
            {
                "text": shown,
                "truncated": not fits,
                "details": details,
                "notes": self._notes,
                **fields,
            }
        )

    def _not_found(self, wanted: str, path: str) -> NotFoundError:
        """Say of a path why it is not there, and of anything else what would be."""
        shown = shortened(wanted, _SHOWN)
        why = self._source.read(path)
        if isinstance(why, SourceText) and why.redactions:
            # No word of reading it all the same: that would carry the secrets to where none should be.
            return NotFoundError(
                f"nothing is remembered of {shown}: what it holds was cut out as secrets",
                f"`whykeeper status --files {shown}` says where",
            )
        if isinstance(why, SourceText):
            return NotFoundError(f"nothing is remembered of {shown}", "read the file itself")
        if why.reason is not ExclusionReason.MISSING:
            detail = f" ({why.detail})" if why.detail else ""
            return NotFoundError(
                f"{shown} is not in the index: {why.reason.value}{detail}",
                "if you need it all the same, open the file itself",
            )
        if "/" not in wanted and "." not in wanted:
            return NotFoundError(f"nothing is remembered under {shown!r}", _STALE_HINT)
        near = self._store.catalog.paths_like(self._checkout, path.rpartition("/")[2], 1)
        hint = f"did you mean {near[0]}?" if near else "search_memory finds what there is"
        return NotFoundError(f"there is no file {shown}", hint)


def _last_line(text: str) -> int:
    return text.rstrip("\n").count("\n") + 1


def _counted(lines: int) -> str:
    return "1 line" if lines == 1 else f"{lines:,} lines"


def _same(one: Chunk, other: Chunk) -> bool:
    return (one.role, one.title, one.symbol, one.breadcrumb) == (
        other.role,
        other.title,
        other.symbol,
        other.breadcrumb,
    )


def _described(decision: DecisionRecord | None) -> dict[str, Any]:
    """What a decision record says of itself, beside its title and status."""
    if decision is None:
        return {}
    return {
        "identifier": decision.identifier,
        "date": decision.date,
        **{name: list(getattr(decision, name)) for name in _LISTED},
    }

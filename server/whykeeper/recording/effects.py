"""What a decision that takes effect, or loses it, is to the other records."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Final

from whykeeper.recording.books import Book
from whykeeper.recording.changes import Change, linked, superseded
from whykeeper_indexers.catalog.relations import took_effect
from whykeeper_indexers.decisions import heirs_of
from whykeeper_indexers.decisions.writing import Link, Shape
from whykeeper_indexers.errors import RecordingError

__all__ = ["changes_of_others", "claimants", "left_refused", "refuse_replaced"]

_REFUSED: Final = frozenset({"rejected", "declined"})


def changes_of_others(
    new: Link, replaced: Sequence[str], amended: Sequence[str], shape: Shape, book: Book
) -> list[Change]:
    """What the records say now whose place a record takes, or which it changes.

    Args:
        new: The record, which is in effect.
        replaced: Those whose place it takes; one that was rejected stays so.
        amended: Those it changes.
        shape: How records of its folder look.
        book: What is recorded, the new one's place among it.

    Raises:
        RecordingError: One of them cannot be changed without changing more.
    """
    root = book.memory.repository.root
    replaced = [path for path in replaced if not _never_held(path, book)]
    marked = (linked(root, path, new, shape, book.layout) for path in amended)
    return [
        *(superseded(root, path, new, shape, book.layout) for path in replaced),
        *(each for each in marked if each),
    ]


def _never_held(path: str, book: Book) -> bool:
    """Whether a record says of itself that it was refused: what never held is not superseded.

    Raises:
        RecordingError: It cannot be read.
    """
    written = book.as_written(path)
    return written is not None and written.status in _REFUSED


def left_refused(replaced: Sequence[str], book: Book) -> Iterator[str]:
    """What to tell of the records that keep their status though another is said to supersede them.

    Raises:
        RecordingError: One of them cannot be read.
    """
    for path in replaced:
        if _never_held(path, book):
            yield f"{path} stays as it is: it was rejected, and never held"


def refuse_replaced(path: str, by: str, book: Book) -> None:
    """Refuse to take the place of a record that another has taken already.

    Args:
        path: The record.
        by: The one that is to take its place; empty for one that is not written yet.
        book: What is recorded; the record itself is read again.

    Raises:
        RecordingError: Another record has taken its place; the error names it.
    """
    written = book.as_written(path)
    named = dict.fromkeys((*(written.superseded_by if written else ()), *_takers(path, book)))
    others = [each for each in named if each not in (path, by)]
    if not others and (written is None or written.status != "superseded" or by in named):
        return
    here = [each for each in others if each in book.records]
    holding = dict.fromkeys(heir for each in here for heir in heirs_of(each, book.records) or [each])
    if not holding:
        said = f" by {others[0]}" if others else ""
        raise RecordingError(
            f"{path} is superseded already{said}",
            "give it the status accepted first, if it does hold; nothing was written",
        )
    raise RecordingError(
        f"{path} is superseded already, by {' and '.join(here[:3])}",
        f"name what holds in its place: {' and '.join(list(holding)[:3])}; nothing was written",
    )


def claimants(path: str, book: Book) -> list[str]:
    """The records whose own text says that they took a record's place, and that did."""
    found = []
    for each in _takers(path, book):
        with suppress(RecordingError):
            written = book.as_written(each)
            if written and path in written.supersedes and took_effect(written.status):
                found.append(each)
    return found


def _takers(path: str, book: Book) -> list[str]:
    records = book.records.items()
    return [each for each, record in records if path in record.supersedes and took_effect(record.status)]

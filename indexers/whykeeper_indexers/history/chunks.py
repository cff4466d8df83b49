"""Commits as passages: what was said, and where it was done."""

from __future__ import annotations

from whykeeper_indexers.documents.outline import Block, BlockKind
from whykeeper_indexers.documents.passages import split_passages
from whykeeper_indexers.history.message import clean_body, memorable_title
from whykeeper_indexers.types import Chunk, CommitRecord, Kind, Role

__all__ = ["MAX_FILES_NAMED", "MAX_PIECES", "commit_chunks", "without_files"]

MAX_FILES_NAMED = 10
"""More names than this crowd out the reason; the catalog keeps the whole list."""

MAX_PIECES = 8
"""The reason stands first; what comes after eight passages is a pasted log."""

_FILES = "\n\nFiles: "


def commit_chunks(commit: CommitRecord) -> tuple[Chunk, ...]:
    """Cut a commit into passages: subject and cleaned body, then the files it touched.

    Args:
        commit: Any commit.

    Returns:
        One chunk, or more when the message is long; each has the commit's title.
    """
    title = memorable_title(commit)
    pieces = _passages(_message(commit, title))
    files = _files_touched(commit.files)
    if files:
        pieces[-1] += files
    alone = len(pieces) == 1
    return tuple(
        Chunk(
            kind=Kind.COMMIT,
            role=Role.COMMIT,
            title=title,
            text=text,
            commit=commit.sha,
            part=0 if alone else number,
        )
        for number, text in enumerate(pieces, start=1)
    )


def without_files(text: str) -> str:
    """Give what a commit's passage says, without the files it touched.

    Args:
        text: Of a chunk as `commit_chunks` makes them.
    """
    said, _, named = text.rpartition(_FILES)
    return said if said and "\n" not in named else text


def _message(commit: CommitRecord, title: str) -> str:
    body = clean_body(commit)
    first, _, rest = body.partition("\n")
    # A merged pull request takes its title from its body's first line.
    said = rest.strip() if first and title.startswith(first.strip()) else body
    return f"{title}\n\n{said}".strip()


def _passages(message: str) -> list[str]:
    lines = message.split("\n")
    passages = split_passages(lines, [Block(BlockKind.PROSE, 1, len(lines))])
    return [passage.text for passage in passages[:MAX_PIECES]] or [message]


def _files_touched(files: tuple[str, ...]) -> str:
    if not files:
        return ""
    named = ", ".join(files[:MAX_FILES_NAMED])
    more = len(files) - MAX_FILES_NAMED
    return f"{_FILES}{named}" + (f" and {more} more" if more > 0 else "")

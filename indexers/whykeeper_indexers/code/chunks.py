"""Pieces of an outline, windows and reasons as chunks."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath

from whykeeper_indexers.code.lines import Lines
from whykeeper_indexers.code.outline import Item
from whykeeper_indexers.code.pieces import Piece
from whykeeper_indexers.code.reasons import Reason
from whykeeper_indexers.code.windows import windows
from whykeeper_indexers.types import Chunk, ChunkOutline, Kind, LineRange, Role

__all__ = ["reason_chunk", "symbol_chunk", "symbols_of", "window_chunks"]

_SEPARATOR = ", "
_MAX_SYMBOLS = 40
_MAX_TITLE = 90
_MAX_SIGNATURES = 600
_MOSTLY = 0.6
"""A definition with this share of a chunk's characters gives the chunk its title."""


def symbols_of(chunk: Chunk | ChunkOutline) -> tuple[str, ...]:
    """Return the qualified names a code chunk defines; several when small neighbours share it."""
    return tuple(chunk.symbol.split(_SEPARATOR)) if chunk.symbol else ()


def symbol_chunk(path: str, language: str, piece: Piece, top: Item, lines: Lines) -> Chunk | None:
    """Describe a piece of an outline; None when it is blank."""
    rows = lines.trim(piece.start, piece.end)
    if rows is None:
        return None
    primary = _primary(piece, lines)
    owner = primary or piece.owner
    names = _symbol_names(piece, primary)
    file_name = PurePosixPath(path).name
    is_head = piece.is_header and piece.owner is top
    return Chunk(
        kind=Kind.CODE,
        role=Role.SYMBOL,
        title=file_name if is_head else _title(piece, primary, names) or file_name,
        text=lines.text(*rows),
        path=path,
        lines=LineRange(rows[0] + 1, rows[1] + 1),
        breadcrumb=primary.scopes if primary else piece.owner.inner_scopes(),
        symbol=_SEPARATOR.join(names[:_MAX_SYMBOLS]) or None,
        signature=_signature(piece, primary),
        docstring=top.docstring if is_head else (owner.docstring if primary else None),
        language=language,
        part=piece.part,
    )


def _primary(piece: Piece, lines: Lines) -> Item | None:
    """Return the one item a piece is about, None for a group."""
    if piece.is_header and piece.owner.names:
        return piece.owner
    named = [item for item in piece.items if item.names]
    if len(named) == 1 and len(piece.items) == 1:
        return named[0]
    shares = [(_share(item, piece, lines), item) for item in named if item is not piece.owner]
    share, largest = max(shares, key=lambda pair: pair[0], default=(0.0, None))
    return largest if share >= _MOSTLY else None


def _share(item: Item, piece: Piece, lines: Lines) -> float:
    """Return the share of a piece's characters that an item has."""
    first, last = max(item.start, piece.start), min(item.end, piece.end)
    return lines.size(first, last) / lines.size(piece.start, piece.end) if first <= last else 0.0


def _symbol_names(piece: Piece, primary: Item | None) -> list[str]:
    items = [primary, *piece.items] if primary else piece.items
    names = dict.fromkeys(
        name for item in items for name in (item.names if item.defines else _names_inside(item, piece.owner))
    )
    if not names and piece.owner.defines:
        return list(piece.owner.names[:1])
    return [name for name in names if _SEPARATOR not in name]


def _names_inside(item: Item, owner: Item) -> Iterable[str]:
    """Yield the names enclosed by an item that only opens a scope; its header alone encloses none."""
    todo = item.children[::-1] if item is not owner else []
    while todo:
        below = todo.pop()
        if below.defines:
            yield from below.names
        else:
            todo.extend(below.children[::-1])


def _title(piece: Piece, primary: Item | None, names: list[str]) -> str:
    if primary is not None and primary.defines:
        return _shortened(primary.names)
    if primary is not None:
        label = primary.names[0] if primary.category == "test" else primary.signature or primary.names[0]
        return _shortened((label,))
    if names:
        return _shortened(names)
    labels = [item.names[0] for item in piece.items if item.names] or list(piece.owner.names[:1])
    return _shortened(labels)


def _shortened(names: Iterable[str]) -> str:
    title = _SEPARATOR.join(names)
    return title if len(title) <= _MAX_TITLE else f"{title[:_MAX_TITLE].rsplit(_SEPARATOR, 1)[0]} …"


def _signature(piece: Piece, primary: Item | None) -> str | None:
    if primary is None:
        signatures = (item.signature for item in piece.items if item.names and item.signature)
        return _bounded("\n".join(dict.fromkeys(signatures)))
    if not piece.is_header or not primary.children:
        return primary.signature
    members = dict.fromkeys(name.rsplit(".", 1)[-1] for child in primary.children for name in child.names)
    return _bounded(f"{primary.signature} {{ {_SEPARATOR.join(members)} }}" if members else primary.signature)


def _bounded(text: str | None) -> str | None:
    if not text:
        return None
    return text if len(text) <= _MAX_SIGNATURES else f"{text[:_MAX_SIGNATURES]} …"


def window_chunks(path: str, language: str, lines: Lines) -> list[Chunk]:
    """Cut a whole file into windows."""
    runs = [lines.trim(start, end) for start, end in windows(lines, 0, len(lines) - 1)]
    kept = [run for run in runs if run is not None]
    return [
        Chunk(
            kind=Kind.CODE,
            role=Role.WINDOW,
            title=PurePosixPath(path).name,
            text=lines.text(first, last),
            path=path,
            lines=LineRange(first + 1, last + 1),
            language=language,
            part=number if len(kept) > 1 else 0,
        )
        for number, (first, last) in enumerate(kept, 1)
    ]


def reason_chunk(path: str, language: str, reason: Reason, top: Item | None, lines: Lines) -> Chunk:
    """Describe a comment that gives a reason, with the symbol it stands in or over."""
    holder = _innermost(top, reason.row) if top is not None else None
    return Chunk(
        kind=Kind.CODE,
        role=Role.REASON,
        title=_shortened((reason.gist,)),
        text=lines.text(reason.start, reason.end),
        path=path,
        lines=LineRange(reason.start + 1, reason.end + 1),
        breadcrumb=holder.inner_scopes() if holder else (),
        symbol=holder.names[0] if holder and holder.defines else None,
        signature=holder.signature if holder else None,
        language=language,
    )


def _innermost(top: Item, row: int) -> Item | None:
    """Return the innermost named item that holds a row."""
    found: Item | None = None
    level = top.children
    while level:
        inside = next((item for item in level if item.start <= row <= item.end), None)
        if inside is None:
            break
        found = inside if inside.names else found
        level = inside.children
    return found

"""An outline, cut into pieces of a size worth searching.

Pieces partition the file's rows: long definitions are split at statements, small neighbours
are put together, a class too large for one piece gives its header and its members.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from tree_sitter import Node

from whykeeper_indexers.code.lines import HARD_CAP, MINIMUM, SOLO, TARGET, Lines
from whykeeper_indexers.code.outline import Item, end_row
from whykeeper_indexers.code.windows import windows

__all__ = ["Piece", "cut"]

_MAX_SPLIT_DEPTH = 200
"""Statements nested deeper than this are split by lines."""

_DATA = frozenset({"", "field", "constant", "block"})
"""Categories that may stand with the header of a class or a file."""


@dataclass(slots=True)
class Piece:
    """A run of rows that becomes one chunk.

    Attributes:
        start: First row.
        end: Last row.
        owner: The scope it stands in.
        items: What it holds, as far as it is more than plain statements.
        is_header: It opens its owner.
        part: 0, or its place among the parts of one definition.
    """

    start: int
    end: int
    owner: Item
    items: list[Item] = field(default_factory=list)
    is_header: bool = False
    part: int = 0


def cut(top: Item, lines: Lines) -> list[Piece]:
    """Cut a whole file; the pieces cover every row that is not blank exactly once."""
    pieces = _expand(top, 0, len(lines) - 1, lines)
    if pieces and all(item.category in _DATA for item in pieces[0].items):
        pieces[0].is_header = True
    return _absorb_tiny(pieces, lines)


def _expand(owner: Item, first: int, last: int, lines: Lines) -> list[Piece]:
    found: list[Piece] = []
    for start, end, item in _cells(owner, first, last):
        if item is None:
            found.extend(_header(owner, start, end, lines))
        elif lines.size(start, end) <= HARD_CAP:
            found.append(Piece(start, end, owner, [item] if item.rule else []))
        elif item.children:
            found.extend(_expand(item, start, end, lines))
        else:
            found.extend(_parts(item, owner, start, end, lines))
    return _pack(found, owner, lines)


def _cells(owner: Item, first: int, last: int) -> list[tuple[int, int, Item | None]]:
    """Divide rows among an owner's header (None) and its children, each up to the next one's start."""
    starts: list[tuple[int, Item | None]] = []
    for child in owner.children:
        if child.start > last:
            break
        if not starts and child.start > first:
            starts.append((first, None))
        starts.append((max(child.start, first), child))
    if not starts:
        return [(first, last, None)]
    ends = [start - 1 for start, _ in starts[1:]] + [last]
    return [(start, end, item) for (start, item), end in zip(starts, ends, strict=True) if start <= end]


def _header(owner: Item, start: int, end: int, lines: Lines) -> list[Piece]:
    trimmed = lines.trim(start, end)
    if trimmed is None:
        return []
    items = [owner] if owner.rule else []
    if lines.size(*trimmed) <= HARD_CAP:
        return [Piece(start, end, owner, items, is_header=True)]
    return _numbered(windows(lines, start, end), owner, items)


def _numbered(runs: list[tuple[int, int]], owner: Item, items: list[Item]) -> list[Piece]:
    if len(runs) == 1:
        return [Piece(*runs[0], owner, items)]
    return [Piece(start, end, owner, items, part=number) for number, (start, end) in enumerate(runs, 1)]


def _parts(item: Item, owner: Item, start: int, end: int, lines: Lines) -> list[Piece]:
    """Split a long definition at its statements into parts of like size."""
    runs = _statement_runs(item.nodes, start, end, lines)
    total = lines.size(start, end)
    goal = max(total // -(-total // TARGET), MINIMUM)
    merged: list[tuple[int, int]] = []
    for run_start, run_end in runs:
        last = merged[-1] if merged else None
        if last is not None and _fits_part(lines, last, run_end, goal):
            merged[-1] = (last[0], run_end)
        else:
            merged.append((run_start, run_end))
    if len(merged) > 1 and lines.size(*merged[-1]) < MINIMUM and lines.size(merged[-2][0], end) <= HARD_CAP:
        merged[-2:] = [(merged[-2][0], end)]
    return _numbered(merged, owner, [item] if item.rule else [])


def _fits_part(lines: Lines, last: tuple[int, int], end: int, goal: int) -> bool:
    joined = lines.size(last[0], end)
    return joined <= HARD_CAP and (joined <= goal or lines.size(*last) < goal // 2)


def _statement_runs(nodes: list[Node], start: int, end: int, lines: Lines) -> list[tuple[int, int]]:
    todo = [(start, end, nodes, 0)]
    runs: list[tuple[int, int]] = []
    while todo:
        first, last, inside, depth = todo.pop()
        if lines.size(first, last) <= HARD_CAP:
            runs.append((first, last))
            continue
        below = [child for node in inside for child in node.named_children]
        if not below or depth > _MAX_SPLIT_DEPTH or first == last:
            runs.extend(windows(lines, first, last))
            continue
        todo.extend(
            (s, e, group, depth + 1) for s, e, group in reversed(_statement_cells(below, first, last))
        )
    return runs


def _statement_cells(nodes: list[Node], first: int, last: int) -> list[tuple[int, int, list[Node]]]:
    """Divide rows at the nodes that begin a row of their own; a comment goes with what follows."""
    starts: list[tuple[int, list[Node]]] = [(first, [])]
    reached, follows_comment = first, False
    for node in nodes:
        row = node.start_point[0]
        if first < row <= last and row > reached and not (follows_comment and row == reached + 1):
            starts.append((row, []))
        starts[-1][1].append(node)
        is_comment = "comment" in node.type and row > reached
        reached, follows_comment = max(reached, end_row(node)), is_comment
    ends = [row - 1 for row, _ in starts[1:]] + [last]
    return [(row, end, group) for (row, group), end in zip(starts, ends, strict=True)]


def _pack(pieces: list[Piece], owner: Item, lines: Lines) -> list[Piece]:
    packed: list[Piece] = []
    for piece in pieces:
        if packed and packed[-1].owner is piece.owner is owner and _belong_together(packed[-1], piece, lines):
            _join(packed[-1], piece)
        else:
            packed.append(piece)
    return packed


def _belong_together(above: Piece, below: Piece, lines: Lines) -> bool:
    if above.part or below.part or below.is_header or lines.size(above.start, below.end) > TARGET:
        return False
    if above.is_header or _opens_file(above):
        return all(item.category in _DATA for item in below.items)
    return _is_small(above, lines) and _is_small(below, lines)


def _opens_file(piece: Piece) -> bool:
    return piece.start == 0 and all(item.category in _DATA for item in piece.items)


def _is_small(piece: Piece, lines: Lines) -> bool:
    """Say whether a piece holds nothing that deserves a chunk of its own."""
    return all(lines.size(item.start, item.end) < SOLO for item in piece.items if item.category not in _DATA)


def _join(above: Piece, below: Piece) -> None:
    above.end = below.end
    above.items = [*above.items, *below.items]


def _absorb_tiny(pieces: Iterable[Piece], lines: Lines) -> list[Piece]:
    """Put what is too small to say anything with the piece above, else with the one below."""
    kept: list[Piece] = []
    for piece in pieces:
        above = kept[-1] if kept else None
        if above is not None and _absorbs(above, piece, lines):
            _join(above, piece)
            above.is_header = above.is_header and _is_file_head(above)
        else:
            kept.append(piece)
    return kept


def _is_file_head(piece: Piece) -> bool:
    return all(item.category in _DATA for item in piece.items)


def _absorbs(above: Piece, below: Piece, lines: Lines) -> bool:
    if lines.size(above.start, below.end) > HARD_CAP:
        return False
    if _is_tiny(below, lines) and not below.is_header:
        return not (above.part and below.items)
    return _is_tiny(above, lines) and not above.part and not below.part


def _is_tiny(piece: Piece, lines: Lines) -> bool:
    rows = lines.trim(piece.start, piece.end)
    if piece.is_header and piece.owner.docstring:
        return False  # What a file or class says of itself is worth finding by itself.
    return rows is None or lines.size(*rows) < MINIMUM or (not piece.items and rows[0] == rows[1])

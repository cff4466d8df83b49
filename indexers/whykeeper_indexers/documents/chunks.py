"""From sections to chunks: what is too small to stand alone is joined, what is too long is cut."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from whykeeper_indexers.documents.outline import Block, BlockKind, Outline, Section
from whykeeper_indexers.documents.passages import TARGET, Passage, split_passages
from whykeeper_indexers.types import Chunk, Kind, LineRange, Role

__all__ = ["MAX_CHUNKS", "document_chunks"]

TINY = 240
"""Characters below which a section says too little to be found, or understood, alone."""
MAX_JOINED = 40
"""Sections in one chunk; more are a list of headings."""
MAX_CHUNKS = 6_000
"""More come from data in a document's clothes; the rest is left out, with a note."""


def document_chunks(outline: Outline, kind: Kind) -> tuple[Chunk, ...]:
    """Cut a document into chunks, in source order.

    Args:
        outline: The document.
        kind: What its chunks are: documents, decisions or conventions.

    Returns:
        At most ``MAX_CHUNKS`` chunks. A heading without a body is part of the chunk that follows.
    """
    found: list[Chunk] = []
    for group in _groups(outline.sections):
        found += _group_chunks(outline, kind, group)
        if len(found) >= MAX_CHUNKS:
            break
    return tuple(found[:MAX_CHUNKS])


def _groups(sections: Sequence[Section]) -> Iterator[list[Section]]:
    group: list[Section] = []
    size = 0
    root: Section | None = None
    for section in sections:
        added = len(section.text) + len(section.heading)
        has_body = section.has_body
        if group and not (len(group) < MAX_JOINED and _joins(root, size, section, added, has_body)):
            yield group
            group, size, root = [], 0, None
        group.append(section)
        size += added
        if has_body and (root is None or root.level == 0):
            root = section
    if group:
        yield group


def _joins(root: Section | None, size: int, section: Section, added: int, has_body: bool) -> bool:
    """Whether a section joins a group; ``root`` is the group's first section with a body."""
    if root is None:
        return size < TARGET
    if root.level == 0:
        return size <= TINY
    if not has_body or added > TINY or size + added > TARGET:
        return False
    if _is_below(section, root):
        return True
    return bool(root.breadcrumb) and section.breadcrumb == root.breadcrumb and size <= TARGET // 2


def _is_below(section: Section, root: Section) -> bool:
    path = (*root.breadcrumb, root.heading) if root.heading else root.breadcrumb
    return section.level > root.level and section.breadcrumb[: len(path)] == path


def _group_chunks(outline: Outline, kind: Kind, group: list[Section]) -> Iterator[Chunk]:
    blocks = _trimmed([block for section in group for block in _all_blocks(section)])
    if not blocks:
        return
    breadcrumb, title = _name(outline, group)
    passages = split_passages(outline.lines, blocks)
    for index, passage in enumerate(passages, start=1):
        part = index if len(passages) > 1 else 0
        yield _chunk(outline, kind, passage, title, breadcrumb, part)


def _chunk(
    outline: Outline, kind: Kind, passage: Passage, title: str, breadcrumb: tuple[str, ...], part: int
) -> Chunk:
    return Chunk(
        kind=kind,
        role=Role.SECTION,
        title=title,
        text=passage.text,
        path=outline.path,
        lines=LineRange(passage.start, passage.end),
        breadcrumb=breadcrumb,
        language=outline.language,
        part=part,
    )


def _all_blocks(section: Section) -> list[Block]:
    heading = [section.heading_block] if section.heading_block else []
    return [*heading, *section.blocks]


def _trimmed(blocks: list[Block]) -> list[Block]:
    """Blocks without comments, badges and rules at either end."""
    start, end = 0, len(blocks)
    while start < end and blocks[start].kind is BlockKind.NOISE:
        start += 1
    while end > start and blocks[end - 1].kind is BlockKind.NOISE:
        end -= 1
    return blocks[start:end]


def _name(outline: Outline, group: list[Section]) -> tuple[tuple[str, ...], str]:
    """Breadcrumb and title: of the one section with a body, else of what they have in common."""
    named = [section for section in group if section.has_body and section.level]
    named = named or [section for section in group if section.level]
    if not named:
        return (), outline.title
    first = named[0]
    path = (*first.breadcrumb, first.heading)
    for section in named[1:]:
        path = _common(path, (*section.breadcrumb, section.heading))
    if not path or not path[-1]:
        return first.breadcrumb, first.heading or outline.title
    return path[:-1], path[-1]


def _common(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    length = 0
    while length < min(len(one), len(other)) and one[length] == other[length]:
        length += 1
    return one[:length]

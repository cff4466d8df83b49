"""The common shape every markup is read into: blocks, and the sections they make."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from whykeeper_indexers.types import LineRange

__all__ = [
    "Block",
    "BlockKind",
    "Outline",
    "Scanner",
    "Section",
    "build_sections",
    "document_title",
    "under_title",
]

MAX_HEADING_DEPTH = 12
"""Breadcrumbs longer than this come from broken adornments, not from writers."""


class BlockKind(Enum):
    """What a run of lines is, as far as cutting it matters."""

    HEADING = auto()
    PROSE = auto()
    LIST = auto()
    TABLE = auto()
    CODE = auto()
    NOISE = auto()
    """Comments, badges, imports, rules: kept inside a passage, never a passage of their own."""


class Block(NamedTuple):
    """A run of lines that belongs together.

    Attributes:
        kind: What it is.
        start: First line, 1-based.
        end: Last line, inclusive.
        level: Depth of a heading, 1 the outermost; 0 otherwise.
        heading: A heading's text without markup.
        breaks: Lines inside at which it is best cut when it is too long.
    """

    kind: BlockKind
    start: int
    end: int
    level: int = 0
    heading: str = ""
    breaks: tuple[int, ...] = ()


Scanner = Callable[[Sequence[str], int], Iterable[Block]]
"""Reads lines (all of the file's) from a 1-based first line into blocks, in order."""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it, up to the next heading of any level.

    Attributes:
        level: 1 the outermost; 0 for what stands before the first heading.
        heading: Without markup; empty at level 0.
        breadcrumb: Headings above it, outermost first.
        lines: From the heading to the last line that is not blank.
        text: The body without the heading, as it stands in the source.
        blocks: The body's blocks.
        heading_block: The heading's own lines; None at level 0.
    """

    level: int
    heading: str
    breadcrumb: tuple[str, ...]
    lines: LineRange
    text: str
    blocks: tuple[Block, ...]
    heading_block: Block | None = None

    @property
    def has_body(self) -> bool:
        """Whether anything but comments and the like stands under the heading."""
        return any(block.kind is not BlockKind.NOISE for block in self.blocks)


@dataclass(frozen=True, slots=True)
class Outline:
    """One document, read.

    Attributes:
        path: Relative to the checkout's root.
        language: Name of the markup.
        title: The document's title, or its file name.
        lines: The file's lines, without line feeds.
        sections: In source order.
        front_matter: Empty when there is none.
        notes: What could not be read.
    """

    path: str
    language: str
    title: str
    lines: Sequence[str]
    sections: tuple[Section, ...]
    front_matter: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def build_sections(
    lines: Sequence[str], blocks: Iterable[Block], root: tuple[str, ...] = ()
) -> tuple[Section, ...]:
    """Group blocks under their headings.

    Args:
        lines: The file's lines.
        blocks: In source order.
        root: Headings above the outermost one, for documents whose title is in front matter.
    """
    ancestors: list[tuple[int, str]] = []
    found = []
    for heading, body in _by_heading(blocks):
        if heading is None:
            found.append(_section(lines, None, body, ()))
            continue
        while ancestors and ancestors[-1][0] >= heading.level:
            ancestors.pop()
        # A heading may be nothing but a picture.
        above = root + tuple(name for _, name in ancestors[-MAX_HEADING_DEPTH:] if name)
        found.append(_section(lines, heading, body, above))
        ancestors.append((heading.level, heading.heading))
    return tuple(found)


def document_title(path: str, front_matter: Mapping[str, Any], blocks: Iterable[Block]) -> str:
    """The title in the front matter, else the first outermost heading, else the file's name."""
    title = front_matter.get("title")
    if isinstance(title, str) and title.strip():
        return title.strip()[:200]
    headings = [block for block in blocks if block.kind is BlockKind.HEADING]
    outermost = min((block.level for block in headings), default=0)
    named = (block.heading for block in headings if block.level == outermost and block.heading)
    return next(named, PurePosixPath(path).name)


def under_title(outline: Outline, title: str) -> Outline:
    """The same document below a title that it does not state in a heading."""
    sections = (replace(section, breadcrumb=(title, *section.breadcrumb)) for section in outline.sections)
    return replace(outline, title=title, sections=tuple(sections))


def _by_heading(blocks: Iterable[Block]) -> Iterator[tuple[Block | None, list[Block]]]:
    heading: Block | None = None
    body: list[Block] = []
    for block in blocks:
        if block.kind is not BlockKind.HEADING:
            body.append(block)
            continue
        if heading is not None or body:
            yield heading, body
        heading, body = block, []
    if heading is not None or body:
        yield heading, body


def _section(
    lines: Sequence[str], heading: Block | None, body: list[Block], above: tuple[str, ...]
) -> Section:
    first = heading or body[0]
    last = body[-1] if body else first
    return Section(
        level=heading.level if heading else 0,
        heading=heading.heading if heading else "",
        breadcrumb=above,
        lines=LineRange(first.start, last.end),
        text="\n".join(lines[body[0].start - 1 : last.end]) if body else "",
        blocks=tuple(body),
        heading_block=heading,
    )

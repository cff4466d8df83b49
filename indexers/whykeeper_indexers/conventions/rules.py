"""Rules: what a reader of a convention file can follow one by one, each with its line.

A rule is a list item with what is nested in it, a row of a table, or a paragraph, under its
headings. Code belongs to what stands before it; a paragraph that ends in a colon leads in what follows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from textwrap import dedent

from whykeeper_indexers.documents import is_document
from whykeeper_indexers.documents.markdown import scan_markdown
from whykeeper_indexers.documents.outline import Block, BlockKind, Section
from whykeeper_indexers.documents.parse import read_outline
from whykeeper_indexers.types import SourceText

__all__ = ["MAX_RULES", "Rule", "rules_of"]

MAX_RULES = 600
"""Of one file; a guide of more is a book."""
MAX_CHARACTERS = 1_200
"""Of one rule: what is longer is read in the file."""
LONG_ITEM = 400
"""Characters from which on an item is told point by point, where it has points."""
MAX_LEAD = 160
MAX_NESTING = 3
"""Items within items that are taken apart."""

_MARKER = re.compile(r"[ \t]*(?:[-+*]|\d{1,9}[.)])(?:[ \t]+|$)")
_CHECKBOX = re.compile(r"\A\[[ xX]\][ \t]+")
_IMPORTS_ONLY = re.compile(r"\A\s*(?:[-+*]\s+)?@[^\s`]{1,300}(?:\s+@[^\s`]{1,300}){0,20}\s*\Z")
_KEEPS_LINES = re.compile(r"[ \t]*(?:[-+*][ \t]|\d{1,9}[.)][ \t]|```|~~~|\||>|    )")
"""Of a text whose lines stand for something; others are only wrapped."""
_RULED = re.compile(r"[\s|:=+-]*")
_CUT = "…"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a file.

    Attributes:
        text: As it is written, without the list's marker and indentation.
        path: The file.
        line: Where it begins, 1-based.
        headings: What it stands under, outermost first, without the document's title.
        lead: What introduces the list or table it belongs to; empty for none.
    """

    text: str
    path: str
    line: int
    headings: tuple[str, ...] = ()
    lead: str = ""

    @property
    def under(self) -> str:
        """What it stands under, in one line."""
        return " > ".join((*self.headings, *([self.lead] if self.lead else [])))

    @property
    def place(self) -> str:
        """Path and line."""
        return f"{self.path}:{self.line}"


def rules_of(text: str, path: str) -> tuple[Rule, ...]:
    """Read the rules of a convention file, or of a document that one imports.

    Args:
        text: The file, HTML comments blanked.
        path: Where it is; a file that is no document by its name is read as Markdown.

    Returns:
        At most ``MAX_RULES``, in the order of the text.
    """
    outline = read_outline(SourceText(path if is_document(path) else f"{path}.md", text, ""))
    reader = _Reader(path, outline.lines, nested=outline.language in {"markdown", "mdx"})
    # Where the first heading is one of the second level, it names a part and not the file.
    parts = {section.heading for section in outline.sections if section.level > 1}
    title = "" if outline.title in parts else outline.title
    found: list[Rule] = []
    for section in outline.sections:
        found += reader.section(section, title)
        if len(found) >= MAX_RULES:
            break
    return tuple(found[:MAX_RULES])


class _Reader:
    """Reads the blocks of one file into rules."""

    def __init__(self, path: str, lines: Sequence[str], *, nested: bool) -> None:
        self._path = path
        self._lines = lines
        self._nested = nested

    def section(self, section: Section, title: str) -> list[Rule]:
        headings = tuple(name for name in (*section.breadcrumb, section.heading) if name)
        within = Rule("", self._path, 0, headings[1:] if headings[:1] == (title,) else headings)
        blocks = [each for each in section.blocks if each.kind is not BlockKind.NOISE]
        if blocks and blocks[0].start == 1 and self._lines[0].rstrip() == "---":
            blocks.pop(0)  # Front matter: what it says is who is bound, which is told elsewhere.
        return self._rules(blocks, self._lines, 0, within, MAX_NESTING)

    def _rules(
        self, blocks: Sequence[Block], lines: Sequence[str], before: int, within: Rule, depth: int
    ) -> list[Rule]:
        """Read blocks of some lines, before which the file has others."""
        found: list[Rule] = []
        lead, led_from = "", 0
        for index, block in enumerate(blocks):
            following = blocks[index + 1] if index + 1 < len(blocks) else None
            text = "\n".join(lines[block.start - 1 : block.end])
            here = replace(within, line=block.start + before, lead=lead or within.lead)
            if block.kind is BlockKind.CODE:
                _add_code(found, replace(here, line=led_from + before) if lead else here, lead, text)
            elif block.kind is BlockKind.LIST:
                for first, last in _parts(block):
                    found += self._item(lines[first - 1 : last], replace(here, line=first + before), depth)
            elif block.kind is BlockKind.TABLE:
                found += _rows(lines, block, here, before)
            elif _leads(text, following):
                lead, led_from = _lead(text), block.start
                continue
            else:
                found += _paragraph(replace(here, lead=within.lead), text)
            lead = ""
        return found

    def _item(self, lines: Sequence[str], here: Rule, depth: int) -> list[Rule]:
        marker = _MARKER.match(lines[0])
        if marker is None or _IMPORTS_ONLY.match("\n".join(lines)):
            return [] if marker else [_told(here, dedent("\n".join(lines)))]
        rest = dedent("\n".join(lines[1:]))
        text = _CHECKBOX.sub("", f"{lines[0][marker.end() :]}\n{rest}".strip("\n"))
        inner = text.split("\n")
        if not (self._nested and depth and len(text) > LONG_ITEM):
            return [_told(here, text)] if text.strip() else []
        blocks = [each for each in scan_markdown(inner, 1) if each.kind is not BlockKind.NOISE]
        points = next((each for each in blocks if each.kind is BlockKind.LIST), None)
        if points is None or points.start == 1:
            return [_told(here, text)]
        own = " ".join("\n".join(inner[: points.start - 1]).split())
        below = replace(here, lead=_lead(f"{here.lead} {own}"))
        later = [each for each in blocks if each.start >= points.start]
        themselves = [] if own.endswith(":") or len(own) <= MAX_LEAD // 2 else [_told(here, own)]
        return [*themselves, *self._rules(later, inner, here.line - 1, below, depth - 1)]


def _parts(block: Block) -> Iterator[tuple[int, int]]:
    """First and last line of each item of a list."""
    starts = block.breaks or (block.start,)
    yield from zip(starts, (*(start - 1 for start in starts[1:]), block.end), strict=True)


def _rows(lines: Sequence[str], block: Block, here: Rule, before: int) -> Iterator[Rule]:
    """Each row of a table, led in by the table's head."""
    head = " ".join(lines[block.start - 1].split())
    lead = _lead(f"{here.lead} {head}")
    for number in range(block.start + 1, block.end + 1):
        row = " ".join(lines[number - 1].split())
        if not _RULED.fullmatch(row):
            yield _told(replace(here, line=number + before, lead=lead), row)


def _paragraph(here: Rule, text: str) -> Iterator[Rule]:
    """What a paragraph says beside the files that its lines bring in."""
    lines = text.split("\n")
    said = [number for number, line in enumerate(lines) if line.strip() and not _IMPORTS_ONLY.match(line)]
    if said:
        yield _told(replace(here, line=here.line + said[0]), "\n".join(lines[number] for number in said))


def _add_code(found: list[Rule], here: Rule, lead: str, text: str) -> None:
    """Code belongs to what leads it in or to the rule before it; alone, it is one."""
    if lead or not found:
        found.append(_told(replace(here, lead=""), f"{lead}\n{dedent(text)}".strip("\n")))
    else:
        found[-1] = _told(found[-1], f"{found[-1].text}\n{dedent(text)}")


def _leads(text: str, following: Block | None) -> bool:
    leads_in = {BlockKind.LIST, BlockKind.TABLE, BlockKind.CODE}
    plain = text.rstrip().rstrip("*_")
    return following is not None and following.kind in leads_in and plain.endswith(":") and len(text) <= 400


def _lead(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= MAX_LEAD else f"{plain[: MAX_LEAD - 1].rstrip()}{_CUT}"


def _told(here: Rule, text: str) -> Rule:
    lines = [line.rstrip() for line in text.strip("\n").split("\n") if line.strip()]
    flows = not any(_KEEPS_LINES.match(line) for line in lines)
    plain = " ".join(map(str.strip, lines)) if flows else "\n".join(lines)
    cut = plain if len(plain) <= MAX_CHARACTERS else f"{plain[:MAX_CHARACTERS].rstrip()}{_CUT}"
    return replace(here, text=cut)

"""A document's lines, each with what must be known to read the names in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from whykeeper_indexers.documents.outline import Outline
from whykeeper_indexers.links.past import heading_of_the_past, of_others, strongly_past, weakly_past

__all__ = ["MAX_LINE", "TextLine", "text_lines"]

MAX_LINE = 1_000
"""Characters read of a line; names stand early in what people write."""

_FENCE = re.compile(r"[ \t>]{0,16}(`{3,}|~{3,})[ \t]*\{?\.?([\w+#-]{0,30})")
_DASHES = re.compile(r"(?:-{4,}|={4,}|\.{4,})\s*")
_RST_CODE = re.compile(
    r"\s{0,40}\.\. (?:code|code-block|sourcecode|console|prompt|highlight)::[ \t]*([\w+-]{0,30})"
)
_SPAN = re.compile(r"(`{1,2})(?!`)([^`\n]{1,300})\1(?!`)")
_ROLE = re.compile(r":([\w:+-]{2,30}):`[~!.]{0,2}(?:[^`<>\n]{0,200}<)?[~!.]{0,2}([^`<>\n]{1,200})>?`")
_COMMENT = re.compile(r"<!--.{0,900}?-->")


@dataclass(frozen=True)
class TextLine:
    """One line of a document.

    Attributes:
        number: 1-based.
        text: Cut to what is read of a line.
        code: Whether it stands in a block of code.
        language: Of that block, lower case; empty where none is given.
        past: Whether what it says is about what was, or may be.
        around: Whether that is so for what stands around it, and not for its own words alone: an arrow in
            code tells of no change.
        markup: The document's markup.
    """

    number: int
    text: str
    code: bool
    language: str
    past: bool
    markup: str
    around: bool = False

    @cached_property
    def spans(self) -> list[str]:
        """What is written as code within the prose."""
        if self.code:
            return []
        found = [body.strip() for _, body in _SPAN.findall(_ROLE.sub(" ", self.text))]
        return [body for body in found if body]

    @cached_property
    def roles(self) -> list[tuple[str, str]]:
        """Names with what they are, as reStructuredText has them: ``:func:`name```."""
        if self.code:
            return []
        return [(role.rpartition(":")[2], body.strip()) for role, body in _ROLE.findall(self.text)]

    @cached_property
    def plain(self) -> str:
        """The line without what is written as code."""
        return "" if self.code else _SPAN.sub(" ", _ROLE.sub(" ", self.text))


def text_lines(outline: Outline) -> Iterator[TextLine]:
    """Give a document's lines, those that hold text.

    Args:
        outline: The document.
    """
    around = _past_lines(outline)
    blocks = _Blocks(outline.language)
    others = begun = False
    for number, line in enumerate(outline.lines, 1):
        text = line[:MAX_LINE]
        code, language = blocks.take(text)
        if not text.strip():
            begun = False
            continue
        if not code and not _FENCE.match(text) and not _DASHES.fullmatch(text):
            # The paragraph above a block of code says whose it is.
            others, begun = of_others(text) or (begun and others), True
        told = around[number - 1] or (code and others)
        plain = _COMMENT.sub(" ", text)
        yield TextLine(number, plain, code, language, told or weakly_past(text), outline.language, told)


class _Blocks:
    """Tells line by line whether it stands in a block of code."""

    def __init__(self, markup: str) -> None:
        self._markup = markup
        self._closing = ""
        self._language = ""
        self._indent = -1
        self._awaited = False

    def take(self, line: str) -> tuple[bool, str]:
        """Take in the next line; a line that opens or closes a block is none of its own."""
        if self._closing:
            if line.strip(" \t>").rstrip().startswith(self._closing):
                self._closing = ""
                return False, ""
            return True, self._language
        if self._markup == "restructuredtext":
            return self._literal(line)
        fence = _FENCE.match(line)
        if fence:
            self._closing, self._language = fence[1], fence[2].lower()
        elif self._markup == "asciidoc" and _DASHES.fullmatch(line):
            self._closing, self._language = line.strip(), ""
        return False, ""

    def _literal(self, line: str) -> tuple[bool, str]:
        """A literal block goes on for as long as it is indented."""
        indent = len(line) - len(line.lstrip())
        if self._indent >= 0 and line.strip():
            if indent > self._indent:
                return True, self._language
            self._indent = -1
        opened = _RST_CODE.match(line)
        if opened or (line.rstrip().endswith("::") and not line.lstrip().startswith("..")):
            self._indent, self._language = indent, opened[1].lower() if opened else ""
        return False, ""


def _past_lines(outline: Outline) -> Sequence[bool]:
    """For each line whether it tells of the past by its heading or its paragraph."""
    past = [False] * len(outline.lines)
    for section in outline.sections:
        told = any(map(heading_of_the_past, (*section.breadcrumb, section.heading)))
        start, end = section.lines
        if told:
            past[start - 1 : end] = [True] * (end - start + 1)
    _mark_versions(outline.lines, past)
    first = 0
    for at, line in enumerate([*outline.lines, ""]):
        if line.strip() and not _begins_item(line):
            continue
        if any(strongly_past(each[:MAX_LINE]) for each in outline.lines[first:at]):
            past[first:at] = [True] * (at - first)
        first = at
    return past


_VERSIONED = re.compile(
    r"(\s{0,40})(?:\.\.\s+(?:version(?:added|changed|removed)|deprecated(?:-removed)?)::|!!!\s|:::\s{0,4}(?:caution|warning|danger|tip|info|note)|"
    r"\?\?\?)"
)
"""What tells in which version something changed."""


def _mark_versions(lines: Sequence[str], past: list[bool]) -> None:
    indent = -1
    for at, line in enumerate(lines):
        if not line.strip():
            continue
        if indent >= 0 and len(line) - len(line.lstrip()) > indent:
            past[at] = True
            continue
        indent = -1
        if found := _VERSIONED.match(line[:MAX_LINE]):
            indent, past[at] = len(found[1]), True


_ITEM = re.compile(r"\s{0,40}(?:[-*+]|\d{1,4}[.)]|\|)\s")


def _begins_item(line: str) -> bool:
    return bool(_ITEM.match(line))

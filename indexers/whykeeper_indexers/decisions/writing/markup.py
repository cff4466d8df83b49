"""Headings, lists and links in each markup, and texts that keep to their place in it.

Texts are given as Markdown, which is what callers write. A heading within one must not end the section
it stands in, a comment that is never closed must not hide what follows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final

__all__ = ["body", "heading", "link", "list_item"]

_FENCE = re.compile(r"[ ]{0,3}(`{3,}|~{3,})")
_ATX = re.compile(r"[ ]{0,3}(#{1,6})[ \t]+(\S.*)$")
_UNDERLINE = re.compile(r"[ ]{0,3}(?:=+|-+)[ \t]*$")
_RST_LINK = re.compile(r"(?<!!)\[([^\[\]\n]{1,300})\]\(([^()\s]{1,500})\)")
_RST_CODE = re.compile(r"(?<!`)`([^`\n]{1,300})`(?![`_])")
_RULES: Final = "=-~^\"'"
MOST_LEVELS = 6


def heading(text: str, level: int, language: str, adornments: Mapping[int, tuple[str, bool]]) -> str:
    """A heading's lines.

    Args:
        text: One line.
        level: 1 the outermost.
        language: The markup.
        adornments: Of reStructuredText; see `Shape`.
    """
    if language == "restructuredtext":
        default = (_RULES[min(level, len(_RULES)) - 1], False)
        rule, above = adornments.get(level, default)
        line = rule * max(_width(text), 4)
        return f"{line}\n{text}\n{line}" if above else f"{text}\n{line}"
    return f"{('=' if language == 'asciidoc' else '#') * min(level, MOST_LEVELS)} {text}"


def link(text: str, target: str, language: str) -> str:
    """A link to another file."""
    if language == "restructuredtext":
        # One underscore would name the target, and two targets of one name are an error.
        return f"`{text} <{target}>`__"
    if language == "asciidoc":
        return f"link:{target}[{text}]"
    return f"[{text}]({target})"


def list_item(name: str, why: str, bullet: str, language: str) -> str:
    """An item of a list: what it is, and what is said of it."""
    strong = f"*{name}*" if language == "asciidoc" else f"**{name}**"
    lead = f"{strong}: " if why else strong if re.search(r"[:.,;–—]|\bbecause\b", name) else name
    first, *rest = (lead + why).split("\n")
    indent = " " * (len(bullet) + 1)
    return "\n".join([f"{bullet} {first}", *(indent + line if line.strip() else "" for line in rest)])


def body(text: str, language: str, level: int) -> str:
    """A text as it may stand under a heading of a level.

    Args:
        text: Markdown.
        language: The markup.
        level: Of the heading above it.
    """
    lines = [line.rstrip() for line in text.strip().replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    said = "\n".join(_within(lines, level, _OUTSIDE[language]))
    return f"{said}\n-->" if said.rfind("<!--") > said.rfind("-->") else said


def _within(lines: list[str], level: int, outside: Callable[[str], str]) -> Iterator[str]:
    """The lines, without a heading that would end the section; code is left as it is."""
    fence, before = "", ""
    highest = min((len(match[1]) for line in lines if (match := _ATX.match(line))), default=1)
    for line in lines:
        match = _FENCE.match(line)
        if match and (not fence or (match[1].startswith(fence) and not line.strip(f" {fence[0]}"))):
            fence = "" if fence else match[1]
            said = [line]
        elif fence:
            said = [line]
        elif titled := _ATX.match(line):
            said = [
                _lowered(
                    titled[2].rstrip("#").rstrip() or titled[2], len(titled[1]) - highest + level + 1, outside
                )
            ]
        elif before.strip() and _UNDERLINE.match(line):
            # Below a line of text it would make a heading of that.
            said = ["", "---"] if "-" in line else [f"\\{line.strip()}"]
        else:
            said = [outside(line)]
        before = said[-1]
        yield from said
    if fence:
        yield fence


def _lowered(text: str, level: int, outside: Callable[[str], str]) -> str:
    if outside is _markdown and level <= MOST_LEVELS:
        return f"{'#' * level} {text}"
    return f"**{text}**" if outside is not _asciidoc else f"*{text}*"


def _markdown(line: str) -> str:
    return line


def _restructured(line: str) -> str:
    return _RST_LINK.sub(r"`\1 <\2>`__", _RST_CODE.sub(r"``\1``", line))


def _asciidoc(line: str) -> str:
    return _RST_LINK.sub(r"link:\2[\1]", line)


def _width(text: str) -> int:
    """Columns, for an underline must not be shorter than its title; wide letters take two."""
    return sum(2 if ord(letter) > 0x2E7F else 1 for letter in text)


_OUTSIDE: Final[Mapping[str, Callable[[str], str]]] = {
    "markdown": _markdown,
    "restructuredtext": _restructured,
    "asciidoc": _asciidoc,
}

"""Code that a document quotes: the telling lines of a block, which the repository may have too."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from whykeeper_indexers.link_types import Reference, ReferenceKind
from whykeeper_indexers.links.text import TextLine

__all__ = ["LEAST_LINES", "quotes", "telling"]

LEAST_LINES = 3
"""Telling lines of a block that is a quotation; one or two are written alike by accident."""
MOST_LINES = 12
_LEAST_CHARACTERS = 24
_MOST_CHARACTERS = 160
_LEAST_LETTERS = 12
_COMMANDS = frozenset(
    [
        "bash",
        "sh",
        "shell",
        "console",
        "zsh",
        "terminal",
        "shell-session",
        "text",
        "txt",
        "diff",
        "mermaid",
        "plaintext",
        "log",
    ]
)
_DRAWN = frozenset("├└│─┌┐▼►→")
"""Of trees and diagrams."""
_COMMON = re.compile(
    r"(?:import|from|use|using|package|include|require|#|//|/\*|\*|--|\$|>|const \w+ = require)\b|[#*/>$]"
)
"""How lines begin that many files have, or that say nothing."""


def quotes(lines: Sequence[TextLine]) -> Iterator[Reference]:
    """One reference for each block of code that may be quoted.

    Args:
        lines: Of the document.
    """
    block: list[TextLine] = []
    for line in (*lines, None):
        if (
            line is not None
            and line.code
            and line.language not in _COMMANDS
            and (not block or line.number <= block[-1].number + 2)
        ):
            block.append(line)
            continue
        yield from _quote(block)
        block = [line] if line is not None and line.code and line.language not in _COMMANDS else []


def telling(line: str) -> bool:
    """Whether a line is one that is known again."""
    text = line.strip()
    return (
        _LEAST_CHARACTERS <= len(text) <= _MOST_CHARACTERS
        and "..." not in text
        and sum(map(str.isalpha, text)) >= _LEAST_LETTERS
        and not _COMMON.match(text)
        and _DRAWN.isdisjoint(text)
    )


def _quote(block: Sequence[TextLine]) -> Iterator[Reference]:
    found = [line for line in block if telling(line.text)]
    if len(found) >= LEAST_LINES:
        text = "\n".join(line.text.strip() for line in found[:MOST_LINES])
        past = any(line.past for line in block)
        yield Reference(found[0].number, ReferenceKind.QUOTE, found[0].text.strip(), "block", text, past)

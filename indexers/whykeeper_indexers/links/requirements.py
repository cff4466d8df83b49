"""Versions of languages that a document says are needed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from whykeeper_indexers.link_types import Reference, ReferenceKind
from whykeeper_indexers.links.text import TextLine

__all__ = ["requirements"]

_LANGUAGES = {
    "python": "python",
    "node": "node",
    "node.js": "node",
    "nodejs": "node",
    "go": "go",
    "golang": "go",
    "rust": "rust",
    "rustc": "rust",
    "java": "java",
    "jdk": "java",
}
_NEEDED = re.compile(
    r"\b(Python|Node(?:\.?js)?|Go(?:lang)?|Rustc?|Java|JDK)\b[*_`\])]{0,3}\s{0,3}(?:version\s{1,2})?(>=|≥|=>)?\s{0,2}[`*]{0,2}v?"
    r"(\d{1,2}(?:\.\d{1,3}){0,2})(\+|\s{0,2}(?:or|and)\s(?:higher|later|newer|above|greater|up))?",
    re.IGNORECASE,
)
_SAID = re.compile(
    r"\b(?:requires?|required|needs?|minimum|at least|prerequisites?|supports?|install)\b", re.IGNORECASE
)

_OF_A_RELEASE = re.compile(r"(?<!\w)v?\d{1,4}(?:\.\d{1,4}){0,2}\.x\b")
"""A line of releases that is kept apart: what it needs is no matter of the files here."""


def requirements(line: TextLine) -> Iterator[Reference]:
    """The least version of a language that a line asks for."""
    if line.code:
        return
    for name, sign, version, more in _NEEDED.findall(line.text):
        if (sign or more or re.search(r"\b(?:minimum|at least)\b", line.text, re.IGNORECASE)) and (
            sign or more or _SAID.search(line.text)
        ):
            language = _LANGUAGES[name.lower()]
            past = line.past or bool(_OF_A_RELEASE.search(line.text))
            yield Reference(line.number, ReferenceKind.REQUIREMENT, language, "text", version, past)

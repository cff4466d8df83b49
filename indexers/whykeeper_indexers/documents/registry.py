"""Which markup a path is written in: one table by extension, one by name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import PurePosixPath
from typing import NamedTuple

from whykeeper_indexers.documents.asciidoc import scan_asciidoc
from whykeeper_indexers.documents.markdown import scan_markdown, scan_mdx
from whykeeper_indexers.documents.outline import Scanner
from whykeeper_indexers.documents.plain import scan_plain
from whykeeper_indexers.documents.restructuredtext import scan_rst

__all__ = ["MARKDOWN", "MARKUPS", "Markup", "is_document", "markup_of"]


class Markup(NamedTuple):
    """A markup language.

    Attributes:
        language: Its name, lower case.
        scan: Reads lines into blocks.
        front_matter: Whether files may open with YAML.
    """

    language: str
    scan: Scanner
    front_matter: bool = False


MARKDOWN = Markup("markdown", scan_markdown, front_matter=True)
_MDX = Markup("mdx", scan_mdx, front_matter=True)
_RST = Markup("restructuredtext", scan_rst)
_ASCIIDOC = Markup("asciidoc", scan_asciidoc)
_PLAIN = Markup("text", scan_plain)

MARKUPS: Mapping[str, Markup] = {
    ".md": MARKDOWN,
    ".markdown": MARKDOWN,
    ".mdc": MARKDOWN,
    ".mdx": _MDX,
    ".rst": _RST,
    ".rest": _RST,
    ".adoc": _ASCIIDOC,
    ".asciidoc": _ASCIIDOC,
    ".txt": _PLAIN,
    ".text": _PLAIN,
}

_NAMES = frozenset(
    {
        "architecture",
        "changelog",
        "changes",
        "code_of_conduct",
        "context",
        "contributing",
        "conventions",
        "design",
        "faq",
        "governance",
        "hacking",
        "history",
        "install",
        "maintainers",
        "migration",
        "news",
        "notes",
        "readme",
        "roadmap",
        "security",
        "support",
        "todo",
        "upgrading",
    }
)
"""Documents that are often written without an extension; most use Markdown all the same."""

_NOT_PROSE = re.compile(
    r"(?:cmakelists|robots|ads|humans|license|licence|copying)$|(?:.*[-_.])?(?:requirements|constraints)"
)
_REMEMBERED = 100_000
"""Paths whose names have been read: every scan and every tree has the same ones."""
_REQUIREMENT_FOLDERS = frozenset({"requirements", "constraints"})


@lru_cache(_REMEMBERED)
def markup_of(path: str) -> Markup | None:
    """The markup a path is written in; None when it is not a document."""
    pure = PurePosixPath(path)
    suffix = pure.suffix.lower()
    markup = MARKUPS.get(suffix)
    if markup is _PLAIN and _is_data(pure):
        return None
    if markup is None and not suffix and pure.name.lower() in _NAMES:
        return MARKDOWN
    return markup


def is_document(path: str) -> bool:
    """Whether a path is a document by its name, cheap enough for every path of a scan."""
    return markup_of(path) is not None


def _is_data(path: PurePosixPath) -> bool:
    """Text files that tools read and nobody writes prose in."""
    return bool(_NOT_PROSE.match(path.stem.lower())) or path.parent.name.lower() in _REQUIREMENT_FOLDERS

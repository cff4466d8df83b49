"""Documents that a source file names itself: "see docs/adr/0002-safety.md", "as ADR 12 has it".

Whoever wrote that into the code said what binds it. And what the file is made from is named there
too: "generated from schema/v2.json", whose folder's README tells how.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from whykeeper_indexers.conventions.binding import decision_home
from whykeeper_indexers.conventions.scope import is_within
from whykeeper_indexers.documents import is_document
from whykeeper_indexers.path_words import path_words
from whykeeper_indexers.types import DecisionRecord

__all__ = ["cited_documents"]

MAX_CHARACTERS = 200_000
"""Read of one file."""
MAX_TOKENS = 100
"""Looked up, of a file that may be nothing but a list of paths."""

_RECORD = re.compile(
    r"(?<![\w/-])(?P<what>adr|madr|rfc)s?[-_ #]{0,2}(?P<number>\d{1,5})(?![\w.]*\d)", re.IGNORECASE
)
_GUIDES = ("README.md", "README.rst", "README.adoc", "README.txt", "README")
_EVERYWHERE = frozenset(["agents", "changelog", "changes", "claude", "index", "license", "readme", "skill"])
"""Names that many folders have: alone they name none of them."""


def cited_documents(
    path: str,
    text: str,
    decisions: Mapping[str, DecisionRecord],
    ending: Callable[[str], Iterable[str]],
    present: Callable[[Collection[str]], Iterable[str]],
) -> tuple[str, ...]:
    """Find the documents that a source file names.

    Args:
        path: The source file.
        text: Its text.
        decisions: Decision records by path.
        ending: Gives the paths of the repository that end with a path or a name.
        present: Gives those of some paths that the repository has.

    Returns:
        Paths, each once: documents named by path or name, records named by number, READMEs of other folders
        of which a file is named.
    """
    tokens = list(dict.fromkeys(path_words(text[:MAX_CHARACTERS])))
    named = [token for token in tokens if "." in token and is_document(token)][:MAX_TOKENS]
    found = [each for token in named for each in _named(token, ending)]
    found += _numbered(path, text[:MAX_CHARACTERS], decisions)
    folders = dict.fromkeys(posixpath.dirname(token) for token in tokens if posixpath.splitext(token)[1])
    others = [folder for folder in folders if folder and not is_within(folder, path)][:MAX_TOKENS]
    found += present([f"{folder}/{guide}" for folder in others for guide in _GUIDES])
    return tuple(dict.fromkeys(each for each in found if each != path))


def _named(token: str, ending: Callable[[str], Iterable[str]]) -> list[str]:
    """The one document that a path, its end, or a link to it at a hosting site names."""
    parts = [part for part in token.split("/") if part not in {"", ".", ".."}]
    for start in range(len(parts)):
        rest = parts[start:]
        if len(rest) == 1 and (len(parts) > 1 or _stem(rest[0]) in _EVERYWHERE):
            break
        matching = list(ending("/".join(rest)))
        if len(matching) == 1:
            return matching
    return []


def _numbered(path: str, text: str, decisions: Mapping[str, DecisionRecord]) -> Iterator[str]:
    """Records named by their number; of several with one number, that of the nearest folder."""
    for what, number in dict.fromkeys(
        (each["what"].lower(), int(each["number"])) for each in _RECORD.finditer(text)
    ):
        # The Internet's RFCs are named in code far more often than a repository's own.
        having = [
            each
            for each, record in decisions.items()
            if record.number == number and (what != "rfc" or "rfc" in posixpath.dirname(each).lower())
        ]
        near = [each for each in having if is_within(decision_home(each), path)]
        if near:
            deepest = max(len(decision_home(each)) for each in near)
            having = [each for each in near if len(decision_home(each)) == deepest]
        if len(having) == 1:
            yield having[0]


def _stem(name: str) -> str:
    return posixpath.splitext(name)[0].lower()

"""Where a document that answers a question would go, by what is asked and by what lies near."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath

from whykeeper.documents_folder import DOCUMENT_FOLDERS, context_folder, documents_folder
from whykeeper_indexers.types import ConventionRecord, DecisionRecord, ScopeMode

__all__ = ["Form", "Place", "Surroundings", "form_of", "place_for"]

_DECISIONS = "docs/decisions"

_ASKS_WHY = re.compile(
    r"\b(why|reasons?|rationale|motivat\w+|instead of|rather than|trade-?offs?|alternatives?|decid\w+|"
    r"decisions?|chose|chosen|choose|rejected|justif\w+|considered|turned down|ruled out|g[ai]ven? up|"
    r"deliberate\w*|intended|on purpose)\b",
    re.IGNORECASE,
)
_ASKS_HOW = re.compile(
    r"\b((?:how (?:do|are)|(?:how )?(?:should|can|may)) (?:we|i|you|one)|how to|do we|must|allowed to|"
    r"supposed to|conventions?|naming|guidelines?|rules?|standards?|style|best practices?|preferred|"
    r"steps (?:to|for)|procedure|process for|"
    # A policy on retention or refunds is what the product does; on these it is how people work.
    r"(?:branch\w*|coding|commit|contribut\w+|deprecation|merg\w+|releas\w+|review|style|test\w*|version\w*) "
    r"polic\w+)\b",
    re.IGNORECASE,
)


class Form(StrEnum):
    """What kind of document answers a question."""

    DECISION = "decision"
    CONVENTION = "convention"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a document would go.

    Attributes:
        path: A folder, ending in a slash, for a file of its own; a file for a section in it. It need not
            exist.
        because: Why there, in words.
    """

    path: str
    because: str


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a repository has that a document could join.

    Attributes:
        documents: Paths of its documents.
        decisions: Its decision records by path.
        conventions: Its convention files by path.
    """

    documents: Collection[str]
    decisions: Mapping[str, DecisionRecord]
    conventions: Mapping[str, ConventionRecord]


def form_of(question: str) -> Form:
    """Say what would answer: a reason is a decision's, a rule a convention's, all else a document's."""
    if _ASKS_WHY.search(question):
        return Form.DECISION
    return Form.CONVENTION if _ASKS_HOW.search(question) else Form.DOCUMENT


def place_for(form: Form, paths: Iterable[str], around: Surroundings) -> Place:
    """Choose a place for a document.

    Args:
        form: What it is.
        paths: What it concerns; empty for nothing in particular.
        around: What there is.
    """
    concerned = _common_folder(paths)
    if form is Form.DECISION:
        return _among_decisions(concerned, around)
    return _among_rules(concerned, around) if form is Form.CONVENTION else _beside(concerned, around)


def _among_decisions(concerned: str, around: Surroundings) -> Place:
    counted = Counter(posixpath.dirname(path) for path in around.decisions)
    if not counted:
        return Place(f"{_DECISIONS}/", "no decisions are recorded here yet")
    home = {folder: _home(folder) for folder in counted}
    near = [folder for folder in counted if _within(concerned, home[folder])]
    best = max(near or counted, key=lambda folder: (len(home[folder]) * bool(near), counted[folder], folder))
    what = (
        f"where the decisions of {home[best]} are" if home[best] and near else "where decisions are recorded"
    )
    return Place(f"{best}/" if best else "./", what)


def _among_rules(concerned: str, around: Surroundings) -> Place:
    own = {
        path: record
        for path, record in around.conventions.items()
        if record.scope.mode is ScopeMode.ALWAYS and not record.scope.globs
    }
    near = [path for path, record in own.items() if _within(concerned, record.scope.folder)]
    if not near:
        path = posixpath.join(context_folder(around.documents), "conventions.md")
        return Place(path, "no conventions are written down here yet")
    best = max(near, key=lambda path: (len(own[path].scope.folder), _prefers(path), path))
    scope = own[best].scope.folder
    return Place(best, f"which has the rules for {scope}" if scope else "which has the rules for everything")


def _prefers(path: str) -> int:
    """Among files of one scope: what is for rules alone, what all agents read, what people read."""
    name = PurePosixPath(path).name.lower()
    order = ("contributing.md", "claude.md", "agents.md", "conventions.md")
    return order.index(name) + 1 if name in order else 0


def _beside(concerned: str, around: Surroundings) -> Place:
    for folder in _upwards(concerned):
        if not folder:
            break
        if readme := _readme(folder, around):
            return Place(readme, f"which tells of {folder}")
        for name in DOCUMENT_FOLDERS:
            inside = f"{folder}/{name}/"
            if any(path.startswith(inside) for path in around.documents):
                return Place(inside, f"where the documents of {folder} are")
    overview = [path for path in around.documents if PurePosixPath(path).stem.lower() == "architecture"]
    if overview:
        shortest = min(overview, key=lambda path: (path.count("/"), path))
        return Place(shortest, "which tells how the parts fit together")
    if folder := documents_folder(around.documents):
        return Place(f"{folder}/", "where the documents are")
    readme = _readme("", around)
    if readme:
        return Place(readme, "which tells of the whole")
    return Place(
        posixpath.join(context_folder(around.documents), "architecture.md"), "no document is there yet"
    )


def _readme(folder: str, around: Surroundings) -> str:
    found = [
        path
        for path in around.documents
        if posixpath.dirname(path) == folder and PurePosixPath(path).stem.lower() in {"readme", "index"}
    ]
    return min(found, key=lambda path: (PurePosixPath(path).stem.lower() != "readme", path), default="")


def _home(folder: str) -> str:
    """Whose decisions a folder holds: what lies above ``docs/decisions`` and the like."""
    parts = folder.split("/")
    places = [place for place, part in enumerate(parts) if part.lower() in DOCUMENT_FOLDERS]
    return "/".join(parts[: places[0]]) if places else posixpath.dirname(folder)


def _common_folder(paths: Iterable[str]) -> str:
    """The deepest folder that has all of them; a path without an ending is a folder itself."""
    folders = [path if "." not in posixpath.basename(path) else posixpath.dirname(path) for path in paths]
    return posixpath.commonpath(folders) if folders and all(folders) else ""


def _upwards(folder: str) -> Iterator[str]:
    while folder.strip("/"):
        yield folder
        folder = posixpath.dirname(folder)
    yield ""


def _within(path: str, folder: str) -> bool:
    return not folder or path == folder or path.startswith(f"{folder}/")

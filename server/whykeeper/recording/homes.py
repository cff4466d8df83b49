"""Where entries are kept: in the team's own lists for such, else in files of ours."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from whykeeper.documents_folder import DOCUMENT_FOLDERS, context_folder
from whykeeper.recording.clauses import clauses
from whykeeper.recording.entries import entries, new_list, outline_of
from whykeeper.recording.likeness import EntryWords
from whykeeper.recording.raw_text import RawText, read_raw
from whykeeper.recording.requests import EntryRequest, one_line
from whykeeper.scaffold.tree import is_aside
from whykeeper_indexers.conventions.rules import rules_of
from whykeeper_indexers.documents import is_document
from whykeeper_indexers.documents.outline import Outline, Section
from whykeeper_indexers.types import ConventionRecord, ScopeMode

if TYPE_CHECKING:
    from whykeeper.memory import Memory

__all__ = ["Home", "home_of"]


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind of entry.

    Attributes:
        file: Of ours.
        title: Of that file.
        heading: Of a new section.
        fits: Headings under which the team keeps such entries.
    """

    file: str
    title: str
    heading: str
    fits: re.Pattern[str]


def _kind(file: str, title: str, heading: str, fits: str) -> _Kind:
    return _Kind(file, title, heading, re.compile(rf"(?:{fits})\b", re.IGNORECASE))


_KINDS: Final[Mapping[str, _Kind]] = {
    "convention": _kind(
        "conventions.md",
        "Conventions",
        "Conventions",
        r"(?:coding |code |project |general |our |team )?(?:conventions?|style|guidelines?|rules|standards?)",
    ),
    "pattern": _kind(
        "patterns.md",
        "Patterns",
        "Patterns",
        r"(?:preferred |common |design |code )?(?:patterns?|idioms|how we)",
    ),
    "avoid": _kind(
        "patterns.md",
        "Patterns",
        "Avoid",
        r"(?:what to |things to )?avoid|don'?ts?|do not|anti-?patterns?|never",
    ),
    "pitfall": _kind(
        "pitfalls.md",
        "Pitfalls",
        "Pitfalls",
        r"(?:common |known )?(?:pitfalls?|gotchas?|traps?|caveats?|mistakes)",
    ),
    "note": _kind("notes.md", "Notes", "Notes", r"notes?|learnings?|remarks"),
}
_EDITED_BY_TEAMS: Final = ("agents.md", "claude", "gemini", "copilot", "junie", "contributing")
"""Tools whose rules are lists of one file; the others' are a file a rule, which nobody adds lines to."""
_ALL_AGENTS: Final = frozenset({"agents.md", "claude.md"})
"""Names of files with rules for the whole of their folder, in any case."""
ALIKE: Final = 0.25
"""Words that an entry, or a clause of it, shares with one below a heading for it to belong there."""
CLEARLY: Final = 0.2
"""What it shares less with any below the next heading."""


@dataclass(frozen=True, slots=True)
class Home:
    """Where an entry goes.

    Attributes:
        path: The file, which may be new.
        raw: The file as it is; None for a new one.
        heading: The section, which may be new; empty for what stands before all headings.
        title: Of a new file.
    """

    path: str
    raw: RawText | None
    heading: str
    title: str

    def opened_with(self, entry: str) -> str:
        """A new file with its first entry: under the title, or under a heading below that."""
        above = [f"# {self.title}"]
        above += [f"## {self.heading}"] if self.heading.lower() != self.title.lower() else []
        return "\n\n".join([*above, new_list(entry)]) + "\n"


def home_of(request: EntryRequest, memory: Memory) -> Home:
    """Find where a new entry goes.

    A heading that is there already says where. One that is not is added where such entries are kept anyway:
    a new heading must not give the team's rules a second home.

    Raises:
        RecordingError: A file where it might go cannot be read.
    """
    kind = _KINDS[request.kind]
    folder = _folder(request, memory)
    own = posixpath.join(_context(folder, memory), kind.file)
    teams = _team_files(folder, memory)
    root = memory.repository.root
    there = [(path, read_raw(root, path)) for path in (own, *teams) if (root / path).is_file()]
    if request.heading:
        wanted = re.compile(rf"{re.escape(request.heading)}$", re.IGNORECASE)
        for path, raw in there:
            if (section := _fitting(outline_of(path, raw.text), wanted)) is not None:
                return Home(path, raw, section.heading, kind.title)
    elif request.kind == "convention" and (alike := _most_alike(request.text, there)) is not None:
        return Home(alike[0], dict(there)[alike[0]], alike[1], kind.title)
    for path, raw in there:
        section = _fitting(outline_of(path, raw.text), kind.fits)
        # Ours is for such entries whatever its headings are; another's only where it says so.
        if section is not None or path == own or (folder and path == teams[0]):
            usual = section.heading if section else kind.heading
            return Home(path, raw, request.heading or usual, kind.title)
    for path, raw in there:
        # Rules have no second home beside those that each agent reads.
        if request.kind == "convention" and _holds_rules(path, raw):
            heading = _only_list(outline_of(path, raw.text))
            usual = kind.heading if heading is None else heading
            return Home(path, raw, request.heading or usual, kind.title)
    return Home(own, None, request.heading or kind.heading, kind.title)


def _most_alike(text: str, there: Sequence[tuple[str, RawText]]) -> tuple[str, str] | None:
    """The file and heading with the entry that is most like a text, where no other heading's nearly is."""
    found = [each for path, raw in there for each in entries(outline_of(path, raw.text))]
    words = EntryWords([each.text for each in found])
    best: dict[tuple[str, str], float] = {}
    for said in clauses(one_line(text)):
        for each, share in zip(found, words.shares(said), strict=True):
            place = (each.path, each.heading)
            best[place] = max(best.get(place, 0.0), share)
    first, second = (*sorted(best, key=lambda place: -best[place]), None, None)[:2]
    if first is None or best[first] < ALIKE:
        return None
    return first if best[first] - (best[second] if second else 0.0) >= CLEARLY else None


def _holds_rules(path: str, raw: RawText) -> bool:
    return posixpath.basename(path).lower() in _ALL_AGENTS and bool(rules_of(raw.text, path))


def _only_list(outline: Outline) -> str | None:
    """The heading of the one section with rules where that is the document's; None where each has its own."""
    found = [each for each in outline.sections if each.has_body]
    own = len(found) == 1 and found[0].level <= 1 and any(entries(outline))
    return found[0].heading if own else None


def _context(folder: str, memory: Memory) -> str:
    files = memory.store.catalog.file_entries(memory.indexer.checkout)
    above = f"{folder}/" if folder else ""
    inside = (each.path for each in files if each.exclusion is None and each.path.startswith(above))
    own = (path for path in inside if is_document(path) and not is_aside(path.removeprefix(above)))
    return context_folder(own, folder)


def _folder(request: EntryRequest, memory: Memory) -> str:
    """The nearest folder above all that it is about where rules are kept already; the root's is empty."""
    plains = [memory.relative(re.split(r"[*?\[{]", path, maxsplit=1)[0] or ".") for path in request.paths]
    above = posixpath.commonpath([f"/{path}" for path in plains]).strip("/") if plains else ""
    kept = {posixpath.dirname(path) for path, _ in _rules(memory)}
    ours = tuple(f"/{name}/context" for name in DOCUMENT_FOLDERS)
    kept |= {path.removesuffix(end) for path in kept for end in ours if path.endswith(end)}
    while above and above not in kept:
        above = posixpath.dirname(above)
    return above


def _rules(memory: Memory) -> list[tuple[str, ConventionRecord]]:
    """Convention files that hold for all of their folder."""
    found = memory.store.catalog.conventions(memory.indexer.checkout)
    return [
        (path, record)
        for path, record in found.items()
        if record.scope.mode is ScopeMode.ALWAYS and not record.scope.globs
    ]


def _team_files(folder: str, memory: Memory) -> Sequence[str]:
    """A folder's convention files that people add lines to, in the order in which they bind."""
    own = [
        (_EDITED_BY_TEAMS.index(record.tool), path)
        for path, record in _rules(memory)
        if record.tool in _EDITED_BY_TEAMS and record.scope.folder == folder and path.endswith(".md")
    ]
    return [path for _, path in sorted(own)]


def _fitting(outline: Outline, wanted: re.Pattern[str]) -> Section | None:
    """The deepest section whose heading is for such entries, or the document's if its title is."""
    found = [each for each in outline.sections if each.level and wanted.match(each.heading)]
    return max(found, key=lambda each: (each.level, -each.lines.start), default=None)

"""Conventions, patterns, pitfalls and notes, kept where the team keeps them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from whykeeper.recording.answers import RecordAnswer, RelatedItem
from whykeeper.recording.entries import Entry, added, entries, new_list, outline_of, removed, replaced
from whykeeper.recording.likeness import entry_likeness
from whykeeper.recording.raw_text import RawText, read_raw
from whykeeper.recording.requests import EntryRequest, one_line, plain, refuse_secrets
from whykeeper.recording.writing import writer
from whykeeper_indexers.decisions.writing import Edit
from whykeeper_indexers.documents.outline import Outline, Section
from whykeeper_indexers.errors import NotFoundError, RecordingError
from whykeeper_indexers.types import ConventionRecord, ScopeMode

if TYPE_CHECKING:
    from whykeeper.memory import Memory

__all__ = ["KINDS", "related_entries", "remember"]

MOST_RELATED = 5
FOLDER: Final = "docs/context"


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind of entry.

    Attributes:
        file: In ``docs/context``.
        heading: Of that file, or of a new section in another.
        fits: Headings under which the team keeps such entries.
    """

    file: str
    heading: str
    fits: re.Pattern[str]


def _kind(file: str, heading: str, fits: str) -> _Kind:
    return _Kind(file, heading, re.compile(rf"(?:{fits})\b", re.IGNORECASE))


KINDS: Final[Mapping[str, _Kind]] = {
    "convention": _kind(
        "conventions.md",
        "Conventions",
        r"(?:coding |code |project |general |our |team )?(?:conventions?|style|guidelines?|rules|standards?)",
    ),
    "pattern": _kind(
        "patterns.md", "Patterns", r"(?:preferred |common |design |code )?(?:patterns?|idioms|how we)"
    ),
    "avoid": _kind(
        "patterns.md", "Avoid", r"(?:what to |things to )?avoid|don'?ts?|do not|anti-?patterns?|never"
    ),
    "pitfall": _kind(
        "pitfalls.md", "Pitfalls", r"(?:common |known )?(?:pitfalls?|gotchas?|traps?|caveats?|mistakes)"
    ),
    "note": _kind("notes.md", "Notes", r"notes?|learnings?|remarks"),
}
_EDITED_BY_TEAMS: Final = ("agents.md", "claude", "gemini", "copilot", "junie", "contributing")
"""Tools whose rules are lists of one file; the others' are a file a rule, which nobody adds lines to."""


@dataclass(frozen=True, slots=True)
class _Home:
    """Where an entry goes.

    Attributes:
        path: The file, which may be new.
        raw: The file as it is; None for a new one.
        heading: The section.
        entry: The one whose place is taken.
    """

    path: str
    raw: RawText | None
    heading: str
    entry: Entry | None = None


def related_entries(request: EntryRequest, memory: Memory) -> list[RelatedItem]:
    """Find what an entry would repeat or contradict, without the one it takes the place of."""
    kept = [each for path in _documents(memory) for each in _entries_of(path, memory)]
    skipped = _named(request.replaces, memory) if request.replaces else None
    texts = [
        each for each in kept if skipped is None or (each.path, each.start) != (skipped.path, skipped.start)
    ]
    found = entry_likeness(one_line(request.text), [each.text for each in texts], memory.recall())
    return [
        RelatedItem(path=texts[n].path, line=texts[n].start + 1, title=texts[n].text[:200], because=why)
        for n, why in found
    ][:MOST_RELATED]


def remember(request: EntryRequest, memory: Memory) -> RecordAnswer:
    """Write an entry, change one, or take one away.

    Raises:
        WhykeeperError: It may not or cannot be written; nothing was.
    """
    if memory.options.cut_secrets:
        refuse_secrets(request.text)
    with writer(memory.repository, memory.store.folder) as pen:
        home = _home(request, memory)
        if home.raw is None:
            data = f"# {home.heading}\n\n{new_list(_said(request))}\n".encode()
            if not pen.create(home.path, data):
                raise RecordingError(f"{home.path} has just been made by somebody else", "try again")
            return RecordAnswer(written=[home.path], id=f"{home.path}:3", notes=[f"{home.path} is new"])
        edit = _edit(request, home)
        data = home.raw.edited([edit])
        if data != home.raw.data and not pen.replace(home.path, home.raw.data, data):
            raise RecordingError(f"{home.path} has just been changed by somebody else", "read it again first")
    first = next((n for n, line in enumerate(edit.lines) if line and not line.startswith("#")), 0)
    return RecordAnswer(
        written=[home.path], id=f"{home.path}:{edit.start + first + 1}" if edit.lines else None
    )


def _edit(request: EntryRequest, home: _Home) -> Edit:
    assert home.raw is not None
    outline = outline_of(home.path, home.raw.text)
    if home.entry is None:
        return added(outline, _section(outline, home.heading), _said(request), home.heading)
    return (
        replaced(outline, home.entry, _said(request))
        if request.text.strip()
        else removed(outline, home.entry)
    )


def _said(request: EntryRequest) -> str:
    """The entry as it is written: what it is about comes first, unless it says so itself."""
    text = plain(request.text).replace("\r\n", "\n").replace("\r", "\n")
    unsaid = [path for path in request.paths if path.strip() and path not in text]
    return f"{', '.join(f'`{one_line(path)}`' for path in unsaid)}: {text}" if unsaid else text


def _home(request: EntryRequest, memory: Memory) -> _Home:
    """Where it goes: the entry it replaces, else the team's own list for such entries, else ours."""
    if request.replaces is not None:
        entry = _named(request.replaces, memory)
        return _Home(entry.path, read_raw(memory.repository.root, entry.path), entry.heading, entry)
    kind = KINDS[request.kind]
    folder = _folder(request, memory)
    own = posixpath.join(folder, FOLDER, kind.file)
    wanted = (
        re.compile(rf"{re.escape(request.heading.strip())}$", re.IGNORECASE) if request.heading else kind.fits
    )
    heading = request.heading.strip() if request.heading else kind.heading
    kept = [own, *_team_files(folder, memory)]
    for path in kept:
        if (memory.repository.root / path).is_file():
            raw = read_raw(memory.repository.root, path)
            found = _fitting(outline_of(path, raw.text), wanted)
            # Ours is for such entries whatever its headings are; another's only where it says so.
            if found is not None or path == own or (folder and [path] == kept[1:2]):
                return _Home(path, raw, found.heading if found else heading)
    return _Home(own, None, heading)


def _folder(request: EntryRequest, memory: Memory) -> str:
    """The nearest folder above all that it is about where rules are kept already; the root's is empty."""
    plains = [memory.relative(re.split(r"[*?\[{]", path, maxsplit=1)[0] or ".") for path in request.paths]
    above = posixpath.commonpath([f"/{path}" for path in plains]).strip("/") if plains else ""
    kept = {posixpath.dirname(path) for path, _ in _rules(memory)}
    kept |= {path.removesuffix(f"/{FOLDER}") for path in kept if path.endswith(f"/{FOLDER}")}
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


def _team_files(folder: str, memory: Memory) -> list[str]:
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


def _section(outline: Outline, heading: str) -> Section | None:
    named = (each for each in outline.sections if each.level and each.heading.lower() == heading.lower())
    return next(named, None)


def _documents(memory: Memory) -> list[str]:
    """Where entries are kept: every convention file, and our own."""
    return sorted(memory.store.catalog.conventions(memory.indexer.checkout))


def _entries_of(path: str, memory: Memory) -> Iterator[Entry]:
    try:
        raw = read_raw(memory.repository.root, path)
    except RecordingError:
        return
    yield from entries(outline_of(path, raw.text))


def _named(place: str, memory: Memory) -> Entry:
    """The entry that stands at ``path:line``.

    Raises:
        NotFoundError: None does.
    """
    path, _, lines = place.strip().rpartition(":")
    line = lines.split("-")[0]
    if not path or not line.isdigit():
        raise NotFoundError(f"{place!r} names no entry", "give it as path:line")
    path = memory.relative(path)
    if path not in _documents(memory):
        raise NotFoundError(f"{path} is no file of conventions or notes", "edit it by hand")
    for entry in _entries_of(path, memory):
        if entry.start < int(line) <= entry.end:
            return entry
    raise NotFoundError(f"no entry of a list stands at {place}", "search_memory cites lines")

"""Conventions, patterns, pitfalls and notes, kept where the team keeps them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whykeeper.recording.alternatives import choose_differently
from whykeeper.recording.answers import RecordAnswer, RelatedItem
from whykeeper.recording.clauses import clauses
from whykeeper.recording.entries import Entry, added, entries, outline_of, paragraphs, removed, replaced
from whykeeper.recording.entry_text import entry_text
from whykeeper.recording.homes import Home, home_of
from whykeeper.recording.kept_entries import kept_entries, named_entry, shown
from whykeeper.recording.likeness import entry_likeness
from whykeeper.recording.raw_text import read_raw
from whykeeper.recording.requests import EntryRequest, one_line, refuse_secrets
from whykeeper.recording.writing import Writer, writer
from whykeeper_indexers.decisions.writing import Edit
from whykeeper_indexers.documents.outline import Outline, Section
from whykeeper_indexers.errors import RecordingError

if TYPE_CHECKING:
    from whykeeper.memory import Memory
    from whykeeper.recording.raw_text import RawText

__all__ = ["related_entries", "remember"]

MOST_RELATED = 5
SHOWN = 200


def related_entries(request: EntryRequest, memory: Memory) -> list[RelatedItem]:
    """Find what an entry would repeat or contradict, without the one it takes the place of."""
    skipped = named_entry(request.replaces, memory) if request.replaces else None
    texts = [
        each
        for each in kept_entries(memory)
        if skipped is None or (each.path, each.start) != (skipped.path, skipped.start)
    ]
    new = one_line(request.text)
    opposed = [
        (n, "it chooses otherwise in the same matter")
        for n, each in enumerate(texts)
        if any(choose_differently(said, each.text) for said in clauses(new))
    ]
    told = {n for n, _ in opposed}
    alike = entry_likeness(new, [each.text for each in texts], memory.recall())
    found = [*opposed, *((n, why) for n, why in alike if n not in told)]
    return [
        RelatedItem(
            path=texts[n].path,
            line=texts[n].start + 1,
            title=shown(texts[n], memory)[:SHOWN],
            because=why,
        )
        for n, why in found[:MOST_RELATED]
    ]


def remember(request: EntryRequest, memory: Memory) -> RecordAnswer:
    """Write an entry, change one, or take one away.

    Raises:
        WhykeeperError: It may not or cannot be written; nothing was.
    """
    if memory.options.cut_secrets:
        refuse_secrets("\n".join((request.text, request.heading or "", *request.paths)))
    with writer(memory.repository, memory.store.folder) as pen:
        if request.replaces is not None:
            return _changed(request, named_entry(request.replaces, memory), memory, pen)
        home = home_of(request, memory)
        said = _said(request, memory)
        return _opened(said, home, pen) if home.raw is None else _added(said, home, home.raw, pen)


def _said(request: EntryRequest, memory: Memory) -> str:
    """What is written; others have the checkout elsewhere."""
    paths = [memory.relative(path) + "/" * path.endswith("/") for path in request.paths]
    return entry_text(request.text, [path for path in paths if path.strip("/")])


def _opened(said: str, home: Home, pen: Writer) -> RecordAnswer:
    text = home.opened_with(said)
    if not pen.create(home.path, text.encode()):
        raise RecordingError(f"{home.path} has just been made by somebody else", "try again")
    line = text[: text.index("\n- ")].count("\n") + 2
    return RecordAnswer(written=[home.path], id=f"{home.path}:{line}", notes=[f"{home.path} is new"])


def _added(said: str, home: Home, raw: RawText, pen: Writer) -> RecordAnswer:
    outline = outline_of(home.path, raw.text)
    section = _section(outline, home.heading)
    edit = added(outline, section, said, home.heading)
    _put(home.path, raw, edit, pen)
    first = next(n for n, line in enumerate(edit.lines) if line and not line.startswith("#"))
    notes = [] if section else [f"the heading “{home.heading}” is new in {home.path}"]
    return RecordAnswer(written=[home.path], id=f"{home.path}:{edit.start + first + 1}", notes=notes)


def _changed(request: EntryRequest, entry: Entry, memory: Memory, pen: Writer) -> RecordAnswer:
    raw = read_raw(memory.repository.root, entry.path)
    outline = outline_of(entry.path, raw.text)
    place = f"{entry.path}:{entry.start + 1}"
    if entry not in (*entries(outline), *paragraphs(outline)):
        raise RecordingError(f"{entry.path} has just been changed by somebody else", "read it again first")
    if not request.text:
        _put(entry.path, raw, removed(outline, entry), pen)
        return RecordAnswer(written=[entry.path], notes=[f"removed from {place}: {shown(entry, memory)}"])
    _put(entry.path, raw, replaced(outline, entry, _said(request, memory)), pen)
    notes = [f"it takes the place of: {shown(entry, memory)}"]
    if request.heading and request.heading.lower() != entry.heading.lower():
        notes.append(f"it stays under “{entry.heading}”: what replaces an entry stands where that stood")
    return RecordAnswer(written=[entry.path], id=place, notes=notes)


def _put(path: str, raw: RawText, edit: Edit, pen: Writer) -> None:
    data = raw.edited([edit])
    if data != raw.data and not pen.replace(path, raw.data, data):
        raise RecordingError(f"{path} has just been changed by somebody else", "read it again first")


def _section(outline: Outline, heading: str) -> Section | None:
    found = (each for each in outline.sections if bool(each.level) == bool(heading))
    named = (each for each in found if each.heading.lower() == heading.lower())
    return next(named, None)

"""Where a repository keeps its decision records, and how it writes them."""

from __future__ import annotations

import os
import posixpath
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from whykeeper.recording.raw_text import read_raw
from whykeeper_indexers.decisions import DecisionLayout, decision_layout
from whykeeper_indexers.decisions.forms.registry import FORMS
from whykeeper_indexers.decisions.layout import CONFIGURATION_FILES, PlacedRecord
from whykeeper_indexers.decisions.places import Place, is_aside, record_name
from whykeeper_indexers.decisions.record_text import RecordText
from whykeeper_indexers.decisions.writing import Naming, Shape, learned_naming, learned_shape
from whykeeper_indexers.decisions.writing.practice import MOST_SAMPLES
from whykeeper_indexers.decisions.writing.registry import DEFAULT_FOLDER, DEFAULT_FORM, STYLES, style_of
from whykeeper_indexers.documents import is_document
from whykeeper_indexers.documents.parse import read_outline
from whykeeper_indexers.errors import RecordingError
from whykeeper_indexers.types import DecisionRecord, SourceText

__all__ = ["Habits", "habits_of", "record_text"]

_FOR_PLACE: Final = {Place.LOG4BRAINS: "log4brains", Place.ADR_TOOLS: "adr-tools", Place.RFCS: "rfc"}
"""The form of the first record of a folder, where the folder itself tells."""
_NO_HOME: Final = frozenset(
    {"test", "tests", "testdata", "fixtures", "integration-tests", "example", "examples", "samples", "vendor"}
)
"""Records below such folders are what something is tried on."""


@dataclass(frozen=True, slots=True)
class Habits:
    """How one folder's records are written.

    Attributes:
        folder: Relative to the root.
        shape: How they look.
        naming: How they are named.
        line_end: Of the newest.
        others: Other folders that hold records, the fullest first.
    """

    folder: str
    shape: Shape
    naming: Naming
    line_end: str = "\n"
    others: tuple[str, ...] = ()


def habits_of(
    root: Path, records: Mapping[str, DecisionRecord], layout: DecisionLayout, folder: str | None = None
) -> Habits:
    """Read how and where a repository records decisions.

    Args:
        root: The checkout.
        records: Of the checkout, by path.
        layout: Its places for them.
        folder: The one to write into; None for the usual one.

    Raises:
        RecordingError: The folder is none that is read for decision records.
    """
    folders = _folders(root, records, layout)
    folder = None if folder is None else _as_spelled(root, folder)
    home = folder if folder is not None else (folders[0] if folders else DEFAULT_FOLDER)
    others = tuple(each for each in folders if each != home and not _is_trial(each))
    placed = layout.place_of(f"{home}/0001-record.md")
    named_alone = placed is None or placed.place is Place.NAME
    if named_alone and not any(posixpath.dirname(path) == home for path in records):
        raise RecordingError(
            f"a record in {home or 'the root'} would not be read as one",
            f"leave the folder out, or give one like {folders[0] if folders else DEFAULT_FOLDER}",
        )
    newest = _newest(home, records)
    if not newest and (template := _template(root, home, layout)):
        return _by_template(home, template, others)
    form = _form(newest, records, placed)
    alike = [path for path in newest if records[path].form == form]
    texts, line_end = _samples(root, alike, layout)
    style = style_of(form, texts)
    return Habits(
        home,
        learned_shape(style.shape, texts),
        learned_naming(newest[:MOST_SAMPLES], style.naming),
        line_end,
        others,
    )


def _samples(root: Path, paths: Sequence[str], layout: DecisionLayout) -> tuple[list[RecordText], str]:
    """The first few of some records, and what the lines of the first end with; some cannot be read."""
    texts: list[RecordText] = []
    line_end = "\n"
    for path in paths:
        with suppress(RecordingError):
            raw = read_raw(root, path)
            line_end = line_end if texts else raw.line_end
            texts.append(record_text(path, raw.text, layout))
        if len(texts) == MOST_SAMPLES:
            break
    return texts, line_end


def _by_template(folder: str, template: RecordText, others: tuple[str, ...]) -> Habits:
    """The habits of a team that has written its template and no record yet."""
    form = next((name for name, module in FORMS.items() if module.recognise(template)), DEFAULT_FORM)
    style = STYLES[form]
    shape = replace(learned_shape(style.shape, [template]), title=style.shape.title)
    return Habits(folder, shape, style.naming, others=others)


def _template(root: Path, folder: str, layout: DecisionLayout) -> RecordText | None:
    """The template in a folder for records, or above it, read as if it were a record."""
    for place in (folder, f"{folder}/templates", posixpath.dirname(folder)):
        with suppress(OSError, RecordingError):
            for name in sorted(os.listdir(root / place)):  # noqa: PTH208 - names are all that is wanted
                if "template" in name.lower() and is_aside(name) and is_document(name):
                    text = read_raw(root, posixpath.join(place, name)).text
                    return record_text(f"{folder}/0001-record{posixpath.splitext(name)[1]}", text, layout)
    return None


def record_text(path: str, text: str, layout: DecisionLayout) -> RecordText:
    """Read a record's text as it is, nothing cut out.

    Args:
        path: Relative to the root.
        text: With line feeds.
        layout: The checkout's places for records.
    """
    placed = layout.place_of(path) or PlacedRecord(Place.DECISIONS, posixpath.dirname(path))
    return RecordText(read_outline(SourceText(path, text, "")), placed)


def _folders(root: Path, records: Mapping[str, DecisionRecord], layout: DecisionLayout) -> list[str]:
    """Folders for records: where the root's tools are told to write, then others' tools, then the fullest."""
    counts = Counter(posixpath.dirname(path) for path in records)
    told = [each for each, placed in layout.configured.items() if not (placed.package or _is_trial(each))]
    own = decision_layout(root, [each for each in CONFIGURATION_FILES if (root / each).is_file()]).configured
    homes = {each for each in counts if not _is_trial(each)}
    known = [*told, *(each for each in (homes or counts) if each not in told)]
    first = {each: (each not in own, each not in told) for each in known}
    return sorted(known, key=lambda each: (*first[each], -counts[each], each.count("/"), each))


def _as_spelled(root: Path, folder: str) -> str:
    """A folder as it is spelled where it lies, should the caller write it in other capitals."""
    found = ""
    for part in filter(None, folder.split("/")):
        with suppress(OSError):
            names = os.listdir(root / found)  # noqa: PTH208 - names are all that is wanted
            alike = [name for name in names if name.lower() == part.lower()]
            part = part if part in alike or len(alike) != 1 else alike[0]  # noqa: PLW2901
        found = posixpath.join(found, part)
    return found


def _is_trial(folder: str) -> bool:
    return bool(set(folder.lower().split("/")) & _NO_HOME)


def _newest(folder: str, records: Mapping[str, DecisionRecord]) -> Sequence[str]:
    own = [path for path in records if posixpath.dirname(path) == folder]

    def age(path: str) -> tuple[int, str, str]:
        return records[path].number or 0, record_name(path).date or records[path].date or "", path

    return sorted(own, key=age, reverse=True)


def _form(newest: Sequence[str], records: Mapping[str, DecisionRecord], placed: PlacedRecord | None) -> str:
    counted = Counter(records[path].form for path in newest[:MOST_SAMPLES])
    if counted:
        return counted.most_common(1)[0][0]
    return _FOR_PLACE.get(placed.place, DEFAULT_FORM) if placed else DEFAULT_FORM

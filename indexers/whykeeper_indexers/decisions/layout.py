"""Where a repository keeps its decision records, found once per scan."""

from __future__ import annotations

import logging
import os
import posixpath
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import yaml

from whykeeper_indexers.decisions.places import (
    Place,
    is_record_file,
    named_place,
    record_name,
)

__all__ = ["CONFIGURATION_FILES", "DecisionLayout", "PlacedRecord", "decision_layout", "layout_of"]

_log = logging.getLogger(__name__)

MAX_CONFIGURATION_BYTES = 20_000
MAX_PACKAGES = 500
MIN_RFC_TEXTS = 3
"""Numbered files that make a folder named ``text`` one of requests for comments."""


class PlacedRecord(NamedTuple):
    """The place of one path.

    Attributes:
        place: Why it may hold a record.
        folder: The folder that is the place; numbers are unique below it.
        package: The log4brains package whose folder it is; empty otherwise.
    """

    place: Place
    folder: str
    package: str = ""


@dataclass(frozen=True, slots=True)
class DecisionLayout:
    """Where a repository keeps its decision records.

    Attributes:
        configured: Folders that a tool's configuration names.
        rfc_texts: Folders named ``text`` beside an RFC template, or full of numbered files.
        candidates: Every path that may be a record by its place.
        by_number: Candidates by place folder and number.
        by_stem: Candidates by file name without extension.
    """

    configured: Mapping[str, PlacedRecord] = field(default_factory=dict)
    rfc_texts: frozenset[str] = frozenset()
    candidates: frozenset[str] = frozenset()
    by_number: Mapping[tuple[str, int], tuple[str, ...]] = field(default_factory=dict)
    by_stem: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def described(self) -> str:
        """The same text for the same layout, in every process: the order of a set is not."""
        parts = (self.configured.items(), self.rfc_texts, self.candidates)
        return repr([sorted(part) for part in parts])

    def place_of(self, path: str) -> PlacedRecord | None:
        """The place of a path; None where no decision record is expected."""
        if not is_record_file(path):
            return None
        for folder in map(str, PurePosixPath(path).parents):
            if folder in self.configured:
                return self.configured[folder]
            if folder in self.rfc_texts:
                return PlacedRecord(Place.RFCS, folder)
        named = named_place(path)
        return PlacedRecord(*named) if named else None


def decision_layout(root: Path, paths: Iterable[str]) -> DecisionLayout:
    """Find where a checkout keeps its decision records; see `layout_of`.

    Args:
        root: The checkout.
        paths: Every path of a scan, relative to the root.
    """
    return layout_of(paths, lambda path: _text(root, path))


def layout_of(paths: Iterable[str], read: Callable[[str], str]) -> DecisionLayout:
    """Find where a repository keeps its decision records.

    Args:
        paths: Every path, relative to the root.
        read: Gives the text of a small file; empty where it cannot be read.

    Returns:
        A layout that can be sent to another process. Configuration that cannot be read, or that
        names a folder outside the root, is left aside.
    """
    known = sorted(set(paths))
    configured: dict[str, PlacedRecord] = {}
    for path in known:
        understand = _CONFIGURATIONS.get(PurePosixPath(path).name)
        if understand is not None:
            configured.update(understand(posixpath.dirname(path), read(path)))
    places = DecisionLayout(configured=configured, rfc_texts=_rfc_texts(known))
    return _with_candidates(places, known)


def _with_candidates(places: DecisionLayout, paths: Iterable[str]) -> DecisionLayout:
    by_number: dict[tuple[str, int], list[str]] = {}
    by_stem: dict[str, list[str]] = {}
    for path in paths:
        placed = places.place_of(path)
        if placed is None:
            continue
        name = record_name(path)
        by_stem.setdefault(name.stem.lower(), []).append(path)
        if name.number is not None:
            for folder in {placed.folder, posixpath.dirname(path)}:
                by_number.setdefault((folder, name.number), []).append(path)
    return DecisionLayout(
        configured=places.configured,
        rfc_texts=places.rfc_texts,
        candidates=frozenset(path for found in by_stem.values() for path in found),
        by_number={key: tuple(found) for key, found in by_number.items()},
        by_stem={key: tuple(found) for key, found in by_stem.items()},
    )


def _rfc_texts(paths: Iterable[str]) -> frozenset[str]:
    numbered: dict[str, int] = {}
    with_template: set[str] = set()
    for path in paths:
        folder, name = posixpath.split(path)
        if posixpath.basename(folder) == "text" and record_name(path).number is not None:
            numbered[folder] = numbered.get(folder, 0) + is_record_file(path)
        if name.startswith("0000-") and "template" in name:
            with_template.add(folder)
    return frozenset(
        folder
        for folder, count in numbered.items()
        if count >= MIN_RFC_TEXTS or posixpath.dirname(folder) in with_template
    )


def _adr_dir(folder: str, text: str) -> dict[str, PlacedRecord]:
    target = _inside(folder, text.strip().split("\n", 1)[0])
    return {target: PlacedRecord(Place.ADR_TOOLS, target)} if target else {}


def _log4brains(folder: str, text: str) -> dict[str, PlacedRecord]:
    try:
        loaded = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, TypeError, RecursionError):
        _log.info("cannot read .log4brains.yml in %r", folder)
        return {}
    project = loaded.get("project") if isinstance(loaded, dict) else None
    if not isinstance(project, dict):
        return {}
    packages = project.get("packages")
    entries = [project, *(packages[:MAX_PACKAGES] if isinstance(packages, list) else [])]
    found = {}
    for index, entry in enumerate(entries):
        if not isinstance(entry, dict):
            continue
        target = _inside(folder, str(entry.get("adrFolder") or ""))
        if target:
            package = str(entry.get("name") or "") if index else ""
            found[target] = PlacedRecord(Place.LOG4BRAINS, target, package)
    return found


_CONFIGURATIONS = {".adr-dir": _adr_dir, ".log4brains.yml": _log4brains, ".log4brains.yaml": _log4brains}

CONFIGURATION_FILES = frozenset(_CONFIGURATIONS)
"""A change in one of these may change which files are records."""


def _inside(folder: str, target: str) -> str | None:
    """A folder relative to the root; None when it is empty, the root itself, or outside."""
    if not target or target.startswith("/") or "\\" in target or "\0" in target:
        return None
    joined = posixpath.normpath(posixpath.join(folder, target))
    return None if joined in {".", ""} or joined.startswith("..") else joined


def _text(root: Path, path: str) -> str:
    """A small configuration file's text; empty when it cannot be read or is too large."""
    file = root / path
    try:
        if not Path(os.path.realpath(file)).is_relative_to(os.path.realpath(root)):
            return ""
        with file.open("rb") as stream:
            raw = stream.read(MAX_CONFIGURATION_BYTES + 1)
    except OSError:
        return ""
    return raw.decode("utf-8", errors="replace") if len(raw) <= MAX_CONFIGURATION_BYTES else ""

"""The sections of an ``.editorconfig`` that are for one file."""

from __future__ import annotations

import posixpath
import re

from whykeeper_indexers.conventions.globs import MAX_GLOB_CHARACTERS, anchor, float_bare, matches

__all__ = ["sections_for"]

_SECTION = re.compile(r"\A\s*\[(.{1,500})\]\s*\Z")


def sections_for(path: str, folder: str, text: str) -> str:
    """Blank the sections that are for other files, and what a later section sets anew.

    Args:
        path: The file, or a folder with a slash at its end, which only sections for every file are for.
        folder: Where the configuration lies.
        text: The configuration.

    Returns:
        As many lines as before.
    """
    # A name that no section spells out.
    place = path if posixpath.basename(path) else f"{path}\0"
    lines = text.split("\n")
    kept = [""] * len(lines)
    set_at: dict[str, int] = {}
    applies = False
    for number, line in enumerate(lines):
        if section := _SECTION.match(line):
            applies = _is_for(section[1], folder, place)
        elif applies and line.strip():
            key = line.partition("=")[0].strip().lower()
            kept[set_at.get(key, number)] = ""
            kept[number], set_at[key] = line, number
    return "\n".join(kept)


def _is_for(glob: str, folder: str, path: str) -> bool:
    # Matched segment by segment, a name alone at any depth.
    return len(glob) <= MAX_GLOB_CHARACTERS and matches(anchor(float_bare([glob]), folder), path)

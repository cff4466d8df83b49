"""Cline: ``.clinerules``, a file or a folder of files that may name their ``paths``."""

from __future__ import annotations

import posixpath

from whykeeper_indexers.conventions.form import ConventionFile, Reading, home_of
from whykeeper_indexers.conventions.globs import anchor, float_bare, split_globs
from whykeeper_indexers.types import Scope, ScopeMode

TOOL = "cline"

_NAME = ".clinerules"
_NOT_RULES = ("workflows/", "hooks/", "skills/")


def recognises(path: str) -> bool:
    """Say whether the path is the file or lies in the folder."""
    if posixpath.basename(path) == _NAME:
        return True
    if not path.endswith((".md", ".txt")) or home_of(path, _NAME) is None:
        return False
    return not path.rpartition(f"{_NAME}/")[2].startswith(_NOT_RULES)


def read(file: ConventionFile) -> Reading:
    """Bind the paths named, else every path."""
    home = home_of(file.path, _NAME)
    if home is None:
        return Reading(Scope(folder=posixpath.dirname(file.path)))
    globs = anchor(float_bare(split_globs(file.fields.values.get("paths"))), home)
    mode = ScopeMode.PATHS if globs else ScopeMode.ALWAYS
    return Reading(
        Scope(home, globs, mode), description=file.fields.text("description"), note=file.fields.note
    )

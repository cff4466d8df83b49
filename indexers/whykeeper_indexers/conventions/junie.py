"""Junie: ``.junie/guidelines.md``."""

from __future__ import annotations

import posixpath

from whykeeper_indexers.conventions.form import ConventionFile, Reading, home_of
from whykeeper_indexers.types import Scope

TOOL = "junie"

_FOLDER = ".junie"


def recognises(path: str) -> bool:
    """Say whether the path is Junie's guidelines."""
    return posixpath.basename(path) == "guidelines.md" and home_of(path, _FOLDER) is not None


def read(file: ConventionFile) -> Reading:
    """Bind the folder that ``.junie`` lies in."""
    return Reading(Scope(folder=home_of(file.path, _FOLDER) or ""))

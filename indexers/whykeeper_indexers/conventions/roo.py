"""Roo Code: ``.roo/rules`` and ``.roorules``, and their like for one mode, as ``.roo/rules-architect``.

Source: "Custom Instructions" in Roo Code's documentation.
"""

from __future__ import annotations

import posixpath
import re

from whykeeper_indexers.conventions.form import ConventionFile, Reading, home_of
from whykeeper_indexers.types import Scope, ScopeMode

TOOL = "roo"

_RULES = ".roo/rules"
_FILE = re.compile(r"\.roorules(?P<mode>-[\w-]+)?")
_MODE_FOLDER = re.compile(r"(?:(?P<home>.+)/)?\.roo/rules-[\w-]+/.+", re.DOTALL)


def recognises(path: str) -> bool:
    """Say whether the path is a rule, of every mode or of one, or the older single file."""
    if _FILE.fullmatch(posixpath.basename(path)) or _MODE_FOLDER.fullmatch(path):
        return True
    return path.endswith((".md", ".txt")) and home_of(path, _RULES) is not None


def read(file: ConventionFile) -> Reading:
    """Bind every path; the rules of one mode only when a person chooses that mode."""
    if (name := _FILE.fullmatch(posixpath.basename(file.path))) is not None:
        mode = ScopeMode.ON_REQUEST if name["mode"] else ScopeMode.ALWAYS
        return Reading(Scope(posixpath.dirname(file.path), mode=mode))
    if (folder := _MODE_FOLDER.fullmatch(file.path)) is not None:
        return Reading(Scope(folder["home"] or "", mode=ScopeMode.ON_REQUEST))
    return Reading(Scope(home_of(file.path, _RULES) or ""))

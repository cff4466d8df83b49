"""Windsurf: ``.windsurf/rules/*.md`` with a ``trigger``, and ``.windsurfrules``."""

from __future__ import annotations

import posixpath

from whykeeper_indexers.conventions.form import ConventionFile, Reading, home_of
from whykeeper_indexers.conventions.globs import anchor, float_bare, split_globs
from whykeeper_indexers.types import Scope, ScopeMode

TOOL = "windsurf"

_FOLDERS = (".windsurf/rules", ".devin/rules")
_MODES = {"manual": ScopeMode.ON_REQUEST, "model_decision": ScopeMode.MODEL_DECIDES}


def recognises(path: str) -> bool:
    """Say whether the path is a rule or the older single file."""
    if posixpath.basename(path) == ".windsurfrules":
        return True
    return path.endswith(".md") and _home(path) is not None


def read(file: ConventionFile) -> Reading:
    """Bind what the trigger says; without one, every path."""
    home = _home(file.path)
    if home is None:
        return Reading(Scope(folder=posixpath.dirname(file.path)))
    trigger = file.fields.text("trigger").lower()
    globs = anchor(float_bare(split_globs(file.fields.values.get("globs"))), home)
    bound = globs if trigger in {"glob", ""} else ()
    mode = ScopeMode.PATHS if bound else _MODES.get(trigger, ScopeMode.ALWAYS)
    return Reading(Scope(home, bound, mode), description=file.fields.text("description"))


def _home(path: str) -> str | None:
    homes = (home_of(path, folder) for folder in _FOLDERS)
    return next((home for home in homes if home is not None), None)

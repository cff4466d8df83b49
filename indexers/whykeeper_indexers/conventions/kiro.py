"""Kiro: ``.kiro/steering/*.md`` with ``inclusion`` and ``#[[file:…]]`` references."""

from __future__ import annotations

from whykeeper_indexers.conventions.form import ConventionFile, Reading, home_of
from whykeeper_indexers.conventions.globs import anchor, float_bare, split_globs
from whykeeper_indexers.conventions.imports import linked_files
from whykeeper_indexers.types import Scope, ScopeMode

TOOL = "kiro"

_FOLDER = ".kiro/steering"
_MODES = {
    "filematch": ScopeMode.PATHS,
    "manual": ScopeMode.ON_REQUEST,
    "auto": ScopeMode.MODEL_DECIDES,
}


def recognises(path: str) -> bool:
    """Say whether the path is a steering file."""
    return path.endswith(".md") and home_of(path, _FOLDER) is not None


def read(file: ConventionFile) -> Reading:
    """Bind what ``inclusion`` says; without it, every path."""
    home = home_of(file.path, _FOLDER) or ""
    globs = anchor(float_bare(split_globs(file.fields.values.get("fileMatchPattern"))), home)
    mode = _MODES.get(file.fields.text("inclusion").lower(), ScopeMode.ALWAYS)
    if mode is ScopeMode.PATHS and not globs:
        mode = ScopeMode.ON_REQUEST
    scope = Scope(home, globs if mode is ScopeMode.PATHS else (), mode)
    imports = linked_files(file.body, file.path)
    return Reading(scope, imports, file.fields.text("description"), file.fields.note)

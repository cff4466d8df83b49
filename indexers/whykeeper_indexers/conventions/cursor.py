"""Cursor: ``.cursor/rules/**/*.mdc``, whose front matter is often not YAML, and ``.cursorrules``."""

from __future__ import annotations

import posixpath

from whykeeper_indexers.conventions.form import ConventionFile, Reading, home_of
from whykeeper_indexers.conventions.globs import anchor, float_bare, split_globs
from whykeeper_indexers.conventions.imports import at_imports, linked_files
from whykeeper_indexers.types import Scope, ScopeMode

TOOL = "cursor"

_FOLDER = ".cursor/rules"


def recognises(path: str) -> bool:
    """Say whether the path is a rule or the older single file."""
    if posixpath.basename(path) == ".cursorrules":
        return True
    return path.endswith((".mdc", ".md")) and home_of(path, _FOLDER) is not None


def read(file: ConventionFile) -> Reading:
    """Bind every path, the globs, what the agent decides by the description, or nothing unasked."""
    home = home_of(file.path, _FOLDER)
    if home is None:
        return Reading(Scope(folder=posixpath.dirname(file.path)))
    description = file.fields.text("description")
    globs = anchor(float_bare(split_globs(file.fields.values.get("globs"))), home)
    mode = _mode(file, globs, description)
    bound = globs if mode is ScopeMode.PATHS else ()
    imports = at_imports(file.body, file.path) + linked_files(file.body, file.path)
    # A loose reading is how Cursor itself reads these; what matters is whether it says whom the rule binds.
    lost = not file.fields.strict and mode is ScopeMode.ON_REQUEST
    note = file.fields.note if lost else ""
    return Reading(Scope(home, bound, mode), tuple(dict.fromkeys(imports)), description, note)


def _mode(file: ConventionFile, globs: tuple[str, ...], description: str) -> ScopeMode:
    if file.fields.flag("alwaysApply"):
        return ScopeMode.ALWAYS
    if globs:
        return ScopeMode.PATHS
    return ScopeMode.MODEL_DECIDES if description else ScopeMode.ON_REQUEST

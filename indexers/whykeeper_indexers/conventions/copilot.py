"""GitHub Copilot: ``copilot-instructions.md``, and ``*.instructions.md`` with ``applyTo``.

A pattern is anchored at the root: ``*.py`` means the root's own files.
"""

from __future__ import annotations

from whykeeper_indexers.conventions.form import ConventionFile, Reading, home_of
from whykeeper_indexers.conventions.globs import anchor, split_globs
from whykeeper_indexers.types import Scope, ScopeMode

TOOL = "copilot"

_MAIN = ".github/copilot-instructions.md"
_FOLDER = ".github/instructions"


def recognises(path: str) -> bool:
    """Say whether the path is one of Copilot's instruction files."""
    if path == _MAIN or path.endswith(f"/{_MAIN}"):
        return True
    return path.endswith(".instructions.md") and home_of(path, _FOLDER) is not None


def read(file: ConventionFile) -> Reading:
    """Bind every path, or those of ``applyTo``; without it, a file is for whoever attaches it."""
    home = home_of(file.path, _FOLDER)
    if home is None:
        return Reading(Scope(folder=file.path.removesuffix(_MAIN).rstrip("/")))
    description = file.fields.text("description")
    globs = anchor(split_globs(file.fields.values.get("applyTo")), home)
    unbound = ScopeMode.MODEL_DECIDES if description else ScopeMode.ON_REQUEST
    mode = ScopeMode.PATHS if globs else unbound
    return Reading(Scope(home, globs, mode), description=description, note=file.fields.note)

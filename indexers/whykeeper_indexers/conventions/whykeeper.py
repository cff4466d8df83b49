"""whykeeper's own: ``docs/context/*.md``, conventions, patterns and pitfalls under review like code."""

from __future__ import annotations

from whykeeper_indexers.conventions.form import ConventionFile, Reading, home_of
from whykeeper_indexers.conventions.globs import anchor, split_globs
from whykeeper_indexers.types import Scope, ScopeMode

TOOL = "whykeeper"

_FOLDER = "docs/context"


def recognises(path: str) -> bool:
    """Say whether the path lies in a conventions folder."""
    return path.endswith(".md") and home_of(path, _FOLDER) is not None


def read(file: ConventionFile) -> Reading:
    """Bind the paths the front matter names, else what the folder's service holds."""
    home = home_of(file.path, _FOLDER) or ""
    globs = anchor(split_globs(file.fields.values.get("paths")), home)
    mode = ScopeMode.PATHS if globs else ScopeMode.ALWAYS
    return Reading(
        Scope(home, globs, mode), description=file.fields.text("description"), note=file.fields.note
    )

"""whykeeper's own: ``docs/context/*.md``, conventions, patterns and pitfalls under review like code.

Repositories that keep their documents in ``doc/`` or ``documentation/`` have them there.
"""

from __future__ import annotations

from whykeeper_indexers.conventions.form import ConventionFile, Reading, home_of
from whykeeper_indexers.conventions.globs import anchor, split_globs
from whykeeper_indexers.types import Scope, ScopeMode

TOOL = "whykeeper"

_FOLDERS = ("docs/context", "doc/context", "documentation/context")


def recognises(path: str) -> bool:
    """Say whether the path lies in a conventions folder."""
    return path.endswith(".md") and _home(path) is not None


def read(file: ConventionFile) -> Reading:
    """Bind the paths the front matter names, else what the folder's service holds."""
    home = _home(file.path) or ""
    globs = anchor(split_globs(file.fields.values.get("paths")), home)
    mode = ScopeMode.PATHS if globs else ScopeMode.ALWAYS
    return Reading(
        Scope(home, globs, mode), description=file.fields.text("description"), note=file.fields.note
    )


def _home(path: str) -> str | None:
    homes = (home_of(path, folder) for folder in _FOLDERS)
    return next((home for home in homes if home is not None), None)

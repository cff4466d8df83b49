"""``AGENTS.md`` (agents.md): plain Markdown, the nearest one to a file wins."""

from __future__ import annotations

import posixpath

from whykeeper_indexers.conventions.form import ConventionFile, Reading
from whykeeper_indexers.types import Scope

TOOL = "agents.md"

_NAMES = frozenset({"AGENTS.md", "AGENTS.override.md", "AGENT.md"})


def recognises(path: str) -> bool:
    """Say whether the path is an ``AGENTS.md``."""
    return posixpath.basename(path) in _NAMES


def read(file: ConventionFile) -> Reading:
    """Bind the folder the file lies in."""
    return Reading(Scope(folder=posixpath.dirname(file.path)))

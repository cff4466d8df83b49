"""Gemini CLI: ``GEMINI.md`` with ``@./file.md`` imports."""

from __future__ import annotations

import posixpath

from whykeeper_indexers.conventions.form import ConventionFile, Reading
from whykeeper_indexers.conventions.imports import at_imports
from whykeeper_indexers.types import Scope

TOOL = "gemini"


def recognises(path: str) -> bool:
    """Say whether the path is a ``GEMINI.md``."""
    return posixpath.basename(path) == "GEMINI.md"


def read(file: ConventionFile) -> Reading:
    """Bind the folder the file lies in."""
    folder = posixpath.dirname(file.path)
    return Reading(Scope(folder=folder), at_imports(file.body, file.path))

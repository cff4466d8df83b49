"""What a convention file or a service document binds, and which of them comes first."""

from __future__ import annotations

import posixpath
from collections.abc import Callable

from whykeeper_indexers.conventions.globs import literal_depth, matching
from whykeeper_indexers.conventions.registry import FORMS
from whykeeper_indexers.documents import is_document
from whykeeper_indexers.types import ConventionRecord, Scope, ScopeMode

__all__ = ["applies", "depth_of", "is_within", "precedence", "service_folder"]

_DOCUMENT_FOLDERS = frozenset({"docs", "doc", "documentation"})
_SERVICE_NOTES = frozenset(
    {
        "architecture",
        "context",
        "context_map",
        "decisions",
        "design",
        "glossary",
        "internals",
        "notes",
        "overview",
        "readme",
    }
)
_HOLDS_SERVICES = frozenset(
    {"apps", "components", "crates", "libs", "modules", "packages", "plugins", "services"}
)
"""A ``docs`` in one of these is a package of its own, beside the others."""
_SITES = frozenset({"site", "website", "www"})
"""A ``docs`` in one of these is what the site shows, not a description of the site."""

_TOOL_RANKS = {tool: rank for rank, tool in enumerate(FORMS)}
_MODE_RANKS = {
    ScopeMode.PATHS: 0,
    ScopeMode.ALWAYS: 0,
    ScopeMode.MODEL_DECIDES: 1,
    ScopeMode.ON_REQUEST: 2,
}


def applies(scope: Scope, path: str) -> bool:
    """Say whether a scope binds a path without anybody's choosing.

    Args:
        scope: A convention file's scope.
        path: A file, relative to the root.

    Returns:
        False also for what only a person or a model can bring in.
    """
    if not is_within(scope.folder, path):
        return False
    if scope.mode is ScopeMode.PATHS:
        return matching(scope.globs, path) is not None
    return scope.mode is ScopeMode.ALWAYS


def precedence(record: ConventionRecord, convention_path: str, path: str) -> tuple[int, int, int, int, str]:
    """Give a sort key: what binds a path first, nearest and most specific, is smallest.

    A glob is as near as the folders it spells out; at the same depth it goes before a file that
    binds the whole folder, and so do agents' files before those for people.

    Args:
        record: A convention file's data.
        convention_path: Where it is.
        path: The file that is asked about.
    """
    scope = record.scope
    glob = matching(scope.globs, path) if scope.globs else None
    depth = depth_of(scope.folder)
    if glob is not None:
        depth = max(depth, literal_depth(glob))
    tool = _TOOL_RANKS.get(record.tool, len(_TOOL_RANKS))
    return _MODE_RANKS[scope.mode], -depth, 0 if glob else 1, tool, convention_path


def service_folder(path: str, folder_has_code: Callable[[str], bool]) -> str | None:
    """Name the folder that a document describes by standing beside its code.

    A README, CONTEXT or design note belongs to its own folder; whatever lies in a service's
    ``docs`` belongs to that service.

    Args:
        path: A document, relative to the root.
        folder_has_code: Says whether a folder, or one below it, holds code.

    Returns:
        The folder, empty for the root; None where the document describes none in particular.
    """
    folder, name = posixpath.split(path)
    stem = posixpath.splitext(name)[0].lower().replace("-", "_")
    if not is_document(path):
        return None
    parts = folder.split("/") if folder else []
    at = next((index for index, part in enumerate(parts) if part.lower() in _DOCUMENT_FOLDERS), None)
    if at is None:
        service = folder if stem in _SERVICE_NOTES else None
    elif at > 0:
        service = "/".join(parts[:at]) if parts[at - 1].lower() not in _HOLDS_SERVICES | _SITES else None
    else:
        # The root's docs describe the whole: only the notes that say so, not every page.
        service = "" if len(parts) == 1 and stem in _SERVICE_NOTES - {"readme"} else None
    return service if service is not None and (not service or folder_has_code(service)) else None


def is_within(folder: str, path: str) -> bool:
    """Say whether a path lies in a folder or below it; everything lies in the root."""
    return not folder or path.startswith(f"{folder}/")


def depth_of(folder: str) -> int:
    """Count a folder's levels; the root has none."""
    return folder.count("/") + 1 if folder else 0

"""Where a repository keeps its documents: one answer for all that is ever written there."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterable

__all__ = ["DOCUMENT_FOLDERS", "context_folder", "documents_folder"]

DOCUMENT_FOLDERS = ("docs", "doc", "documentation")
"""What repositories call the folder of their documents, the usual name first."""
_CONTEXT = "context"


def documents_folder(documents: Iterable[str], above: str = "") -> str:
    """Name the folder with most of the documents; empty where there is none.

    Args:
        documents: Paths of documents.
        above: The folder that it lies in; empty for the root.
    """
    start = f"{above}/" if above else ""
    inside = [path.removeprefix(start) for path in documents if path.startswith(start)]
    counted = Counter(path.partition("/")[0] for path in inside if "/" in path)
    there = [name for name in counted if name.lower() in DOCUMENT_FOLDERS]
    found = max(there, key=lambda name: (counted[name], name), default="")
    return f"{start}{found}" if found else ""


def context_folder(documents: Iterable[str], above: str = "") -> str:
    """Name the folder for what sessions should know: the one that is there, else among the documents."""
    paths = list(documents)
    for name in DOCUMENT_FOLDERS:
        folder = posixpath.join(above, name, _CONTEXT)
        if any(path.startswith(f"{folder}/") for path in paths):
            return folder
    folder = documents_folder(paths, above)
    # Under another spelling of the name the rules would not be read as such.
    known = posixpath.basename(folder) in DOCUMENT_FOLDERS
    return posixpath.join(folder if known else posixpath.join(above, DOCUMENT_FOLDERS[0]), _CONTEXT)

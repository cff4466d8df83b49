"""For people: ``CONVENTIONS.md`` and ``CONTRIBUTING.*``, beside the code or in GitHub's places."""

from __future__ import annotations

import posixpath

from whykeeper_indexers.conventions.form import ConventionFile, Reading
from whykeeper_indexers.types import Scope

TOOL = "contributing"

_STEMS = frozenset({"contributing", "conventions"})
_EXTENSIONS = frozenset({"", ".md", ".markdown", ".mdx", ".rst", ".adoc", ".asciidoc", ".txt"})
_SPEAKING_FOR_THEIR_PARENT = frozenset({".github", "docs", "doc", ".gitlab"})


def recognises(path: str) -> bool:
    """Say whether the path is one of the two, in a markup people write."""
    stem, extension = posixpath.splitext(posixpath.basename(path))
    return stem.lower() in _STEMS and extension.lower() in _EXTENSIONS


def read(file: ConventionFile) -> Reading:
    """Bind the folder the file speaks for: GitHub reads these in ``.github`` and ``docs``, too."""
    folder = posixpath.dirname(file.path)
    parent, name = posixpath.split(folder)
    return Reading(Scope(folder=parent if name in _SPEAKING_FOR_THEIR_PARENT else folder))

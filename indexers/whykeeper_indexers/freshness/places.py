"""Which files a written path can mean, seen from the document that names it."""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from functools import cached_property

__all__ = ["Paths", "meanings"]

_DOCUMENT_ENDINGS = (
    ".md",
    ".mdx",
    ".rst",
    ".adoc",
    ".txt",
    "/index.md",
    "/README.md",
    "/index.mdx",
    "/index.rst",
    "/_index.md",
)
"""What a link to a page leaves out."""
_RENDERED = (".html", ".htm")
_LANGUAGE = re.compile(r"\.([a-z]{2}(?:[-_][A-Za-z]{2,4})?)\.\w{2,4}$")
"""In the name of a page: sites in several languages take a link to `page.md` for the reader's own."""
_MOST_VARIANTS = 12


class Paths:
    """A set of files, with their folders.

    Args:
        files: Relative to the root.
    """

    def __init__(self, files: Iterable[str]) -> None:
        self.files = frozenset(files)

    @cached_property
    def folders(self) -> frozenset[str]:
        """Every folder that holds a file."""
        found: set[str] = set()
        for path in self.files:
            folder = posixpath.dirname(path)
            while folder and folder not in found:
                found.add(folder)
                folder = posixpath.dirname(folder)
        return frozenset(found)

    @cached_property
    def _by_name(self) -> dict[str, list[str]]:
        found: defaultdict[str, list[str]] = defaultdict(list)
        for path in (*self.files, *self.folders):
            found[path.rpartition("/")[2]].append(path)
        return found

    def __contains__(self, path: str) -> bool:
        return path in self.files or path in self.folders

    def ending(self, target: str) -> list[str]:
        """Files and folders whose path ends with a target."""
        tail = f"/{target}"
        return [
            path for path in self._by_name.get(target.rpartition("/")[2], ()) if f"/{path}".endswith(tail)
        ]

    def found(self, target: str, document: str, form: str) -> list[str]:
        """What a written path means among these; empty when nothing."""
        for candidate in meanings(target, document, form):
            if candidate in self:
                return [candidate]
        for variant in _variants(target, form):
            if ending := self.ending(variant):
                return ending
        if form == "tree":
            # A tree is drawn of files: only links leave out that it is a page, or the page of a folder.
            return []
        pages = (*_pages(target), *_translated(target, document))
        return [page for each in pages for page in self._page(each, document, form)]

    def _page(self, target: str, document: str, form: str) -> list[str]:
        if target.rpartition("/")[2] not in self._by_name:
            return []
        for candidate in meanings(target, document, form):
            if candidate in self.files:
                return [candidate]
        plain = target.lstrip("./")
        return self.ending(plain) if "/" in plain else []


def meanings(target: str, document: str, form: str) -> list[str]:
    """Paths relative to the root that a written path can mean, the likeliest first.

    Args:
        target: As written.
        document: Where it stands.
        form: How it is written: a link is relative to the document, anything else may be relative to
            any folder above it.
    """
    plain = target.rstrip("/")
    folder = posixpath.dirname(document)
    found = [_joined(folder, plain)]
    if form != "link" or not plain.startswith("."):
        found += [_joined(above, plain) for above in _above(folder)]
    if form == "tree":
        found += [
            _joined(above, variant)
            for variant in _variants(plain, form)
            for above in (folder, *_above(folder))
        ]
    return list(dict.fromkeys(each for each in found if each))[:_MOST_VARIANTS]


def _above(folder: str) -> Iterator[str]:
    while folder:
        folder = posixpath.dirname(folder)
        yield folder


def _variants(target: str, form: str) -> list[str]:
    """The path without the steps it starts with; of a tree, without the folders it is drawn from."""
    plain = posixpath.normpath(target.rstrip("/")).lstrip("/")
    while plain.startswith("../"):
        plain = plain[3:]
    if plain in ("", ".", ".."):
        return []
    if form == "link" and "/" not in plain:
        return []
    found = [plain]
    if form == "tree":
        parts = plain.split("/")
        found += ["/".join(parts[start:]) for start in range(1, min(3, len(parts)))]
    return found


def _pages(target: str) -> Iterator[str]:
    plain = target.rstrip("/")
    stem, extension = posixpath.splitext(plain)
    if extension in _RENDERED:
        plain = stem
    for ending in _DOCUMENT_ENDINGS:
        yield plain + ending


def _translated(target: str, document: str) -> Iterator[str]:
    stem, extension = posixpath.splitext(target)
    if extension and (language := _LANGUAGE.search(document)):
        yield f"{stem}.{language[1]}{extension}"


def _joined(folder: str, target: str) -> str | None:
    joined = posixpath.normpath(posixpath.join(folder, target.lstrip("/")))
    return None if joined.startswith("..") or joined == "." else joined


def unique(found: Collection[str]) -> str | None:
    """The one of them; None when there are none or more."""
    return next(iter(found)) if len(found) == 1 else None

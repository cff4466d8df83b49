"""Links of decision records that lead nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from whykeeper_indexers.freshness.places import Paths, meanings
from whykeeper_indexers.link_types import ReferenceKind

if TYPE_CHECKING:
    from whykeeper.memory import Memory

__all__ = ["broken_links"]

MOST_NAMED = 5
"""Links named of one record."""
_LINK = "link"
_PAGES = (".md", ".markdown", ".rst", ".adoc", ".txt")


def broken_links(memory: Memory) -> Iterator[str]:
    """Say which decision records have links that name no file or folder of the checkout, in their order.

    What git ignores and what is not indexed is there, too: a picture, a page that is built.
    """
    catalog, checkout = memory.store.catalog, memory.indexer.checkout
    with catalog.snapshot():
        files = Paths(each.path for each in catalog.file_entries(checkout))
        for path in sorted(catalog.decisions(checkout)):
            broken = [
                f"{each.target} (line {each.line})"
                for each in catalog.references(checkout, path)
                if each.kind is ReferenceKind.PATH
                and each.form == _LINK
                and _is_file(each.target)
                and not files.found(each.target, path, _LINK)
                and not _lies_there(memory.repository.root, each.target, path)
            ]
            if broken:
                more = f" and {len(broken) - MOST_NAMED} more" if len(broken) > MOST_NAMED else ""
                yield f"{path} links to what is not there: {', '.join(broken[:MOST_NAMED])}{more}"


def _is_file(target: str) -> bool:
    """Whether a target is spelled like a file, and not like an address or a footnote's first word."""
    first, slash, _ = target.partition("/")
    if slash:
        return first in ("", ".", "..") or "." not in first.lstrip(".")
    return target.lower().endswith(_PAGES)


def _lies_there(root: Path, target: str, document: str) -> bool:
    return any((root / meant).exists() for meant in meanings(target, document, _LINK))

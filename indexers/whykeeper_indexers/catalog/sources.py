"""What the catalog has of files beside their passages: their text, line by line, and their links."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection

from whykeeper_indexers.catalog.chunk_rows import as_json
from whykeeper_indexers.types import ExclusionReason, Kind

__all__ = ["digests", "folded_links", "source_text"]


def source_text(connection: sqlite3.Connection, checkout: int, path: str, kinds: Collection[Kind]) -> str:
    """The text of a file of these kinds with every passage on its lines; empty for any other.

    What is in no passage (comments, badges) is blank.
    """
    query = (
        "SELECT p.first_line, c.text FROM files f JOIN parsed d ON d.id = f.parsed_id "
        "JOIN placements p ON p.parsed_id = d.id JOIN chunks c ON c.rowid = p.chunk "
        "WHERE f.checkout = ? AND f.path = ? AND d.kind IN (SELECT value FROM json_each(?)) "
        "AND p.first_line IS NOT NULL ORDER BY p.ordinal"
    )
    lines: list[str] = []
    for first, text in connection.execute(query, (checkout, path, as_json(kinds))):
        passage = text.split("\n")
        lines += [""] * (first - 1 + len(passage) - len(lines))
        lines[first - 1 : first - 1 + len(passage)] = passage
    return "\n".join(lines)


def folded_links(connection: sqlite3.Connection, checkout: int) -> dict[str, str]:
    """Symbolic links that lead to files of the checkout: to each the path it leads to."""
    query = "SELECT path, detail FROM files WHERE checkout = ? AND reason = ?"
    return dict(connection.execute(query, (checkout, ExclusionReason.LINK_FOLDED.value)))


def digests(connection: sqlite3.Connection, checkout: int, kinds: Collection[Kind]) -> dict[str, str]:
    """The digests of the files of these kinds by path: the same as long as none of them changes."""
    query = (
        "SELECT f.path, f.digest FROM files f JOIN parsed d ON d.id = f.parsed_id "
        "WHERE f.checkout = ? AND d.kind IN (SELECT value FROM json_each(?)) ORDER BY f.path"
    )
    return dict(connection.execute(query, (checkout, as_json(kinds))))

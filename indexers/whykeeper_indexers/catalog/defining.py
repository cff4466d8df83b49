"""What files define, by name: whose symbol a document means is asked of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from whykeeper_indexers.catalog.chunk_rows import symbol_segments
from whykeeper_indexers.catalog.records import clean

__all__ = ["defined", "definers", "insert_defined"]


def insert_defined(connection: sqlite3.Connection, parsed_id: int, symbols: Iterable[str]) -> None:
    """Store what a content defines."""
    rows = (
        (parsed_id, symbol, segments[-1])
        for symbol in dict.fromkeys(map(clean, symbols))
        if (segments := symbol_segments(symbol))
    )
    connection.executemany("INSERT INTO defined VALUES (?, ?, ?)", rows)


def defined(connection: sqlite3.Connection, checkout: int, path: str) -> list[str]:
    """The symbols that a file defines, qualified."""
    query = (
        "SELECT d.symbol FROM files f JOIN defined d ON d.parsed_id = f.parsed_id "
        "WHERE f.checkout = ? AND f.path = ?"
    )
    return [symbol for (symbol,) in connection.execute(query, (checkout, clean(path)))]


def definers(connection: sqlite3.Connection, checkout: int, name: str) -> list[tuple[str, str]]:
    """The files that define a name, by path, each with the qualified name that it has there.

    Args:
        connection: To the catalog.
        checkout: Whose files.
        name: Without what qualifies it; case counts.
    """
    query = (
        "SELECT f.path, d.symbol FROM defined d INDEXED BY defined_name "
        "CROSS JOIN files f INDEXED BY files_parsed ON f.parsed_id = d.parsed_id AND f.checkout = ? "
        "WHERE d.name = ? ORDER BY f.path, d.symbol"
    )
    return connection.execute(query, (checkout, clean(name))).fetchall()

"""The process that a store is checked in: ``python -I -m whykeeper_indexers.vectors.check``."""

from __future__ import annotations

import logging
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from whykeeper_indexers.errors import DamagedStoreError, StorageError
from whykeeper_indexers.vectors.collections import close_client, open_embedded
from whykeeper_indexers.vectors.health import Layout, ask_probes
from whykeeper_indexers.worker import serve


def _check(folder: Path) -> None:
    layout = Layout(folder)
    _check_pages(layout.chroma / "chroma.sqlite3")
    client = open_embedded(layout.chroma)
    ask_probes(client, layout)
    close_client(client)


def _check_pages(file: Path) -> None:
    """SQLite's own check; opening it also brings a log left by a kill back in."""
    if not file.exists():
        # A kill before the first collection; one that is lost is found by its probes.
        return
    try:
        with closing(sqlite3.connect(file)) as database:
            (verdict,) = database.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.OperationalError as error:
        raise StorageError(f"{file} cannot be read: {error}", "check its permissions") from error
    except sqlite3.DatabaseError as error:
        raise DamagedStoreError(f"{file} is damaged: {error}") from error
    if verdict != "ok":
        raise DamagedStoreError(f"{file} is damaged: {verdict.splitlines()[0]}")


if __name__ == "__main__":
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
    serve({"check": _check})

"""Stores damaged for real: noticed, put aside, rebuilt in the background, and said."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from whykeeper_indexers.errors import DamagedStoreError

if TYPE_CHECKING:
    from conftest import Desk, Machine

pytestmark = pytest.mark.border

RECORD = "docs/adr/0001-queue-in-postgres.md"


@pytest.fixture
def many(checkout: Any) -> Any:
    """The checkout with enough in it for an index of vectors to be written to files."""
    for number in range(60):
        text = "".join(
            f"## Part {number}.{part}\n\nThe quokka{number}x{part} decides.\n\n" for part in range(20)
        )
        checkout.write(f"docs/pages/{number:02}.md", f"# Page {number}\n\n{text}")
    checkout.commit("Pages")
    return checkout


def overwrite(file: Path, share: float) -> None:
    size = file.stat().st_size
    with file.open("r+b") as stream:
        stream.seek(int(size * share))
        stream.write(os.urandom(min(65_536, size)))


def cut(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 3)


CATALOG: dict[str, Callable[[Path], object]] = {
    "cut short": lambda folder: cut(folder / "catalog.sqlite3"),
    "deleted": lambda folder: shutil.rmtree(folder),
    "emptied": lambda folder: os.truncate(folder / "catalog.sqlite3", 0),
}
VECTORS: dict[str, Callable[[Path], object]] = {
    "database overwritten": lambda folder: overwrite(folder / "chroma" / "chroma.sqlite3", 0),
    "everything lost": lambda folder: shutil.rmtree(folder / "chroma"),
}


@pytest.mark.parametrize("damage", CATALOG)
def test_a_catalog_damaged_while_nobody_served_it_is_rebuilt_and_said(
    machine: Machine, checkout: Any, damage: str
) -> None:
    machine.sit(checkout.root).settled()
    machine.stop()
    machine.encoder.encoded.clear()
    CATALOG[damage](machine.stores()[0] / "catalog")

    desk = machine.sit(checkout.root)
    answer = desk.search("jobs wait in postgres")
    assert any("catalog was" in note and "being rebuilt" in note for note in answer.notes)
    desk.index()
    assert RECORD in desk.finds("postgres")
    assert any("catalog was" in note and "being" not in note for note in desk.status().notes)
    assert desk.search("jobs wait in postgres").notes == []
    # Vectors are addressed by content: they are there still.
    assert machine.encoder.encoded.total() == 0


@pytest.mark.parametrize("damage", VECTORS)
def test_vectors_damaged_while_nobody_served_them_are_rebuilt_and_said(
    machine: Machine, checkout: Any, damage: str
) -> None:
    told = machine.sit(checkout.root).index()
    machine.stop()
    machine.encoder.encoded.clear()
    machine.encoder.open.clear()
    VECTORS[damage](machine.stores()[0] / "vectors")

    desk = machine.sit(checkout.root)
    desk.wait(lambda: desk.memory.store.encoding)
    answer = desk.search("jobs wait in postgres")
    assert answer.results[0].path == RECORD
    assert any("vectors were damaged" in note for note in answer.notes)
    machine.encoder.open.set()
    desk.index()
    assert machine.encoder.encoded.total() == told["vectors"]
    answer = desk.search("jobs wait in postgres")
    assert (answer.mode, answer.notes) == ("hybrid", [])
    assert any("vectors were damaged" in note and "being" not in note for note in desk.status().notes)


def test_vectors_that_others_deleted_are_made_again(machine: Machine, checkout: Any) -> None:
    desk = machine.sit(checkout.root)
    told = desk.index()
    machine.stop()
    machine.encoder.encoded.clear()
    shutil.rmtree(machine.stores()[0] / "vectors")
    desk = machine.sit(checkout.root)
    desk.index()
    assert machine.encoder.encoded.total() == told["vectors"]


def test_a_catalog_damaged_while_it_is_served_is_rebuilt_without_a_restart(
    machine: Machine, many: Any
) -> None:
    desk = machine.sit(many.root)
    files = desk.index()["files"]
    (folder,) = machine.stores()
    _checkpoint(folder / "catalog" / "catalog.sqlite3")
    for share in (0.0, 0.2, 0.4, 0.6, 0.8):
        overwrite(folder / "catalog" / "catalog.sqlite3", share)

    _provoke(desk)
    answer = desk.search("jobs wait in postgres")
    assert any("catalog was damaged" in note for note in answer.notes)
    assert desk.index()["files"] == files
    assert RECORD in desk.finds("postgres")
    assert list((folder / "catalog").glob("catalog.damaged-*"))


def test_vectors_that_fail_while_they_are_served_are_rebuilt_without_a_restart(
    machine: Machine, many: Any
) -> None:
    # Nothing stands in: what is encoded is encoded once.
    machine.encoder.quick = False
    desk = machine.sit(many.root)
    told = desk.index()
    (folder,) = machine.stores()
    machine.encoder.encoded.clear()
    desk.memory.store.release()
    overwrite(folder / "vectors" / "chroma" / "chroma.sqlite3", 0)

    answer = desk.search("quokka7x7 decides")
    assert answer.mode == "lexical" and answer.notes
    assert "docs/pages/07.md" in [result.path for result in answer.results]
    desk.wait(lambda: any("vectors were damaged" in note for note in desk.status().notes))
    desk.index()
    assert machine.encoder.encoded.total() == told["vectors"]
    assert desk.search("quokka7x7 decides").mode == "hybrid"


def _checkpoint(file: Path) -> None:
    """Have what is in the log written to the file, so that damage to it matters."""
    with closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _provoke(desk: Desk) -> None:
    """Ask until the damage is met."""
    for number in range(60):
        try:
            desk.search(f"quokka{number}x3 decides about page {number}", limit=50, budget=20_000)
        except DamagedStoreError as error:
            assert "ask again" in error.hint
            return
        if desk.memory.store.notes:
            return
    raise AssertionError("the damage was never met")

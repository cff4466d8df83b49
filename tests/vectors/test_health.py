"""Stores damaged for real, and what is noticed, how, and how soon."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock

from whykeeper_indexers.errors import DamagedStoreError, LockedError
from whykeeper_indexers.types import Kind
from whykeeper_indexers.vectors import Space, VectorStore, put_aside

SPACE = Space(Kind.CODE, "0123456789abcdef")
VECTORS = np.random.default_rng(0).normal(size=(2500, 32)).astype(np.float32)

pytestmark = pytest.mark.border


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sound") / "vectors"
    store = VectorStore.open(folder)
    store.add(SPACE, [str(i) for i in range(len(VECTORS))], VECTORS)
    store.close()
    return folder


@pytest.fixture
def folder(sound: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "vectors"
    shutil.copytree(sound, copy)
    return copy


def segment(folder: Path, name: str) -> Path:
    (file,) = folder.glob(f"chroma/*/{name}")
    return file


def overwrite(file: Path, start: float, length: int) -> None:
    with file.open("r+b") as stream:
        stream.seek(int(file.stat().st_size * start))
        stream.write(np.random.default_rng(1).bytes(min(length, file.stat().st_size)))


def cut(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


DAMAGE: dict[str, Callable[[Path], object]] = {
    "vectors overwritten": lambda folder: overwrite(segment(folder, "data_level0.bin"), 0.1, 400_000),
    "vectors cut short": lambda folder: cut(segment(folder, "data_level0.bin")),
    "vectors lost": lambda folder: segment(folder, "data_level0.bin").unlink(),
    "header overwritten": lambda folder: overwrite(segment(folder, "header.bin"), 0, 100),
    "names lost": lambda folder: segment(folder, "index_metadata.pickle").unlink(),
    "names cut short": lambda folder: cut(segment(folder, "index_metadata.pickle")),
    "index lost": lambda folder: shutil.rmtree(segment(folder, "header.bin").parent),
    "database overwritten": lambda folder: overwrite(folder / "chroma" / "chroma.sqlite3", 0, 4096),
    "database overwritten inside": lambda folder: overwrite(
        folder / "chroma" / "chroma.sqlite3", 0.5, 50_000
    ),
    "database cut short": lambda folder: cut(folder / "chroma" / "chroma.sqlite3"),
    "database lost": lambda folder: (folder / "chroma" / "chroma.sqlite3").unlink(),
    "database emptied": lambda folder: os.truncate(folder / "chroma" / "chroma.sqlite3", 0),
    "everything of chroma lost": lambda folder: shutil.rmtree(folder / "chroma"),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_is_noticed_before_the_daemon_opens_the_store(folder: Path, damage: str) -> None:
    DAMAGE[damage](folder)
    with pytest.raises(DamagedStoreError):
        VectorStore.open(folder)
    assert put_aside(folder).is_dir()
    fresh = VectorStore.open(folder)
    assert fresh.spaces() == {}
    fresh.close()


def test_a_store_that_was_not_closed_but_is_whole_passes_the_check(folder: Path) -> None:
    (folder / "closed.json").unlink()
    store = VectorStore.open(folder)
    store.health_check()
    assert store.query(SPACE, VECTORS[9], 1)[0][0] == "9"
    store.close()


def test_a_copied_store_is_checked_and_works(folder: Path) -> None:
    for file in folder.glob("chroma/**/*"):
        os.utime(file)
    store = VectorStore.open(folder)
    assert store.count(SPACE) == len(VECTORS)
    store.close()


def test_lost_probes_are_no_damage(folder: Path) -> None:
    for file in (folder / "probes").iterdir():
        file.write_bytes(b"not an archive")
    (folder / "closed.json").unlink()
    store = VectorStore.open(folder)
    store.add(SPACE, ["new"], VECTORS[:1] * -1)
    store.health_check()
    store.close()


def test_an_open_store_whose_collection_vanishes_fails_its_health_check(folder: Path) -> None:
    store = VectorStore.open(folder)
    (probes,) = (folder / "probes").iterdir()
    shutil.copy(probes, probes.with_name(f"{Kind.DECISION}-ffff.npz"))
    with pytest.raises(DamagedStoreError, match="lost its collection decision-ffff"):
        store.health_check()
    store.close()


def test_a_check_over_its_time_counts_as_damage(folder: Path) -> None:
    (folder / "closed.json").unlink()
    with pytest.raises(DamagedStoreError, match="took more than"):
        VectorStore.open(folder, check_s=0.01)


def test_only_the_last_damaged_store_is_kept(folder: Path) -> None:
    first = put_aside(folder)
    VectorStore.open(folder).close()
    second = put_aside(folder)
    assert second.is_dir()
    assert not first.exists()


def test_an_open_store_can_be_put_aside_and_a_new_one_is_empty(folder: Path) -> None:
    store = VectorStore.open(folder)
    assert store.count(SPACE) == len(VECTORS)
    put_aside(folder)
    fresh = VectorStore.open(folder)
    assert fresh.count(SPACE) == 0
    fresh.close()


def test_a_store_that_another_process_has_open_is_not_put_aside(folder: Path) -> None:
    with FileLock(folder.with_name(f"{folder.name}.lock")), pytest.raises(LockedError):
        put_aside(folder)

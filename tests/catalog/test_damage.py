from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from whykeeper_indexers.catalog import Catalog, put_aside
from whykeeper_indexers.errors import DamagedStoreError, LockedError, StorageError, UserError
from whykeeper_indexers.types import Chunk

if TYPE_CHECKING:
    from tests.catalog.conftest import Bench

FILE = "catalog.sqlite3"


def key(chunk: Chunk) -> str:
    return "k"


def fill(bench: Bench) -> None:
    bench.catalog.apply(
        bench.main, parsed=[bench.content(f"{number}.md", f"text {number} " * 200) for number in range(200)]
    )
    bench.catalog.close()


def overwrite(file: Path, start: int, count: int) -> None:
    with file.open("r+b") as stream:
        stream.seek(start)
        stream.write(b"\xa5" * count)


def test_a_file_that_is_no_database_is_reported_as_damaged(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"not a database, by far " * 1_000)

    with pytest.raises(DamagedStoreError):
        Catalog.open(tmp_path, vector_key=key)


def test_damaged_pages_are_noticed_at_open(bench: Bench) -> None:
    fill(bench)
    overwrite(bench.folder / FILE, 20 * 4096, 40 * 4096)

    with pytest.raises(DamagedStoreError):
        Catalog.open(bench.folder, vector_key=key)


def test_a_truncated_database_is_noticed(bench: Bench) -> None:
    fill(bench)
    file = bench.folder / FILE
    with file.open("r+b") as stream:
        stream.truncate(file.stat().st_size // 2)

    with pytest.raises(DamagedStoreError):
        Catalog.open(bench.folder, vector_key=key).quick_check(10)


def test_a_check_that_runs_out_of_time_says_so(bench: Bench) -> None:
    fill(bench)
    bench.reopen()

    assert bench.catalog.quick_check(10) is True
    assert bench.catalog.quick_check(0) is False


def test_a_damaged_database_is_put_aside_and_a_new_one_takes_its_place(bench: Bench) -> None:
    fill(bench)
    overwrite(bench.folder / FILE, 0, 4096)
    with pytest.raises(DamagedStoreError):
        Catalog.open(bench.folder, vector_key=key)

    aside = put_aside(bench.folder)

    assert aside.name.startswith("catalog.damaged-")
    assert aside.is_file()
    bench.reopen()
    assert bench.catalog.checkouts() == {}


def test_only_the_last_two_damaged_databases_are_kept(tmp_path: Path) -> None:
    names = []
    for _ in range(4):
        Catalog.open(tmp_path, vector_key=key).close()
        (tmp_path / f"{FILE}-wal").write_bytes(b"left over")
        names.append(put_aside(tmp_path).name)

    kept = {path.name for path in tmp_path.iterdir()}

    assert kept == {name + suffix for name in names[2:] for suffix in ("", "-wal")}


def test_a_deleted_database_comes_back_empty(bench: Bench) -> None:
    bench.write("a.md", "alpha")
    bench.catalog.close()
    shutil.rmtree(bench.folder)

    bench.reopen()

    assert bench.catalog.known_files(bench.catalog.checkout(Path("/srv/main"))) == {}


def test_a_newer_schema_is_a_users_matter_and_is_left_alone(bench: Bench) -> None:
    bench.write("a.md", "alpha")
    bench.catalog.close()
    with sqlite3.connect(bench.folder / FILE) as direct:
        direct.execute("PRAGMA user_version = 9999")
    direct.close()
    before = (bench.folder / FILE).read_bytes()

    with pytest.raises(UserError, match="9999") as caught:
        Catalog.open(bench.folder, vector_key=key)

    assert "update whykeeper" in caught.value.hint
    assert (bench.folder / FILE).read_bytes() == before


def test_a_folder_that_cannot_be_made_is_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(StorageError):
        Catalog.open(tmp_path / "file" / "index", vector_key=key)


def test_a_database_that_cannot_be_opened_is_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()

    with pytest.raises(StorageError):
        Catalog.open(tmp_path, vector_key=key)


def test_a_disk_that_takes_no_more_is_a_storage_error_and_leaves_the_state_before(bench: Bench) -> None:
    resource = pytest.importorskip("resource")
    bench.write("a.md", "alpha")
    contents = [bench.content(f"{number}.md", f"word{number} " * 500) for number in range(300)]
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)

    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, hard))
    try:
        with pytest.raises(StorageError):
            bench.catalog.apply(bench.main, parsed=contents)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert bench.found("alpha") == ["alpha"]
    assert list(bench.catalog.known_files(bench.main)) == ["a.md"]
    assert bench.catalog.apply(bench.main, parsed=contents).added_chunks == 300


def test_a_database_another_process_is_writing_is_reported_as_locked(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("whykeeper_indexers.catalog.database.BUSY_TIMEOUT_S", 0.05)
    bench.reopen()
    other = sqlite3.connect(bench.folder / FILE, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(LockedError):
        bench.write("a.md", "alpha")

    other.execute("ROLLBACK")
    other.close()
    assert bench.write("a.md", "alpha").added_chunks == 1

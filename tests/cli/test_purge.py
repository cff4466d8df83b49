from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from whykeeper.daemon.oslock import OsLock
from whykeeper_indexers.scan import open_repository

if TYPE_CHECKING:
    from tests.cli.conftest import CommandLine
    from tests.conftest import GitFolder


@pytest.fixture
def data(isolated_home: Path, git_folder: GitFolder, whykeeper: CommandLine) -> Path:
    """A data folder with what was derived from two repositories, and things of somebody else's."""
    whykeeper.change(cwd=git_folder.root)
    data = isolated_home / "data"
    identity = open_repository(git_folder.root).identity
    for name in (
        f"repositories/repo-{identity[:12]}",
        "repositories/other-000000000000",
        "models/static",
        "mine",
    ):
        folder = data / name
        folder.mkdir(parents=True)
        (folder / "file").write_bytes(b"x" * 2048)
    return data


def names(data: Path) -> list[str]:
    return sorted(path.relative_to(data).as_posix() for path in data.glob("*/*") if path.is_dir())


def test_it_shows_what_it_would_delete_and_deletes_nothing_unasked(
    whykeeper: CommandLine, data: Path
) -> None:
    before = names(data)
    shown = whykeeper("purge", "--dry-run")
    assert shown.code == 0
    assert f"2.0 kB  {data / 'repositories' / 'repo-'}" in shown.out
    assert "other-" not in shown.out
    refused = whykeeper("purge")
    assert (refused.code, "--yes" in refused.err) == (1, True)
    assert names(data) == before


def test_it_deletes_this_repositorys_data_alone_and_stops_the_daemon_first(
    whykeeper: CommandLine, data: Path
) -> None:
    whykeeper.daemon.running = True
    assert whykeeper("purge", "--yes").code == 0
    assert [verb for _, verb, _ in whykeeper.daemon.asked] == ["daemon_stop"]
    assert names(data) == ["models/static", "repositories/other-000000000000"]
    assert (data / "mine" / "file").exists()
    assert "nothing to delete" in whykeeper("purge", "--yes").out


def test_all_deletes_every_repositorys_data_and_nothing_of_anybody_elses(
    whykeeper: CommandLine, data: Path
) -> None:
    ran = whykeeper("purge", "--all", "--yes", "--json")
    assert ran.json["deleted"] is True
    assert ran.json["total_bytes"] == 3 * 2048
    assert sorted(path.name for path in data.iterdir() if path.is_dir()) == ["mine"]


def test_a_link_out_of_the_data_folder_is_not_followed(
    whykeeper: CommandLine, data: Path, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "precious").write_text("x", encoding="utf-8")
    next(data.glob("repositories/repo-*")).rename(data / "away")
    identity = open_repository(whykeeper.runtime.cwd).identity
    (data / "repositories" / f"repo-{identity[:12]}").symlink_to(outside)
    assert whykeeper("purge", "--yes").code == 1
    assert (outside / "precious").exists()


def test_data_that_a_daemon_holds_is_not_deleted(
    whykeeper: CommandLine, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("whykeeper.commands.derived_data.LOCK_WAIT_S", 0.05)
    lock = OsLock(str(data / "daemon.lock"))
    assert lock.acquire()
    ran = whykeeper("purge", "--yes")
    lock.release()
    assert ran.code == 1
    assert "daemon still holds" in ran.err
    assert len(names(data)) == 3


def test_questions_nobody_could_answer_are_left_and_told_of(whykeeper: CommandLine, data: Path) -> None:
    identity = open_repository(whykeeper.runtime.cwd).identity[:12]
    file = data / "questions" / f"repo-{identity}.sqlite3"
    file.parent.mkdir()
    file.write_bytes(b"x")
    assert "gaps --forget" in whykeeper("purge", "--dry-run").out
    assert whykeeper("purge", "--yes", "--json").json["kept"] == [str(file)]
    assert whykeeper("purge", "--all", "--yes", "--json").json["kept"] == [str(file)]
    assert file.exists()

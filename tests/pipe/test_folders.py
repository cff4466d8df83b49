"""Where things are, and which checkout a front-end speaks for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from whykeeper.checkout import client_checkout
from whykeeper.locations import locations
from whykeeper.platform_folders import make_private
from whykeeper_indexers.errors import ConfigurationError, StorageError


def test_folders_follow_the_base_directory_variables() -> None:
    found = locations({"HOME": "/home/ada", "XDG_DATA_HOME": "/data", "XDG_CONFIG_HOME": "relative"})

    assert found.data_dir == Path("/data/whykeeper")
    assert found.config_dir == Path("/home/ada/.config/whykeeper")
    assert found.log_dir == Path("/home/ada/.local/state/whykeeper/log")


def test_a_chosen_data_folder_takes_the_logs_with_it() -> None:
    found = locations({"HOME": "/home/ada", "WHYKEEPER_DATA_DIR": "/elsewhere/../here"})

    assert found.data_dir == Path("/here")
    assert found.log_dir == Path("/here/logs")


@pytest.mark.parametrize("chosen", ["rel", "./rel", "../rel", "~nobody-has-this-name/rel"])
def test_a_relative_data_folder_is_refused(chosen: str) -> None:
    with pytest.raises(ConfigurationError, match="WHYKEEPER_DATA_DIR is a relative path") as refused:
        locations({"HOME": "/home/ada", "WHYKEEPER_DATA_DIR": chosen})

    assert chosen in refused.value.message


def test_a_data_folder_below_the_home_folder_may_be_named_by_it(isolated_home: Path) -> None:
    assert locations({"WHYKEEPER_DATA_DIR": "~/here"}).data_dir == isolated_home / "here"


def test_relative_base_directories_are_ignored() -> None:
    names = ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR")

    assert locations({"HOME": "/home/ada", **dict.fromkeys(names, "rel")}) == locations({"HOME": "/home/ada"})


def test_the_socket_gets_a_short_folder_where_the_runtime_folder_is_long_or_missing(tmp_path: Path) -> None:
    long = tmp_path / ("long" * 20)
    long.mkdir()

    for runtime in (str(long), str(tmp_path / "missing"), "relative", ""):
        found = locations({"HOME": "/home/ada", "XDG_RUNTIME_DIR": runtime}).runtime_dir
        assert found.parent == Path("/tmp")
        assert len(str(found)) < 40


def test_an_open_private_folder_is_closed_and_a_link_refused(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    folder.mkdir(mode=0o755)
    make_private(str(folder))
    assert folder.stat().st_mode & 0o077 == 0

    (tmp_path / "link").symlink_to(folder)
    with pytest.raises(StorageError, match="is a link"):
        make_private(str(tmp_path / "link"))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A checkout."""
    root = (tmp_path / "project").resolve()
    (root / ".git").mkdir(parents=True)
    (root / "src").mkdir()
    return root


def test_the_option_decides_before_the_variable_and_that_before_the_folder(
    project: Path, tmp_path: Path
) -> None:
    other, third = tmp_path / "other", tmp_path / "third"
    for folder in (other, third):
        (folder / ".git").mkdir(parents=True)
    env = {"CLAUDE_PROJECT_DIR": str(other)}

    assert client_checkout(str(third), env, str(project))[0] == str(third.resolve())
    assert client_checkout(None, env, str(project))[0] == str(other.resolve())
    assert client_checkout(None, {}, str(project / "src"))[0] == str(project)
    assert client_checkout("src", {}, str(project))[0] == str(project)


def test_a_folder_outside_git_is_served_whether_it_is_named_or_worked_in(tmp_path: Path) -> None:
    assert client_checkout(str(tmp_path), {}, "/") == (str(tmp_path.resolve()), None)
    assert client_checkout(None, {}, str(tmp_path)) == (str(tmp_path.resolve()), None)


def test_a_working_directory_that_nobody_wants_indexed_whole_is_not_served_unless_named(
    isolated_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path / "scratch"))
    (tmp_path / "scratch").mkdir()
    places = {
        "/": "the file system's root",
        "/tmp": "",
        str(tmp_path / "scratch"): "for temporary files",
        str(isolated_home): "the home folder",
        str(isolated_home.parent): "above the home folder",
    }

    for place, said in places.items():
        checkout, why = client_checkout(None, {}, place)
        assert checkout is None, place
        assert why is not None and said in why and "--repo PATH" in why
        assert client_checkout(place, {}, place)[0] == os.path.realpath(place)
    (isolated_home / ".git").mkdir()
    assert client_checkout(None, {}, str(isolated_home))[0] == str(isolated_home.resolve())


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    checkout, why = client_checkout(str(tmp_path / "gone"), {}, "/")

    assert checkout is None
    assert why is not None and str(tmp_path / "gone") in why

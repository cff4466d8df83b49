from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest

from whykeeper.budgets import LEAST_BUDGET, MOST_BUDGET
from whykeeper.config import Config, LoadedConfig, example, load_config, settings
from whykeeper_indexers.errors import ConfigurationError


class Places:
    """A repository and a user's folder, and what is loaded from them."""

    def __init__(self, base: Path) -> None:
        self.root = base / "repo"
        self.config_dir = base / "config"
        self.root.mkdir()
        self.config_dir.mkdir()

    def repository(self, text: str, name: str = ".whykeeper.toml") -> Path:
        path = self.root / name
        path.write_text(text, encoding="utf-8")
        return path

    def user(self, text: str) -> Path:
        path = self.config_dir / "config.toml"
        path.write_text(text, encoding="utf-8")
        return path

    def load(self, env: Mapping[str, str] | None = None) -> LoadedConfig:
        return load_config(self.root, self.config_dir, env or {})

    def refusal(self, env: Mapping[str, str] | None = None) -> ConfigurationError:
        with pytest.raises(ConfigurationError) as caught:
            self.load(env)
        assert "\n" not in caught.value.message
        return caught.value


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(tmp_path)


def test_without_files_every_value_is_a_default_and_says_so(places: Places) -> None:
    loaded = places.load()
    assert loaded.config == Config()
    assert set(loaded.origins) == {name for name, _ in settings()}
    assert set(loaded.origins.values()) == {"default"}
    assert loaded.notes == ()


@pytest.mark.parametrize("past", [LEAST_BUDGET - 1, MOST_BUDGET + 1])
def test_a_budget_has_the_bounds_that_options_and_tools_have(places: Places, past: int) -> None:
    refused = places.refusal({"WHYKEEPER_SEARCH__BUDGET_TOKENS": str(past)})
    assert "search.budget_tokens" in refused.message
    for most in (LEAST_BUDGET, MOST_BUDGET):
        loaded = places.load({"WHYKEEPER_SEARCH__BUDGET_TOKENS": str(most)})
        assert loaded.config.search.budget_tokens == most


def test_outside_a_repository_only_the_user_and_the_environment_count(places: Places) -> None:
    places.repository("[search]\nlimit = 3\n")
    places.user("[search]\nlimit = 4\n")
    assert load_config(None, places.config_dir, {}).config.search.limit == 4


def test_the_user_is_stronger_than_the_repository_and_the_environment_than_both(places: Places) -> None:
    repository = places.repository("[search]\nlimit = 3\nbudget_tokens = 300\n[index]\nexclude = ['a']\n")
    user = places.user("[search]\nlimit = 4\nbudget_tokens = 400\n")
    loaded = places.load({"WHYKEEPER_SEARCH__LIMIT": "5"})
    assert (loaded.config.search.limit, loaded.config.search.budget_tokens) == (5, 400)
    assert loaded.config.index.exclude == ("a",)
    assert loaded.origins["search.limit"] == "environment WHYKEEPER_SEARCH__LIMIT"
    assert loaded.origins["search.budget_tokens"] == str(user)
    assert loaded.origins["index.exclude"] == str(repository)
    assert loaded.origins["index.history"] == "default"


def test_the_table_in_pyproject_counts_where_there_is_no_file_of_our_own(places: Places) -> None:
    path = places.repository("[tool.whykeeper.search]\nlimit = 7\n", "pyproject.toml")
    loaded = places.load()
    assert loaded.config.search.limit == 7
    assert loaded.origins["search.limit"] == f"{path} [tool.whykeeper]"


def test_our_own_file_wins_over_pyproject_and_a_note_names_both(places: Places) -> None:
    pyproject = places.repository("[tool.whykeeper.search]\nlimit = 7\n", "pyproject.toml")
    own = places.repository("[search]\nlimit = 8\n")
    loaded = places.load()
    assert loaded.config.search.limit == 8
    assert len(loaded.notes) == 1
    assert str(pyproject) in loaded.notes[0]
    assert str(own) in loaded.notes[0]


def test_a_pyproject_that_is_broken_but_none_of_ours_gives_a_note(places: Places) -> None:
    path = places.repository("name = {{ cookiecutter.name }}\n", "pyproject.toml")
    assert str(path) in places.load().notes[0]


def test_a_broken_pyproject_that_names_us_is_an_error_with_the_line(places: Places) -> None:
    places.repository("[tool.whykeeper.search]\nlimit = = 7\n", "pyproject.toml")
    assert "line 2" in places.refusal().message


@pytest.mark.parametrize("tool", ["tool = 3", "[tool]\nother = 1", "[tool.ruff]\nline-length = 1"])
def test_a_pyproject_without_our_table_is_none_of_our_business(places: Places, tool: str) -> None:
    places.repository(tool, "pyproject.toml")
    assert places.load().config == Config()


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("[search]\nlimt = 3\n", "did you mean search.limit?"),
        ("[index]\nmax_bytes = 3\n", "did you mean index.max_file_bytes?"),
        ("[serch]\nlimit = 3\n", "did you mean search?"),
        ("limit = 3\n", "section [limit]"),
        ("[search]\nhistory = true\n", "did you mean index.history?"),
    ],
)
def test_an_unknown_key_is_refused_and_the_nearest_known_named(places: Places, text: str, near: str) -> None:
    path = places.repository(text)
    message = places.refusal().message
    assert message.startswith(f"{path}: ")
    assert near in message


def test_a_key_like_no_other_is_refused_without_a_guess(places: Places) -> None:
    places.repository("[search]\nzzzz = 3\n")
    assert "did you mean" not in places.refusal().message


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[search]\nlimit = 'ten'\n", "search.limit: expected a whole number from 1 to 100, not 'ten'"),
        ("[search]\nlimit = '10'\n", "search.limit: expected a whole number from 1 to 100, not '10'"),
        ("[search]\nlimit = 0\n", "search.limit: expected a whole number from 1 to 100, not 0"),
        ("[search]\nlimit = true\n", "search.limit: expected a whole number from 1 to 100, not true"),
        ("[index]\nhistory = 1\n", "index.history: expected true or false, not 1"),
        ("[index]\ninclude = 'a'\n", "index.include: expected a list of texts, not 'a'"),
        ("[index]\ninclude = ['a', 1]\n", "index.include: expected a list of texts, not ['a', 1]"),
        (
            "[watch]\nmode = 'never'\n",
            'watch.mode: expected one of "auto", "native", "polling", not \'never\'',
        ),
        ("search = 3\n", "search: expected a table, not 3"),
    ],
)
def test_a_value_of_the_wrong_kind_gives_one_line_with_file_key_and_what_was_expected(
    places: Places, text: str, expected: str
) -> None:
    path = places.repository(text)
    assert places.refusal().message == f"{path}: {expected}"


@pytest.mark.parametrize("value", ["inf", "nan", "0", "-1.5", "'600'"])
def test_a_time_out_is_a_number_of_seconds(places: Places, value: str) -> None:
    places.user(f"[daemon]\nidle_timeout_s = {value}\n")
    assert "daemon.idle_timeout_s: expected a number above 0" in places.refusal().message


def test_a_very_long_value_is_not_repeated_whole(places: Places) -> None:
    places.repository(f"[search]\nlimit = '{'x' * 5000}'\n")
    assert len(places.refusal().message) < 400


@pytest.mark.parametrize(
    "setting",
    [
        "model.name = '/tmp/evil'",
        "model.allow_download = true",
        "model.threads = 200",
        "vectors.host = 'evil.example'",
        "vectors.mode = 'server'",
        "daemon.idle_timeout_s = 1",
        "log.level = 'debug'",
        "secrets.enabled = false",
    ],
)
def test_a_repository_may_not_set_what_reaches_beyond_it(places: Places, setting: str) -> None:
    path = places.repository(setting + "\n")
    error = places.refusal()
    assert error.message == f"{path}: {setting.split(' ')[0]} may not be set by a repository"
    assert str(places.config_dir / "config.toml") in error.hint
    path.unlink()
    places.user(setting + "\n")
    assert places.load().config != Config()


def test_a_repository_may_choose_what_encodes_its_code(places: Places) -> None:
    places.repository("[model]\ncode = 'transformer'\n")
    assert places.load().config.model.code == "transformer"


def test_broken_toml_names_file_and_line(places: Places) -> None:
    path = places.user("[search]\nlimit = 3\n[oops\n")
    message = places.refusal().message
    assert message.startswith(f"{path}: not valid TOML: ")
    assert "line 3" in message


def test_a_file_that_is_not_utf8_is_refused_and_a_byte_order_mark_is_not_minded(places: Places) -> None:
    path = places.repository("")
    path.write_bytes(b"\xef\xbb\xbf[search]\r\nlimit = 3\r\n")
    assert places.load().config.search.limit == 3
    path.write_bytes("[search]".encode("utf-16"))
    assert "not UTF-8" in places.refusal().message


def test_a_folder_or_an_endless_file_in_its_place_is_refused(places: Places) -> None:
    (places.root / ".whykeeper.toml").mkdir()
    assert "not a regular file" in places.refusal().message
    (places.root / ".whykeeper.toml").rmdir()
    places.repository("#" * 2_000_000)
    assert "larger than" in places.refusal().message
    places.repository("[" * 50_000)
    assert "TOML" in places.refusal().message or "nested" in places.refusal().message


def test_a_repository_file_that_links_outside_is_not_followed(places: Places, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("password\n", encoding="utf-8")
    (places.root / ".whykeeper.toml").symlink_to(secret)
    message = places.refusal().message
    assert "leaves the repository" in message
    assert "password" not in message
    (places.root / ".whykeeper.toml").unlink()
    (places.root / "pyproject.toml").symlink_to(secret)
    assert "leaves the repository" in places.load().notes[0]


@pytest.mark.skipif(os.geteuid() == 0 if hasattr(os, "geteuid") else True, reason="root may read everything")
def test_a_file_without_read_permission_is_one_clear_line(places: Places) -> None:
    places.user("").chmod(0)
    assert "cannot be read" in places.refusal().message


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("INDEX__HISTORY", "off", False),
        ("INDEX__HISTORY", "TRUE", True),
        ("INDEX__EXCLUDE", "a/, *.log", ("a/", "*.log")),
        ("INDEX__EXCLUDE", '["a,b", "c"]', ("a,b", "c")),
        ("INDEX__EXCLUDE", "", ()),
        ("MODEL__NAME", "/models/true", "/models/true"),
        ("MODEL__ALLOW_DOWNLOAD", "1", True),
        ("DAEMON__IDLE_TIMEOUT_S", "0.5", 0.5),
        ("SEARCH__LIMIT", "7", 7),
    ],
)
def test_the_environment_spells_every_type(places: Places, name: str, text: str, value: object) -> None:
    config = places.load({f"WHYKEEPER_{name}": text}).config
    section, _, key = name.lower().partition("__")
    assert getattr(getattr(config, section), key) == value


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("WHYKEEPER_SEARCH__LIMT", "7", "did you mean WHYKEEPER_SEARCH__LIMIT?"),
        ("WHYKEEPER_SERCH__LIMIT", "7", "did you mean WHYKEEPER_SEARCH__LIMIT?"),
        ("WHYKEEPER_SEARCH__LIMIT", "many", "search.limit: expected a whole number"),
        ("WHYKEEPER_INDEX__HISTORY", "maybe", "index.history: expected true or false"),
        ("WHYKEEPER_INDEX__EXCLUDE", "[1, 2", "index.exclude: expected a list of texts"),
    ],
)
def test_a_bad_variable_is_named(places: Places, name: str, text: str, expected: str) -> None:
    message = places.refusal({name: text}).message
    assert message.startswith(f"environment {name}: ")
    assert expected in message


def test_a_bad_value_comes_with_what_to_do_where_it_stands(places: Places) -> None:
    refused = places.refusal({"WHYKEEPER_SEARCH__LIMIT": "many"})
    assert refused.hint == "put the variable right, or unset it"


def test_variables_that_are_no_settings_are_left_alone(places: Places) -> None:
    env = {"WHYKEEPER_DATA_DIR": "/x", "WHYKEEPER": "1", "OTHER__KEY": "1", "PATH": "/bin"}
    assert places.load(env).config == Config()


def test_the_process_environment_is_never_read(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WHYKEEPER_SEARCH__LIMIT", "99")
    assert places.load({}).config.search.limit == 10


def test_the_example_uncommented_is_the_defaults_and_names_every_setting(places: Places) -> None:
    settings_only = [
        line.removeprefix("# ")
        for line in example().splitlines()
        if line.startswith("[") or " = " in line[:40]
    ]
    text = "\n".join(line for line in settings_only if not line.startswith(" "))
    table = tomllib.loads(text)
    assert {f"{section}.{key}" for section in table for key in table[section]} == {
        name for name, _ in settings()
    }
    places.user(text)
    assert places.load().config == Config()


@pytest.mark.parametrize(
    "text", ["tests=note, undone/stub = off", '{"tests" = "note", "undone/stub" = "off"}']
)
def test_a_table_can_be_set_in_a_file_and_in_the_environment(places: Places, text: str) -> None:
    repository = places.repository('[verify.severity]\ntests = "error"\n')
    assert places.load().origins["verify.severity"] == str(repository)
    assert places.load().config.verify.severity == {"tests": "error"}
    loaded = places.load({"WHYKEEPER_VERIFY__SEVERITY": text})
    assert loaded.config.verify.severity == {"tests": "note", "undone/stub": "off"}


@pytest.mark.parametrize("value", ['"note"', '{ tests = "grave" }', "{ tests = 1 }", '{ "" = "note" }'])
def test_a_weight_that_does_not_exist_is_refused_with_those_that_do(places: Places, value: str) -> None:
    places.repository(f"[verify]\nseverity = {value}\n")
    message = places.refusal().message
    assert 'verify.severity: expected a table of names, each with one of "error", "warning"' in message

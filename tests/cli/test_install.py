from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from whykeeper.clients import jsonc, toml_table

if TYPE_CHECKING:
    from tests.cli.conftest import CommandLine

PROJECT_FILES = {
    "claude": (".mcp.json", "mcpServers"),
    "cursor": (".cursor/mcp.json", "mcpServers"),
    "vscode": (".vscode/mcp.json", "servers"),
    "codex": (".codex/config.toml", "mcp_servers"),
}
CLIENTS = list(PROJECT_FILES)
ENTRY = {"command": "whykeeper", "args": ["serve"]}


@pytest.fixture(autouse=True)
def program(tmp_path: Path, whykeeper: CommandLine) -> Path:
    """A whykeeper program that is on the PATH."""
    program = tmp_path / "bin" / "whykeeper"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n", encoding="utf-8")
    program.chmod(0o755)
    env = {**os.environ, "PATH": str(program.parent)}
    for name in ("XDG_CONFIG_HOME", "CLAUDE_CONFIG_DIR", "CODEX_HOME"):
        env.pop(name, None)
    whykeeper.change(env=env, program=str(program), platform="linux")
    return program


def entry(client: str, path: Path) -> object:
    reader = toml_table if client == "codex" else jsonc
    return reader.lookup(path.read_text(encoding="utf-8"), (PROJECT_FILES[client][1], "whykeeper"))


def project_file(whykeeper: CommandLine, client: str) -> Path:
    return whykeeper.runtime.cwd / PROJECT_FILES[client][0]


@pytest.mark.parametrize("client", CLIENTS)
def test_a_project_gets_the_program_by_name_and_loses_it_without_a_trace(
    whykeeper: CommandLine, client: str
) -> None:
    ran = whykeeper("install", client, "--yes")
    path = project_file(whykeeper, client)
    assert ran.code == 0
    assert "+++ " + str(path) in ran.out
    assert entry(client, path) == ENTRY
    again = whykeeper("install", client)
    assert (again.code, "already registered" in again.out) == (0, True)
    assert whykeeper("uninstall", client, "--yes").code == 0
    assert [each.name for each in whykeeper.runtime.cwd.iterdir()] == [".git"]
    assert "not registered" in whykeeper("uninstall", client, "--yes").out


@pytest.mark.parametrize(
    ("client", "platform", "env", "place"),
    [
        ("claude", "linux", {}, ".claude.json"),
        ("claude", "linux", {"CLAUDE_CONFIG_DIR": "{home}/c"}, "c/.claude.json"),
        ("cursor", "win32", {}, ".cursor/mcp.json"),
        ("codex", "darwin", {}, ".codex/config.toml"),
        ("codex", "linux", {"CODEX_HOME": "{home}/x"}, "x/config.toml"),
        ("vscode", "linux", {}, ".config/Code/User/mcp.json"),
        ("vscode", "linux", {"XDG_CONFIG_HOME": "{home}/cfg"}, "cfg/Code/User/mcp.json"),
        ("vscode", "darwin", {}, "Library/Application Support/Code/User/mcp.json"),
        ("vscode", "win32", {}, "AppData/Roaming/Code/User/mcp.json"),
        ("vscode", "win32", {"APPDATA": "{home}/roaming"}, "roaming/Code/User/mcp.json"),
    ],
)
def test_a_user_gets_the_full_path_where_the_client_looks(
    whykeeper: CommandLine,
    isolated_home: Path,
    program: Path,
    client: str,
    platform: str,
    env: dict[str, str],
    place: str,
) -> None:
    named = {name: value.format(home=isolated_home) for name, value in env.items()}
    whykeeper.change(platform=platform, env={**whykeeper.runtime.env, **named}, cwd=program.parent)
    assert whykeeper("install", client, "--user", "--yes").code == 0
    path = isolated_home / place
    assert entry(client, path) == {"command": str(program), "args": ["serve"]}
    assert path.stat().st_mode & 0o777 == 0o600
    assert whykeeper("uninstall", client, "--user", "--yes").code == 0
    assert not path.exists()


ORIGINALS = {
    "claude": [
        b"",
        b"\n",
        b"{}",
        b"{ }\n",
        b'\xef\xbb\xbf{\r\n\t"mcpServers": {\r\n\t\t"a": {"command": "x"} // why\r\n\t},\r\n}\r\n',
        b'// head\n{ "mcpServers": {}, /* z */ "z": [1, 2,], }',
        b'{"a":1,"mcpServers":{"b":{}}}',
        '{"name": "ä\\u00e4"}'.encode(),
    ],
    "codex": [
        b"",
        b"# mine\n",
        b'model = "x"',
        b'model = "x"\r\n[mcp_servers.a]\r\ncommand = "b" # why\r\n',
        b'mcp_servers = { a = { command = "b" } }\n[z]\n',
        b"[mcp_servers]\n\n\n",
    ],
}


@pytest.mark.parametrize(
    ("client", "original"),
    [(client, original) for client, all_of in ORIGINALS.items() for original in all_of],
)
def test_uninstall_restores_every_byte_and_the_mode(
    whykeeper: CommandLine, client: str, original: bytes
) -> None:
    path = project_file(whykeeper, client)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(original)
    path.chmod(0o640)
    assert whykeeper("install", client, "--yes").code == 0
    assert path.read_bytes() != original
    assert path.stat().st_mode & 0o777 == 0o640
    assert whykeeper("uninstall", client, "--yes").code == 0
    assert path.read_bytes() == original
    assert path.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("client", CLIENTS)
def test_an_install_that_is_brought_up_to_date_is_still_undone_exactly(
    whykeeper: CommandLine, client: str, program: Path
) -> None:
    whykeeper.change(env={**whykeeper.runtime.env, "PATH": ""})
    away = whykeeper("install", client, "--yes")
    path = project_file(whykeeper, client)
    assert entry(client, path) == {"command": str(program), "args": ["serve"]}
    assert "not on your PATH" in away.out
    whykeeper.change(env={**whykeeper.runtime.env, "PATH": str(program.parent)})
    changed = whykeeper("install", client, "--yes")
    assert any(line.startswith("-") and str(program) in line for line in changed.out.splitlines())
    assert entry(client, path) == ENTRY
    whykeeper("uninstall", client, "--yes")
    assert [each.name for each in whykeeper.runtime.cwd.iterdir()] == [".git"]


def test_an_edit_made_since_is_kept_by_uninstall(whykeeper: CommandLine) -> None:
    path = project_file(whykeeper, "claude")
    whykeeper("install", "claude", "--yes")
    path.write_text(
        path.read_text(encoding="utf-8")
        .replace('"serve"', '"serve" // mine')
        .replace("{\n", '{ "x": 1,\n', 1),
        encoding="utf-8",
    )
    whykeeper("uninstall", "claude", "--yes")
    assert jsonc.parse(path.read_text(encoding="utf-8")) == {"x": 1}


def test_keys_a_person_added_to_the_entry_survive_an_update(whykeeper: CommandLine) -> None:
    path = project_file(whykeeper, "cursor")
    path.parent.mkdir()
    before = '{"mcpServers": {"whykeeper": {"env": {"A": "1"}, "command": "old", "args": ["serve"]}}}'
    path.write_text(before, encoding="utf-8")
    whykeeper("install", "cursor", "--yes")
    assert path.read_text(encoding="utf-8") == before.replace('"old"', '"whykeeper"')


THEIRS = {
    "claude": b'{"mcpServers": {"whykeeper": {"command":"mine"}}}',
    "cursor": b'{\r\n  "mcpServers": {"whykeeper": {"command": "mine", "env": {}}, "z": 1} // why\r\n}',
    "codex": b'[mcp_servers.whykeeper]\ncommand = "mine" # why\n\n[z]\n',
}


@pytest.mark.parametrize("client", THEIRS)
def test_an_entry_of_that_name_is_replaced_with_a_word_and_put_back(
    whykeeper: CommandLine, client: str
) -> None:
    path = project_file(whykeeper, client)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(THEIRS[client])
    asked = whykeeper("install", client)
    assert "an entry named whykeeper is there already (command: mine) and is replaced" in asked.out
    assert path.read_bytes() == THEIRS[client]
    assert "is replaced" in whykeeper("install", client, "--dry-run", "--json").json["notes"][0]
    whykeeper("install", client, "--yes")
    assert path.read_bytes() != THEIRS[client]
    assert whykeeper("uninstall", client, "--yes").code == 0
    assert path.read_bytes() == THEIRS[client]


@pytest.mark.parametrize("client", ["claude", "codex"])
def test_a_replaced_entry_comes_back_after_an_update_and_an_edit_elsewhere(
    whykeeper: CommandLine, program: Path, client: str
) -> None:
    path = project_file(whykeeper, client)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(THEIRS[client])
    whykeeper.change(env={**whykeeper.runtime.env, "PATH": ""})
    whykeeper("install", client, "--yes")
    whykeeper.change(env={**whykeeper.runtime.env, "PATH": str(program.parent)})
    again = whykeeper("install", client, "--yes")
    assert "is there already" not in again.out
    assert entry(client, path) == ENTRY
    path.write_bytes(path.read_bytes() + b"\n")
    preview = whykeeper("uninstall", client, "--dry-run")
    assert "was changed since" not in preview.out
    whykeeper("uninstall", client, "--yes")
    assert entry(client, path) == {"command": "mine"}


def test_an_entry_that_was_changed_since_is_named_before_it_is_taken_out(whykeeper: CommandLine) -> None:
    path = project_file(whykeeper, "claude")
    whykeeper("install", "claude", "--yes")
    path.write_text(path.read_text(encoding="utf-8").replace('"serve"', '"serve", "-v"'), encoding="utf-8")
    said = "the entry was changed since it was installed; that change goes with it"
    assert said in whykeeper("uninstall", "claude", "--dry-run").out
    assert whykeeper("uninstall", "claude", "--dry-run", "--json").json["notes"] == [said]
    assert whykeeper("uninstall", "claude", "--yes").code == 0
    assert not path.exists()


def test_uninstall_works_without_a_receipt(whykeeper: CommandLine, isolated_home: Path) -> None:
    path = project_file(whykeeper, "claude")
    path.write_text('{\n  "mcpServers": {\n    "a": {}\n  }\n}\n', encoding="utf-8")
    whykeeper("install", "claude", "--yes")
    whykeeper("install", "vscode", "--yes")
    (isolated_home / "data" / "registrations.json").unlink()
    whykeeper("uninstall", "claude", "--yes")
    assert path.read_text(encoding="utf-8") == '{\n  "mcpServers": {\n    "a": {}\n  }\n}\n'
    whykeeper("uninstall", "vscode", "--yes")
    assert not project_file(whykeeper, "vscode").exists()


def test_a_broken_receipt_is_as_none(whykeeper: CommandLine, isolated_home: Path) -> None:
    whykeeper("install", "claude", "--yes")
    (isolated_home / "data" / "registrations.json").write_text('{"x": 1', encoding="utf-8")
    assert whykeeper("uninstall", "claude", "--yes").code == 0
    assert not project_file(whykeeper, "claude").exists()


def test_the_receipt_holds_nothing_else_of_the_file(whykeeper: CommandLine, isolated_home: Path) -> None:
    path = isolated_home / ".claude.json"
    path.write_text('{"token": "secret", "mcpServers": {"a": {}}, "more": "private"}', encoding="utf-8")
    whykeeper("install", "claude", "--user", "--yes")
    receipts = isolated_home / "data" / "registrations.json"
    assert "secret" not in receipts.read_text(encoding="utf-8")
    assert "private" not in receipts.read_text(encoding="utf-8")
    assert receipts.stat().st_mode & 0o077 == 0


def test_the_edit_is_shown_and_nothing_done_without_consent(whykeeper: CommandLine) -> None:
    ran = whykeeper("install", "claude")
    assert ran.code == 1
    assert '+    "whykeeper": {' in ran.out
    assert "add --yes" in ran.err
    assert whykeeper("install", "claude", "--dry-run").code == 0
    assert not project_file(whykeeper, "claude").exists()


@pytest.mark.parametrize(("answer", "made"), [("y\n", True), ("n\n", False), ("\n", False)])
def test_a_person_at_the_terminal_is_asked(
    whykeeper: CommandLine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, answer: str, made: bool
) -> None:
    typed = tmp_path / "typed"
    typed.write_text(answer, encoding="utf-8")
    whykeeper.change(can_ask=True)
    with typed.open(encoding="utf-8") as stream:
        monkeypatch.setattr("sys.stdin", stream)
        ran = whykeeper("install", "claude")
    assert ran.code == 0
    assert "Make this edit?" in ran.err
    assert project_file(whykeeper, "claude").exists() is made


def test_json_reports_the_edit(whykeeper: CommandLine) -> None:
    ran = whykeeper("install", "claude", "--yes", "--json")
    assert {key: ran.json[key] for key in ("client", "scope", "path", "changed", "command")} == {
        "client": "claude",
        "scope": "project",
        "path": str(project_file(whykeeper, "claude")),
        "changed": True,
        "command": "whykeeper",
    }
    assert whykeeper("uninstall", "claude", "--dry-run", "--json").json["changed"] is False


@pytest.mark.parametrize(
    ("client", "raw", "said"),
    [
        ("claude", b'{"mcpServers": {', "line 1"),
        ("claude", b"[]", "expected an object"),
        ("claude", b'{"mcpServers": 3}', "expected an object"),
        ("claude", b'{"mcpServers": {"whykeeper": "x"}}', "expected an object"),
        ("vscode", b"\xff\xfe{\x00}\x00", "not UTF-8"),
        ("codex", b"[mcp_servers\n", "not valid TOML"),
        ("codex", b"mcp_servers = 3\n", "expected a table"),
    ],
)
def test_a_file_that_cannot_be_edited_is_left_as_it_is(
    whykeeper: CommandLine, client: str, raw: bytes, said: str
) -> None:
    path = project_file(whykeeper, client)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(raw)
    ran = whykeeper("install", client, "--yes")
    assert ran.code == 1
    assert said in ran.err
    assert str(path) in ran.err
    assert path.read_bytes() == raw


def test_a_projects_file_may_not_lead_outside(whykeeper: CommandLine, tmp_path: Path) -> None:
    victim = tmp_path / "victim.json"
    victim.write_text("{}", encoding="utf-8")
    project_file(whykeeper, "claude").symlink_to(victim)
    (whykeeper.runtime.cwd / ".cursor").symlink_to(tmp_path)
    for client in ("claude", "cursor"):
        ran = whykeeper("install", client, "--yes")
        assert ran.code == 1
        assert "outside the repository" in ran.err
    assert victim.read_text(encoding="utf-8") == "{}"


def test_a_users_linked_file_stays_a_link(whykeeper: CommandLine, isolated_home: Path) -> None:
    real = isolated_home / "dotfiles" / "claude.json"
    real.parent.mkdir()
    real.write_text("{}", encoding="utf-8")
    (isolated_home / ".claude.json").symlink_to(real)
    whykeeper("install", "claude", "--user", "--yes")
    assert (isolated_home / ".claude.json").is_symlink()
    assert "whykeeper" in json.loads(real.read_text(encoding="utf-8"))["mcpServers"]
    whykeeper("uninstall", "claude", "--user", "--yes")
    assert real.read_text(encoding="utf-8") == "{}"
    assert [each.name for each in real.parent.iterdir()] == ["claude.json"]


def test_a_folder_that_holds_something_else_stays(whykeeper: CommandLine) -> None:
    whykeeper("install", "vscode", "--yes")
    other = whykeeper.runtime.cwd / ".vscode" / "settings.json"
    other.write_text("{}", encoding="utf-8")
    whykeeper("uninstall", "vscode", "--yes")
    assert [each.name for each in other.parent.iterdir()] == ["settings.json"]


def test_in_the_home_folder_user_is_the_way(whykeeper: CommandLine, isolated_home: Path) -> None:
    whykeeper.change(cwd=isolated_home)
    assert whykeeper("install", "claude", "--yes").code == 1
    assert whykeeper("install", "claude", "--yes", "--user").code == 0

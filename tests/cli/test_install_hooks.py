from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from whykeeper.clients import jsonc

if TYPE_CHECKING:
    from tests.cli.conftest import CommandLine

FILES = {"claude": ".claude/settings.json", "cursor": ".cursor/hooks.json"}
EVENTS = {"claude": ("SessionStart", "Stop"), "cursor": ("sessionStart", "stop")}


@pytest.fixture(autouse=True)
def program(tmp_path: Path, whykeeper: CommandLine) -> Path:
    """A whykeeper program that is on the PATH, and says what it was asked."""
    program = tmp_path / "bin" / "whykeeper"
    program.parent.mkdir()
    program.write_text('#!/bin/sh\necho "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    env = {**os.environ, "PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}"}
    env.pop("CLAUDE_CONFIG_DIR", None)
    whykeeper.change(env=env, program=str(program), platform="linux")
    return program


def commands(client: str, path: Path) -> list[str]:
    """Every command that a client's file has it run, in order."""
    listed = jsonc.parse(path.read_text(encoding="utf-8"))["hooks"]
    entries = [entry for event in EVENTS[client] for entry in listed.get(event, [])]
    inner = [each for entry in entries for each in entry.get("hooks", [entry])]
    return [each["command"] for each in inner]


def ours(client: str, program: str = "whykeeper") -> list[str]:
    events = ("session-start", "stop")
    return [f"{program} hook {client} {event} 2>/dev/null || true" for event in events]


@pytest.mark.parametrize("client", FILES)
def test_hooks_come_with_the_registration_and_go_with_it_without_a_trace(
    whykeeper: CommandLine, client: str
) -> None:
    ran = whykeeper("install", client, "--hooks", "--yes")

    path = whykeeper.runtime.cwd / FILES[client]
    assert (ran.code, f"+++ {path}" in ran.out) == (0, True)
    assert commands(client, path) == ours(client)
    again = whykeeper("install", client, "--hooks")
    assert (again.code, "already runs whykeeper's hooks" in again.out) == (0, True)
    assert whykeeper("uninstall", client, "--yes").code == 0
    assert [each.name for each in whykeeper.runtime.cwd.iterdir()] == [".git"]


def test_the_entries_are_in_each_clients_form(whykeeper: CommandLine) -> None:
    for client in FILES:
        whykeeper("install", client, "--hooks", "--yes")
    root = whykeeper.runtime.cwd
    start, stop = ours("claude")
    assert json.loads((root / FILES["claude"]).read_text(encoding="utf-8")) == {
        "hooks": {
            "SessionStart": [{"hooks": [{"type": "command", "command": start, "timeout": 10}]}],
            "Stop": [{"hooks": [{"type": "command", "command": stop, "timeout": 60}]}],
        }
    }
    start, stop = ours("cursor")
    assert json.loads((root / FILES["cursor"]).read_text(encoding="utf-8")) == {
        "version": 1,
        "hooks": {
            "sessionStart": [{"command": start, "timeout": 10}],
            "stop": [{"command": stop, "timeout": 60}],
        },
    }


COMMENTED = {
    "claude": """{
  // mine
  "model": "x",
  "hooks": {
    "Stop": [
      {
        "hooks": [
          { "type": "command", "command": "mine.sh" } // why
        ]
      }
    ]
  }
}
""",
    "cursor": """{
  "version": 1,
  "hooks": {
    "stop": [
      { "command": "./mine.sh" }, // why
    ]
  }
}
""",
}
THEIRS = {
    "claude": [
        COMMENTED["claude"],
        '{"hooks": {"Stop": [{"hooks": [{"type": "command", "command": "mine.sh"}]}], "PreToolUse": []}}',
        '{\n\t"permissions": {},\n}\n',
        '{"hooks": {}}\n',
        '{\n  "hooks": {\n    "Stop": []\n  }\n}\n',
    ],
    "cursor": [
        COMMENTED["cursor"],
        '{"version": 1, "hooks": {"stop": [{"command": "./mine.sh"}], "afterFileEdit": []}}',
        "{}",
    ],
}


@pytest.mark.parametrize("receipts", ["kept", "lost", "edited"])
@pytest.mark.parametrize(
    ("client", "before"), [(name, text) for name, texts in THEIRS.items() for text in texts]
)
def test_the_hooks_of_a_person_stay_byte_for_byte(
    whykeeper: CommandLine, isolated_home: Path, client: str, before: str, receipts: str
) -> None:
    path = whykeeper.runtime.cwd / FILES[client]
    path.parent.mkdir(parents=True)
    path.write_text(before, encoding="utf-8")
    theirs = [each for each in ("mine.sh", "./mine.sh") if f'"{each}"' in before]

    assert whykeeper("install", client, "--hooks", "--yes").code == 0

    assert sorted(commands(client, path)) == sorted([*theirs, *ours(client)])
    assert "// why" not in before or "// why" in path.read_text(encoding="utf-8")
    if receipts == "lost":
        (isolated_home / "data" / "registrations.json").unlink()
    if receipts == "edited":
        path.write_text(path.read_text(encoding="utf-8") + "// edited\n", encoding="utf-8")
    assert whykeeper("uninstall", client, "--yes").code == 0
    after = path.read_text(encoding="utf-8")
    if receipts == "kept":
        assert after == before
    else:
        assert "whykeeper" not in after
        assert jsonc.parse(before).get("model") == jsonc.parse(after).get("model")
        assert theirs == (commands(client, path) if theirs else [])


def test_a_hook_of_ours_that_was_moved_among_others_is_taken_out_alone(whykeeper: CommandLine) -> None:
    path = whykeeper.runtime.cwd / FILES["claude"]
    path.parent.mkdir()
    command = {"type": "command", "command": ours("claude")[1]}
    mine = {"type": "command", "command": "mine.sh"}
    settings = {"hooks": {"Stop": [{"matcher": "", "hooks": [mine, command]}]}}
    path.write_text(json.dumps(settings), encoding="utf-8")

    assert whykeeper("uninstall", "claude", "--yes").code == 0

    assert jsonc.parse(path.read_text(encoding="utf-8")) == {
        "hooks": {"Stop": [{"matcher": "", "hooks": [mine]}]}
    }


def test_an_install_brings_hooks_up_to_date_and_undoes_them_exactly(
    whykeeper: CommandLine, program: Path
) -> None:
    path = whykeeper.runtime.cwd / FILES["claude"]
    whykeeper.change(env={**whykeeper.runtime.env, "PATH": ""})
    whykeeper("install", "claude", "--hooks", "--yes")
    assert commands("claude", path) == ours("claude", str(program))
    whykeeper.change(env={**whykeeper.runtime.env, "PATH": str(program.parent)})
    whykeeper("install", "claude", "--hooks", "--yes")
    assert commands("claude", path) == ours("claude")
    whykeeper("uninstall", "claude", "--yes")
    assert not path.parent.exists()


def test_a_users_own_file_names_the_program_and_is_private(
    whykeeper: CommandLine, isolated_home: Path, program: Path
) -> None:
    assert whykeeper("install", "cursor", "--user", "--hooks", "--yes").code == 0
    path = isolated_home / ".cursor" / "hooks.json"
    assert commands("cursor", path) == ours("cursor", str(program))
    assert path.stat().st_mode & 0o777 == 0o600


def test_nothing_is_registered_where_hooks_cannot_be(whykeeper: CommandLine) -> None:
    ran = whykeeper("install", "codex", "--hooks", "--yes")
    assert (ran.code, "runs no hooks" in ran.err) == (1, True)
    for text in ("{", '{"hooks": []}', '{"hooks": {"Stop": {}}}'):
        path = whykeeper.runtime.cwd / FILES["claude"]
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        assert whykeeper("install", "claude", "--hooks", "--yes").code == 1
        assert path.read_text(encoding="utf-8") == text
    assert not (whykeeper.runtime.cwd / ".mcp.json").exists()


def test_a_dry_run_and_json_show_the_edit(whykeeper: CommandLine) -> None:
    told: dict[str, Any] = whykeeper("install", "claude", "--hooks", "--dry-run", "--json").json
    assert "SessionStart" in told["hooks"]["diff"]
    assert not (whykeeper.runtime.cwd / ".claude").exists()


@pytest.mark.border
def test_the_command_line_is_quiet_where_whykeeper_is_missing(whykeeper: CommandLine, program: Path) -> None:
    for line in ours("claude"):
        for path, said in ((f"{program.parent}:/usr/bin:/bin", True), ("/usr/bin:/bin", False)):
            ran = subprocess.run(
                ["sh", "-c", line], env={"PATH": path}, capture_output=True, text=True, check=False
            )
            assert (ran.returncode, bool(ran.stdout), ran.stderr) == (0, said, "")

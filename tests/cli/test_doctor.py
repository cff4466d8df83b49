from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import CommandLine


def checks(report: Any) -> dict[str, dict[str, str]]:
    return {check["name"]: check for check in report["checks"]}


def test_it_works_outside_a_repository_and_without_a_daemon(
    whykeeper: CommandLine, isolated_home: Path
) -> None:
    whykeeper.change(cwd=isolated_home)
    ran = whykeeper("doctor", "--json")
    found = checks(ran.json)
    assert (ran.code, ran.json["ok"]) == (0, True)
    assert whykeeper.daemon.asked == []
    assert found["daemon"]["detail"].startswith("not running")
    assert found["repository"]["detail"].startswith("none here")
    expected = {"Python", "mcp", "chromadb", "sentence-transformers", "torch", "git", "data folder", "SQLite"}
    assert expected <= {name for name, check in found.items() if check["status"] in {"ok", "warn"}}
    assert found["model"]["status"] == "ok"


def test_every_setting_is_shown_with_its_origin(whykeeper: CommandLine) -> None:
    file = whykeeper.runtime.cwd / ".whykeeper.toml"
    file.write_text("[search]\nlimit = 3\n", encoding="utf-8")
    whykeeper.change(env={**os.environ, "WHYKEEPER_WATCH__MODE": "polling"})
    values = whykeeper("doctor", "--json").json["configuration"]
    assert values["search.limit"] == {"value": 3, "origin": str(file)}
    assert values["watch.mode"] == {"value": "polling", "origin": "environment WHYKEEPER_WATCH__MODE"}
    assert values["log.level"]["origin"] == "default"
    text = whykeeper("doctor").out
    assert f"  search.limit = 3  ({file})" in text
    assert '  watch.mode = "polling"  (environment WHYKEEPER_WATCH__MODE)' in text


def test_a_broken_setting_fails_with_what_to_do(whykeeper: CommandLine) -> None:
    (whykeeper.runtime.cwd / ".whykeeper.toml").write_text("[search]\nlimt = 3\n", encoding="utf-8")
    ran = whykeeper("doctor")
    assert ran.code == 1
    assert "did you mean search.limit?" in ran.out
    assert checks(whykeeper("doctor", "--json").json)["settings"]["status"] == "fail"


@pytest.mark.parametrize(
    ("name", "status", "said"),
    [
        ("/nowhere/model", "fail", "no model in /nowhere/model; answers are by words only"),
        ("org/model", "fail", "no model is called 'org/model'; answers are by words only"),
    ],
)
def test_the_model_that_is_configured_is_looked_at(
    whykeeper: CommandLine, name: str, status: str, said: str
) -> None:
    whykeeper.change(env={**os.environ, "WHYKEEPER_MODEL__NAME": name})
    model = checks(whykeeper("doctor", "--json").json)["model"]
    assert model["status"] == status
    assert said in model["detail"]


def test_a_model_that_may_be_downloaded_is_no_fault(whykeeper: CommandLine) -> None:
    allowed = {"WHYKEEPER_MODEL__NAME": "org/model", "WHYKEEPER_MODEL__ALLOW_DOWNLOAD": "true"}
    whykeeper.change(env={**os.environ, **allowed})
    model = checks(whykeeper("doctor", "--json").json)["model"]
    assert model["status"] == "ok"
    assert "downloaded when it is first needed" in model["detail"]


def test_a_missing_git_and_a_folder_open_to_others_are_found(whykeeper: CommandLine, tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir(mode=0o755)
    data.chmod(0o755)
    whykeeper.change(env={"HOME": str(tmp_path), "WHYKEEPER_DATA_DIR": str(data), "PATH": ""})
    found = checks(whykeeper("doctor", "--json").json)
    assert found["data folder"]["status"] == "warn"
    assert found["data folder"]["hint"] == f"chmod 700 {data}"
    assert found["git"]["status"] == "fail"


def test_registered_clients_are_listed(whykeeper: CommandLine, tmp_path: Path) -> None:
    program = tmp_path / "whykeeper"
    program.write_text("", encoding="utf-8")
    program.chmod(0o755)
    whykeeper.change(env={**os.environ, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"})
    assert whykeeper("install", "claude", "--yes").code == 0
    (whykeeper.runtime.cwd / ".cursor").mkdir()
    (whykeeper.runtime.cwd / ".cursor" / "mcp.json").write_text("{", encoding="utf-8")
    codex = whykeeper.runtime.cwd / ".codex" / "config.toml"
    codex.parent.mkdir()
    codex.write_text('[mcp_servers.whykeeper]\ncommand = "/gone/whykeeper"\n', encoding="utf-8")
    found = checks(whykeeper("doctor", "--json").json)
    assert found["Claude Code (project)"]["status"] == "ok"
    assert json.loads(found["Claude Code (project)"]["detail"].partition(": ")[2])["args"] == ["serve"]
    assert found["Cursor (project)"]["status"] == "warn"
    assert found["Codex (project)"]["status"] == "fail"
    assert "clients" not in found


def test_a_running_daemon_is_asked(whykeeper: CommandLine) -> None:
    whykeeper.daemon.running = True
    whykeeper.daemon.answers["daemon_status"] = {"version": "0.1.0", "pid": 42}
    assert checks(whykeeper("doctor", "--json").json)["daemon"]["detail"] == "0.1.0, process 42"
    assert [verb for _, verb, _ in whykeeper.daemon.asked] == ["daemon_status"]


def test_a_model_that_cannot_be_loaded_is_told_of_by_the_daemon_that_tried(whykeeper: CommandLine) -> None:
    root = str(whykeeper.runtime.cwd)
    whykeeper.daemon.running = True
    whykeeper.daemon.answers["daemon_status"] = {"version": "0.1.0", "pid": 42, "checkouts": [root]}
    whykeeper.daemon.answers["status"] = {"model": {"state": "failed: /m cannot be loaded"}}
    found = checks(whykeeper("doctor", "--json").json)["model in use"]
    assert found["status"] == "fail"
    assert found["detail"] == "failed: /m cannot be loaded; answers are by words only"
    whykeeper.daemon.answers["status"] = {"model": {"state": "ready"}}
    assert "model in use" not in checks(whykeeper("doctor", "--json").json)


def test_a_change_of_model_is_shown_for_a_checkout_that_is_open(whykeeper: CommandLine) -> None:
    root = str(whykeeper.runtime.cwd)
    whykeeper.daemon.running = True
    whykeeper.daemon.answers["daemon_status"] = {"version": "0.1.0", "pid": 42, "checkouts": [root]}
    index = {"waiting": {"document": 1500, "code": 200}, "earlier": {"bge-small": 1400}}
    whykeeper.daemon.answers["status"] = {"index": index}
    found = checks(whykeeper("doctor", "--json").json)["change of model"]
    assert found["detail"] == "1,700 passages are still to be read; bge-small answers for 1,400 of them"
    whykeeper.daemon.answers["status"] = {"index": {"waiting": {}, "earlier": {}}}
    assert "change of model" not in checks(whykeeper("doctor", "--json").json)

"""With the model that is shipped, and the daemon that is."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from whykeeper.config import Config
from whykeeper.locations import Locations
from whykeeper.wiring import make_encoder

if TYPE_CHECKING:
    from conftest import Machine

RECORD = "docs/adr/0001-queue-in-postgres.md"


@pytest.mark.model
def test_a_question_in_other_words_finds_the_record_and_the_model_is_let_go_and_comes_back(
    machine: Machine, checkout: Any
) -> None:
    config = Config.model_validate({"model": {"code": "transformer"}})
    places = Locations(machine.data_dir, machine.home, machine.home, machine.home)
    machine.real_encoder = make_encoder(config, places)
    desk = machine.sit(checkout.root, MODEL__CODE="transformer")
    desk.index()
    answer = desk.search("which component holds pending tasks so that none vanishes after a crash")
    assert answer.mode == "hybrid"
    assert answer.results[0].path == RECORD

    machine.real_encoder.release_if_idle(-1)
    started = time.monotonic()
    answer = desk.search("where do jobs wait before they are run")
    assert answer.mode == "lexical" and answer.notes and time.monotonic() - started < 1
    desk.wait(lambda: desk.search("where do jobs wait before they are run").mode == "hybrid")


@pytest.mark.border
def test_the_daemon_goes_when_it_is_idle_and_not_before_everything_is_indexed(
    isolated_home: Path,
    checkout: Any,
    compiled_rules: Path,
    tiny_model: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    for number in range(200):
        checkout.write(f"docs/pages/{number:03}.md", f"# Page {number}\n\nQuokka{number}.\n")
    shutil.copytree(compiled_rules, isolated_home / "data" / "rules")
    runtime = tmp_path_factory.mktemp("run")
    data = isolated_home / "data"
    environment = {
        **os.environ,
        "XDG_RUNTIME_DIR": str(runtime),
        "WHYKEEPER_MODEL__NAME": str(tiny_model),
        "WHYKEEPER_MODEL__CODE": "transformer",
        "WHYKEEPER_SECRETS__ENABLED": "false",
        "WHYKEEPER_DAEMON__IDLE_TIMEOUT_S": "1",
    }

    def run(*arguments: str) -> str:
        command = [sys.executable, "-m", "whykeeper.cli", *arguments]
        done = subprocess.run(command, cwd=checkout.root, env=environment, capture_output=True, text=True)
        return done.stdout

    # Asked once, then left alone: no session is attached while it indexes.
    assert json.loads(run("search", "quokka7", "--json"))["notes"]
    pid = int(json.loads((data / "daemon.json").read_text(encoding="utf-8"))["pid"])
    deadline = time.monotonic() + 60
    while Path(f"/proc/{pid}").exists():
        assert time.monotonic() < deadline, "the daemon stays"
        time.sleep(0.05)
    (catalog,) = data.glob("repositories/*/catalog/catalog.sqlite3")
    with closing(sqlite3.connect(catalog)) as database:
        assert database.execute("SELECT count(*) FROM files").fetchone() == (204,)
        assert database.execute("SELECT min(encoded) FROM vectors").fetchone() == (1,)

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from whykeeper.commands.log_tail import follow_lines
from whykeeper.daemon.ownership import ALONE, lock_of, write_owner

if TYPE_CHECKING:
    from tests.cli.conftest import CommandLine

STATUS = {
    "pid": 42,
    "version": "0.1.0",
    "uptime_s": 3725.2,
    "rss_mb": 93.4,
    "sessions": [
        {"role": "mcp", "checkout": "/x", "client_pid": 76543, "in_flight": 2},
        {"role": "control", "checkout": None, "client_pid": 7, "in_flight": 0},
    ],
    "checkouts": ["/x"],
}


@pytest.fixture
def log(whykeeper: CommandLine) -> Path:
    """The daemon's log file, empty."""
    path = whykeeper.runtime.locations.log_dir / "daemon.log"
    path.parent.mkdir(parents=True)
    path.touch()
    return path


def test_status_never_starts_a_daemon(whykeeper: CommandLine) -> None:
    assert "not running" in whykeeper("daemon", "status").out
    assert whykeeper("daemon", "status", "--json").json == {"running": False}
    assert whykeeper.daemon.asked == []


def test_status_says_for_whom_it_runs(whykeeper: CommandLine) -> None:
    whykeeper.daemon.running = True
    whykeeper.daemon.answers["daemon_status"] = STATUS
    assert whykeeper("daemon", "status").out.splitlines() == [
        "daemon 0.1.0, process 42",
        "running for 1 h 2 min, 93 MB",
        "sessions   mcp, process 76543, /x, 2 under way",
        "           control, process 7, no checkout",
        "checkouts  /x",
    ]
    assert whykeeper("daemon", "status", "--json").json == {"running": True, **STATUS}


@pytest.fixture
def alone(whykeeper: CommandLine) -> Iterator[str]:
    """A process that serves alone, as far as others can see: this one."""
    lock = lock_of(str(whykeeper.runtime.locations.data_dir))
    Path(lock.path).parent.mkdir(parents=True)
    assert lock.acquire()
    write_owner(lock, ALONE, "/home/ä/x")
    yield f"process {os.getpid()} serves /home/ä/x alone (`whykeeper serve --in-process`)"
    lock.release()


def test_a_process_that_serves_alone_is_named(whykeeper: CommandLine, alone: str) -> None:
    for verb in ("status", "stop"):
        assert (
            whykeeper("daemon", verb).out == f"the daemon is not running: {alone} until its client ends it\n"
        )
    assert whykeeper("daemon", "status", "--json").json == {
        "running": False,
        "alone": {"pid": os.getpid(), "checkout": "/home/ä/x"},
    }


def test_doctor_names_a_process_that_serves_alone(whykeeper: CommandLine, alone: str) -> None:
    assert f"not running; {alone}" in whykeeper("doctor").out.replace("\n", " ").replace("  ", "")


def test_what_a_process_that_served_alone_left_behind_names_nobody(whykeeper: CommandLine) -> None:
    path = whykeeper.runtime.locations.data_dir / "daemon.lock"
    path.parent.mkdir(parents=True)
    path.write_text(f"{os.getpid()} {ALONE}\n", encoding="ascii")
    assert whykeeper("daemon", "status", "--json").json == {"running": False}


def test_stop_stops_it_once(whykeeper: CommandLine) -> None:
    assert whykeeper("daemon", "stop").out == "the daemon is not running\n"
    assert whykeeper.daemon.asked == []
    whykeeper.daemon.running = True
    assert whykeeper("daemon", "stop", "--json").json == {"stopped": True}
    assert whykeeper.daemon.asked[0][1] == "daemon_stop"


def test_logs_prints_the_last_lines(whykeeper: CommandLine, log: Path) -> None:
    assert whykeeper("daemon", "logs").out == ""
    log.write_text("".join(f"line {number} {'x' * 300}\n" for number in range(1000)), encoding="utf-8")
    lines = whykeeper("daemon", "logs", "-n", "400").out.splitlines()
    assert [line.split()[1] for line in lines] == [str(number) for number in range(600, 1000)]
    assert len(whykeeper("daemon", "logs").out.splitlines()) == 50
    assert whykeeper("daemon", "logs", "-n", "0").out == ""
    assert json.loads(whykeeper("daemon", "logs", "-n", "1", "--json").out)["line"].startswith("line 999")


def test_logs_without_a_log_says_where_it_would_be(whykeeper: CommandLine) -> None:
    assert "no log yet: " in whykeeper("daemon", "logs").out


def test_following_a_log_survives_its_rotation(tmp_path: Path) -> None:
    path = tmp_path / "daemon.log"
    path.write_text("old\nfirst\nsec", encoding="utf-8")
    lines = follow_lines(path, len("old\n"))
    assert next(lines) == "first"
    with path.open("a", encoding="utf-8") as file:
        file.write("ond\n")
    assert next(lines) == "second"
    path.rename(tmp_path / "daemon.log.1")
    writer = threading.Timer(0.05, lambda: path.write_text("third\n", encoding="utf-8"))
    writer.start()
    assert next(lines) == "third"
    writer.join()


@pytest.mark.border
def test_a_followed_log_shows_what_is_added(log: Path, isolated_home: Path) -> None:
    log.write_text("before\n", encoding="utf-8")
    command = [sys.executable, "-m", "whykeeper.cli", "daemon", "logs", "-f"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "before\n"
        with log.open("a", encoding="utf-8") as file:
            file.write("after\n")
        assert process.stdout.readline() == "after\n"
        process.terminate()

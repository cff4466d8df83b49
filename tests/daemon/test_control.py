"""The command line's way to the daemon, against a daemon in a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from whykeeper import control
from whykeeper_indexers.errors import (
    DaemonLostError,
    DaemonStoppedError,
    InternalError,
    NotFoundError,
    UserError,
)

if TYPE_CHECKING:
    from conftest import Machine

pytestmark = pytest.mark.border


@pytest.fixture
def served(served_machine: Machine, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """A machine whose daemon runs, seen from this process."""
    return see(served_machine, monkeypatch)


@pytest.fixture
def own(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """As `served`, for a test that does the daemon harm."""
    machine.serve().open()
    return see(machine, monkeypatch)


def see(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> Machine:
    for name in ("HOME", "WHYKEEPER_DATA_DIR", "XDG_RUNTIME_DIR"):
        monkeypatch.setenv(name, machine.env[name])
    return machine


def test_a_verb_reports_progress_and_then_its_result(served: Machine) -> None:
    reports: list[dict[str, Any]] = []

    result = control.call(Path("/project"), "count", {"to": 3}, reports.append)

    assert reports == [{"n": 0}, {"n": 1}, {"n": 2}]
    assert result == {"counted": 3, "checkout": "/project"}


def test_an_error_arrives_as_what_it_was(served: Machine) -> None:
    with pytest.raises(NotFoundError) as caught:
        control.call(None, "missing", {})

    assert (caught.value.message, caught.value.hint) == ("no such item: 7", "ask for another")


def test_our_own_failures_name_the_log_that_has_the_traceback(served: Machine) -> None:
    with pytest.raises(InternalError) as caught:
        control.call(None, "nonsense", {})

    log = served.data_dir / "logs/daemon.log"
    assert str(log) in caught.value.hint
    assert "Traceback" in log.read_text(encoding="utf-8")


def test_a_name_that_is_not_utf_8_arrives_as_the_index_writes_it(served: Machine) -> None:
    given = ["bad\udcff.md", "\ud800", "good.md"]

    assert control.call(None, "echo", {"paths": given}) == {"paths": [r"bad\xff.md", "\ufffd", "good.md"]}


def test_an_interrupt_cancels_the_work(served: Machine) -> None:
    def interrupt(report: dict[str, Any]) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        control.call(None, "hang", {}, interrupt)

    served.noted("control cancelled")


def test_a_client_that_leaves_amid_progress_is_no_failure(served: Machine) -> None:
    def leave(report: dict[str, Any]) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        control.call(None, "count", {"to": 1_000_000}, leave)

    assert "count failed" not in served.logged("the client of count went away")


def test_status_tells_who_is_served(served: Machine) -> None:
    status = control.call(None, "daemon_status", {})

    assert served.address is not None
    assert status["pid"] == served.address["pid"]
    assert [session["role"] for session in status["sessions"]] == ["mcp", "control"]
    assert status["rss_mb"] > 0
    assert control.daemon_running()


def test_looking_at_an_older_daemon_does_not_replace_it(
    served: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("whykeeper.__version__", "99.0")

    assert control.daemon_running()
    assert control.call(None, "daemon_status", {})["version"] == "0.1.0"
    assert served.diary.count("made") == 1


def test_stop_returns_when_the_daemon_has_gone(machine: Machine) -> None:
    machine.serve().open()

    control.call(None, "daemon_stop", {})

    assert machine.diary[-1] == "closed"
    assert not control.daemon_running()


@pytest.mark.parametrize("verb", ["daemon_status", "daemon_stop"])
def test_asking_after_the_daemon_does_not_start_one(machine: Machine, verb: str) -> None:
    with pytest.raises(UserError, match="no whykeeper daemon is running"):
        control.call(None, verb, {})

    assert machine.address is None


def test_a_daemon_that_is_killed_amid_a_verb_is_lost(own: Machine) -> None:
    with pytest.raises(DaemonLostError, match="the daemon went away during hang"):
        control.call(None, "hang", {}, lambda _report: own.kill_daemon())


def test_a_daemon_that_makes_way_amid_a_verb_is_lost(own: Machine) -> None:
    with pytest.raises(DaemonLostError):
        control.call(None, "hang", {}, lambda _report: own.serve(version="0.2.0").open())


def test_a_daemon_that_is_stopped_amid_a_verb_says_so_whoever_starts_the_next(own: Machine) -> None:
    def stop_and_start(report: dict[str, Any]) -> None:
        control.call(None, "daemon_stop", {})
        own.serve().open()

    with pytest.raises(DaemonStoppedError, match="the daemon was stopped during hang"):
        control.call(None, "hang", {}, stop_and_start)

    assert own.address is not None


def test_a_daemon_that_is_stopped_and_cannot_say_so_has_withdrawn_its_address(own: Machine) -> None:
    def stop_and_kill(report: dict[str, Any]) -> None:
        Path(own.data_dir / "daemon.json").rename(own.data_dir / "withdrawn.json")
        os.kill(json.loads((own.data_dir / "withdrawn.json").read_bytes())["pid"], signal.SIGKILL)

    with pytest.raises(DaemonStoppedError):
        control.call(None, "hang", {}, stop_and_kill)


def test_importing_it_is_light() -> None:
    script = "import sys, whykeeper.control; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], env=os.environ, capture_output=True, text=True)

    assert not {"asyncio", "mcp", "pydantic", "logging"} & set(done.stdout.split())

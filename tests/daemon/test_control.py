"""The command line's way to the daemon, against a daemon in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from whykeeper import control
from whykeeper_indexers.errors import InternalError, NotFoundError, UserError

if TYPE_CHECKING:
    from conftest import Machine

pytestmark = pytest.mark.border


@pytest.fixture
def served(served_machine: Machine, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """A machine whose daemon runs, seen from this process."""
    for name in ("HOME", "WHYKEEPER_DATA_DIR", "XDG_RUNTIME_DIR"):
        monkeypatch.setenv(name, served_machine.env[name])
    return served_machine


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


def test_importing_it_is_light() -> None:
    script = "import sys, whykeeper.control; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], env=os.environ, capture_output=True, text=True)

    assert not {"asyncio", "mcp", "pydantic", "logging"} & set(done.stdout.split())

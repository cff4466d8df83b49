"""The daemon's life: one at a time, replaced by its successor, gone when nobody needs it."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from whykeeper import control
from whykeeper_indexers.errors import LockedError

if TYPE_CHECKING:
    from conftest import BareClient, Machine

pytestmark = pytest.mark.border

LIMIT_S = 20


def test_a_second_daemon_refuses_and_names_the_first(machine: Machine) -> None:
    machine.serve().open()
    assert machine.address is not None

    second = machine.daemon()

    _, error = second.communicate(timeout=LIMIT_S)
    assert second.returncode == 1
    assert f"process {machine.address['pid']}" in error.decode()


def test_the_lock_and_not_the_process_id_decides_who_owns_the_data(machine: Machine) -> None:
    machine.data_dir.mkdir()
    # As a dead daemon leaves it, whose process id now belongs to somebody else.
    (machine.data_dir / "daemon.lock").write_text(f"{os.getpid()} daemon\n", encoding="ascii")

    assert "result" in machine.serve().open()


def test_a_newer_pipe_replaces_the_daemon_and_older_pipes_follow(machine: Machine, tmp_path: Path) -> None:
    old = machine.serve(version="0.1.0")
    old.open()
    waiting = old.start_tool("wait_for", path=str(tmp_path / "signal"))
    machine.noted("waiting")

    new = machine.serve(version="0.2.0")
    opening = new.send(
        "initialize",
        {
            "protocolVersion": "2025-06-18",
            "capabilities": {},
            "clientInfo": {"name": "new", "version": "1"},
        },
    )
    (tmp_path / "signal").touch()

    assert old.answer(waiting)["result"]["structuredContent"] == {"result": "seen"}
    assert new.answer(opening)["result"]["serverInfo"]["version"] == "0.2.0"
    assert old.tool("whereami")["daemon_pid"] == new.tool("whereami")["daemon_pid"]


def test_an_older_pipe_is_served_by_the_newer_daemon(machine: Machine) -> None:
    new = machine.serve(version="0.10.0")
    new.open()
    old = machine.serve(version="0.9.0")

    assert old.open()["result"]["serverInfo"]["version"] == "0.10.0"


def test_it_leaves_when_idle_and_leaves_nothing_behind(machine: Machine) -> None:
    client = machine.serve("--idle-timeout", "0.2")
    client.open()
    assert machine.address is not None
    sock = Path(machine.address["socket"])
    busy = machine.data_dir / "busy"
    busy.touch()
    client.leave()
    machine.noted("closed mcp")
    assert machine.address is not None
    busy.unlink()

    machine.noted("closed")

    assert machine.address is None
    assert not sock.exists()


def test_the_users_own_settings_decide_how_long_it_idles(machine: Machine) -> None:
    settings = machine.home / ".config/whykeeper/config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text("[daemon]\nidle_timeout_s = 0.2\n", encoding="utf-8")
    client = machine.serve()
    client.open()
    client.leave()

    machine.noted("closed")


def test_the_session_that_was_opened_last_decides_how_long_it_idles(machine: Machine) -> None:
    patient = machine.serve()
    patient.open()
    hasty = machine.serve(env=machine.env | {"WHYKEEPER_DAEMON__IDLE_TIMEOUT_S": "0.2"})
    hasty.open()
    hasty.leave()
    patient.leave()

    machine.noted("closed")


def test_it_stays_while_a_session_is_open(machine: Machine) -> None:
    client = machine.serve("--idle-timeout", "0.1")
    client.open()
    pid = client.tool("whereami")["daemon_pid"]
    other = machine.serve()
    other.open()
    other.leave()
    machine.noted("closed mcp")

    assert client.tool("whereami")["daemon_pid"] == pid


def test_sigterm_lets_it_close_in_order_and_its_pipes_wait_for_their_clients(machine: Machine) -> None:
    client = machine.serve()
    client.open()
    first = client.tool("whereami")["daemon_pid"]

    os.kill(first, signal.SIGTERM)
    machine.noted("closed")

    # Nobody asked for another one yet.
    assert machine.diary.count("made") == 1
    assert client.tool("whereami")["daemon_pid"] != first
    assert machine.diary.count("made") == 2


def test_an_ordinary_end_leaves_no_trace_of_an_error(machine: Machine) -> None:
    client = machine.serve()
    client.open()
    assert machine.address is not None

    os.kill(machine.address["pid"], signal.SIGTERM)
    log = machine.logged(": ended")

    assert client.leave() == 0
    assert "ERROR" not in log
    assert "Traceback" not in log


def test_a_socket_that_a_tidy_up_removed_is_made_again(machine: Machine) -> None:
    client = machine.serve("--idle-timeout", "1")
    client.open()
    assert machine.address is not None
    Path(machine.address["socket"]).unlink()

    other = machine.serve()
    other.open()

    assert other.tool("whereami")["daemon_pid"] == client.tool("whereami")["daemon_pid"]


def test_only_the_user_can_reach_the_socket_and_its_token(machine: Machine) -> None:
    machine.serve().open()
    assert machine.address is not None
    path = Path(machine.address["socket"])

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE((machine.data_dir / "daemon.json").stat().st_mode) == 0o600


def say(address: dict[str, Any], line: bytes) -> dict[str, Any]:
    """Say one line to the daemon and return what it answers."""
    family, target = socket.AF_UNIX, address["socket"]
    if address["port"]:
        family, target = socket.AF_INET, ("127.0.0.1", address["port"])
    with socket.socket(family) as link:
        link.settimeout(LIMIT_S)
        link.connect(target)
        link.sendall(line + b"\n")
        answer: dict[str, Any] = json.loads(link.makefile("rb").readline())
        return answer


def preamble(**changes: Any) -> bytes:
    opening = {"whykeeper": 1, "version": "0.1.0", "token": "", "role": "mcp", "config_dir": "/nowhere"}
    return json.dumps({**opening, **changes}).encode()


def test_a_session_that_cannot_be_opened_is_told_why_and_harms_no_other(served_machine: Machine) -> None:
    client = served_machine.serve(env={**served_machine.env, "WHYKEEPER_UNBEARABLE": "1"})

    assert "not this client" in client.open()["error"]["message"]
    assert served_machine.clients[0].tool("echo", text="unharmed") == {"result": "unharmed"}


@pytest.mark.parametrize(
    "line",
    [b"GET / HTTP/1.1", preamble(), preamble(token="0" * 64), preamble(whykeeper=2), b"[" * 100_000],
    ids=["http", "no token", "wrong token", "later protocol", "nonsense"],
)
def test_strangers_are_turned_away(served_machine: Machine, line: bytes) -> None:
    assert served_machine.address is not None

    assert say(served_machine.address, line)["ok"] is False
    assert served_machine.clients[0].tool("echo", text="unharmed") == {"result": "unharmed"}


def test_loopback_serves_where_no_socket_path_fits_and_asks_for_the_token(machine: Machine) -> None:
    machine.runtime_dir = machine.runtime_dir / ("long" * 30)
    daemon = machine.daemon("--runtime-dir", str(machine.runtime_dir))
    machine.listening()
    client = machine.serve()
    client.open()

    assert client.tool("whereami")["daemon_pid"] == daemon.pid
    assert machine.address is not None and machine.address["port"] > 0
    assert say(machine.address, preamble())["ok"] is False


def test_a_runtime_folder_that_is_a_link_is_refused(machine: Machine, tmp_path: Path) -> None:
    link = machine.runtime_dir / "whykeeper"
    link.symlink_to(tmp_path)

    error = machine.serve().open()["error"]

    assert "is a link or belongs to another user" in error["message"]


def test_serving_in_process_needs_no_daemon(machine: Machine) -> None:
    client = machine.in_process()
    client.open()

    assert client.tool("whereami")["daemon_pid"] == client.process.pid
    assert client.tool("echo", text="x" * 3_000_000) == {"result": "x" * 3_000_000}
    assert [line["id"] for line in client.lines] == [1, 2, 3]
    assert machine.address is None
    assert client.leave() == 0
    assert machine.diary[-1] == "closed"


@pytest.mark.parametrize("owner", ["daemon", "in-process"])
def test_serving_in_process_says_when_another_process_owns_the_data(machine: Machine, owner: str) -> None:
    first: BareClient = machine.serve() if owner == "daemon" else machine.in_process()
    first.open()

    second = machine.in_process(stderr=subprocess.PIPE)

    assert second.open()["result"]["serverInfo"]["name"] == "whykeeper"
    for _ in range(2):
        assert second.tool("search_memory", query="why").startswith("another whykeeper process")
    assert second.leave() == 1
    assert second.process.stderr is not None
    said = second.process.stderr.read()
    assert b"another whykeeper process" in said
    assert (b"`whykeeper daemon stop`" in said) == (owner == "daemon")
    assert first.tool("echo", text="fine") == {"result": "fine"}


def test_a_pipe_says_at_once_when_a_process_serves_alone(machine: Machine) -> None:
    machine.in_process().open()

    error = machine.serve().open()["error"]

    assert "serve --in-process" in error["message"]


def test_a_command_says_which_session_to_close_when_a_process_serves_alone(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.in_process().open()
    for name in ("HOME", "WHYKEEPER_DATA_DIR", "XDG_RUNTIME_DIR"):
        monkeypatch.setenv(name, machine.env[name])

    with pytest.raises(LockedError) as caught:
        control.call(None, "count", {"to": 1})

    assert "serve --in-process" in caught.value.message
    assert caught.value.hint == "close that session, or set WHYKEEPER_DATA_DIR"

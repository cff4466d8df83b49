"""``whykeeper serve`` as an agent meets it: over a real process, with a real daemon behind it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Machine

pytestmark = pytest.mark.border

HERE = Path(__file__).parent


def test_five_pipes_at_once_share_one_daemon_and_stay_small(machine: Machine) -> None:
    started = time.perf_counter()
    clients = [machine.serve() for _ in range(5)]
    for client in clients:
        assert client.open()["result"]["serverInfo"]["name"] == "fake"
    sys.stdout.write(f"five handshakes, no daemon before: {time.perf_counter() - started:.2f} s\n")
    started = time.perf_counter()
    sixth = machine.serve()
    sixth.open()
    sys.stdout.write(f"one handshake, daemon running: {time.perf_counter() - started:.3f} s\n")

    pids = {client.tool("whereami")["daemon_pid"] for client in clients}

    assert len(pids) == 1
    assert machine.diary.count("made") == 1
    assert max(client.rss_kb() for client in clients) <= 15 * 1024


def test_a_question_in_flight_when_the_daemon_is_killed_is_answered_by_the_next(
    machine: Machine, era: str
) -> None:
    client = machine.serve(era=era)
    client.open()
    gate = machine.home / "gate"
    first = client.start_tool("search_memory", query=str(gate))
    second = client.start_tool("search_memory", query=str(machine.home))
    assert client.answer(second)["result"]["structuredContent"]["result"] == str(machine.home)
    machine.noted("searching")

    killed = machine.kill_daemon()
    third = client.start_tool("search_memory", query=str(machine.home))
    assert client.answer(third)["result"]["structuredContent"] == {"result": str(machine.home)}
    gate.touch()

    assert client.answer(first)["result"]["structuredContent"] == {"result": str(gate)}
    assert client.tool("whereami")["daemon_pid"] != killed
    # Each answer once, and that of the repeated handshake not at all.
    assert sorted(line["id"] for line in client.lines) == [1, 2, 3, 4, 5]
    assert not [line for line in client.lines if "error" in line]


def test_a_question_sent_before_the_daemons_death_is_noticed_is_answered_by_the_next(
    machine: Machine, era: str
) -> None:
    client = machine.serve(era=era)
    client.open()
    assert machine.address is not None
    stopped = int(machine.address["pid"])
    os.kill(stopped, signal.SIGSTOP)
    question = client.start_tool("search_memory", query=str(machine.home))
    os.kill(stopped, signal.SIGKILL)

    assert client.answer(question)["result"]["structuredContent"] == {"result": str(machine.home)}


def test_a_question_that_one_daemon_after_another_dies_of_is_given_up(machine: Machine) -> None:
    client = machine.serve()
    client.open()

    error = client.answer(client.start_tool("search_memory", query="poison"))["error"]

    assert error["code"] == -32000
    assert "died 3 times" in error["message"]
    assert machine.diary.count("searching") == 3
    assert client.tool("echo", text="unharmed") == {"result": "unharmed"}


def test_a_request_that_may_write_is_not_repeated_when_the_daemon_is_killed(
    machine: Machine, era: str
) -> None:
    client = machine.serve(era=era)
    client.open()
    hanging = client.start_tool("hang")
    machine.noted("hanging")

    killed = machine.kill_daemon()

    error = client.answer(hanging)["error"]
    assert error["code"] == -32000
    assert "is not repeated" in error["message"]
    assert machine.diary.count("hanging") == 1
    assert client.tool("whereami")["daemon_pid"] != killed
    # The repeated handshake's answer is not for the client.
    assert [line["id"] for line in client.lines] == [1, 2, 3]


def test_an_idle_session_outlives_its_daemon_without_noticing(machine: Machine) -> None:
    client = machine.serve()
    client.open()
    machine.kill_daemon()
    machine.noted("opened mcp", times=2)

    assert client.tool("echo", text="still here") == {"result": "still here"}
    assert len(client.lines) == 2


def test_a_subscription_survives_the_daemon(machine: Machine) -> None:
    client = machine.serve(era="modern")
    client.open()
    client.send("subscriptions/listen", {"notifications": {"toolsListChanged": True}})
    client.receive(lambda message: message.get("method") == "notifications/subscriptions/acknowledged")

    machine.kill_daemon()
    machine.noted("opened mcp", times=2)
    client.tool("announce")

    methods = [line["method"] for line in client.lines if "method" in line]
    assert methods == ["notifications/subscriptions/acknowledged", "notifications/tools/list_changed"]


def test_a_killed_pipe_ends_its_session_and_what_it_was_doing(machine: Machine) -> None:
    client, other = machine.serve(), machine.serve()
    client.open()
    other.open()
    client.start_tool("hang")
    machine.noted("hanging")

    client.process.kill()

    machine.noted("cancelled")
    machine.noted("closed mcp")
    assert other.tool("echo", text="unharmed") == {"result": "unharmed"}


def test_what_a_killed_daemon_left_behind_stops_nobody(machine: Machine) -> None:
    first = machine.serve()
    first.open()
    first.process.kill()
    first.process.wait(5)
    killed = machine.kill_daemon()
    assert machine.address is not None and Path(machine.address["socket"]).exists()

    second = machine.serve()
    second.open()

    assert second.tool("whereami")["daemon_pid"] != killed


def test_malformed_lines_are_answered_and_the_session_goes_on(machine: Machine) -> None:
    client = machine.serve()
    client.open()

    client.send_bytes(b"not json\n\n[1, 2]\n\xff\xfe\n" + b'{"jsonrpc": "2.0", "id": "x", "method": 7}\n')
    errors = [client.receive(lambda message: "error" in message) for _ in range(4)]

    assert [(error["id"], error["error"]["code"]) for error in errors] == [
        (None, -32700),
        (None, -32600),
        (None, -32700),
        ("x", -32600),
    ]
    assert client.tool("echo", text="fine") == {"result": "fine"}


@pytest.mark.parametrize(
    ("written", "meant"),
    [(r"bad\udcff.md", r"bad\xff.md"), (r"\ud800 why", "\ufffd why"), (r"\ud83d\ude00", "\U0001f600")],
)
def test_half_a_surrogate_pair_costs_a_request_nothing_but_that(
    machine: Machine, written: str, meant: str
) -> None:
    client = machine.serve()
    client.open()

    client.send_bytes(
        b'{"jsonrpc":"2.0","id":"odd","method":"tools/call","params":{"name":"echo","arguments":{"text":"'
        + written.encode()
        + b'"}}}\n'
    )

    answer = client.receive(lambda message: message.get("id") == "odd")
    assert answer["result"]["structuredContent"] == {"result": meant}


def test_a_request_whose_id_is_half_a_surrogate_pair_is_refused_by_that_id(machine: Machine) -> None:
    client = machine.serve()
    client.open()

    client.send_bytes(rb'{"jsonrpc":"2.0","id":"\ud800","method":"tools/list"}' + b"\n")

    answer = client.receive(lambda message: message.get("id") == "\ud800")
    assert answer["error"]["code"] == -32600
    assert client.tool("echo", text="fine") == {"result": "fine"}


def test_messages_of_ten_megabytes_pass_whole(machine: Machine) -> None:
    client = machine.serve()
    client.open()

    started = time.perf_counter()
    answer = client.tool("echo", text="é" * 5_000_000)
    sys.stdout.write(f"ten megabytes there and twice back: {time.perf_counter() - started:.2f} s\n")

    assert answer == {"result": "é" * 5_000_000}


def test_what_a_tool_prints_stays_off_the_wire(machine: Machine) -> None:
    client = machine.serve()
    client.open()

    client.tool("echo", text="quiet")

    assert [line["id"] for line in client.lines] == [1, 2]
    assert "printed by a tool" in (machine.data_dir / "logs/daemon-output.log").read_text(encoding="utf-8")


def test_the_client_brings_its_own_environment_and_the_daemon_has_none(machine: Machine) -> None:
    checkout = machine.home / "project"
    (checkout / ".git").mkdir(parents=True)
    (checkout / "deep").mkdir()
    starter = machine.serve(
        cwd=machine.home, env={**machine.env, "SECRET": "1", "WHYKEEPER_STARTER": "1", "GIT_DIR": "/x"}
    )
    starter.open()
    client = machine.serve(
        cwd=checkout / "deep",
        env={**machine.env, "WHYKEEPER_MODEL__NAME": "mine", "XDG_CONFIG_HOME": str(machine.home / "cfg")},
    )
    client.open()

    theirs, ours = starter.tool("whereami"), client.tool("whereami")

    assert ours["checkout"] == str(checkout.resolve())
    assert ours["env"] == {"WHYKEEPER_DATA_DIR": str(machine.data_dir), "WHYKEEPER_MODEL__NAME": "mine"}
    assert ours["config_dir"] == str(machine.home / "cfg/whykeeper")
    assert ours["daemon_cwd"] == str(machine.data_dir)
    assert not {"SECRET", "GIT_DIR", "PYTHONPATH", "WHYKEEPER_STARTER", "WHYKEEPER_DATA_DIR"} & set(
        ours["daemon_env"]
    )
    assert theirs["checkout"] == "None"
    assert "--repo" in theirs["checkout_error"]


def test_without_a_daemon_every_request_says_why_until_there_is_one(machine: Machine) -> None:
    machine.data_dir.write_text("a file where the folder should be", encoding="utf-8")
    client = machine.serve()

    refused = client.open()["error"]
    assert str(machine.data_dir) in refused["message"]
    assert "data" in client.ask("tools/list")["error"]["message"]

    machine.data_dir.unlink()
    deadline = time.monotonic() + 10
    while "error" in (answer := client.open()):
        assert time.monotonic() < deadline
    assert answer["result"]["serverInfo"]["name"] == "fake"


def test_a_daemon_that_cannot_start_is_quoted_with_the_place_of_its_log(
    machine: Machine, tmp_path: Path
) -> None:
    broken = tmp_path / "broken_daemon.py"
    broken.write_text("raise SystemExit('no room on the moon')", encoding="utf-8")
    client = machine.serve(daemon=broken)

    error = client.open()["error"]

    assert "no room on the moon" in error["message"]
    assert str(machine.data_dir / "logs") in error["data"]["hint"]
    assert client.leave() == 0


@pytest.mark.parametrize("options", [(), ("--in-process",)])
def test_a_relative_data_folder_is_what_every_request_is_answered_with(
    machine: Machine, options: tuple[str, ...]
) -> None:
    env = {**machine.env, "WHYKEEPER_DATA_DIR": "rel"}
    client = machine.in_process(("-m", "whykeeper.cli", "serve", *options), env=env, stderr=subprocess.PIPE)

    for answer in (
        client.open(),
        client.ask("tools/list"),
        client.answer(client.start_tool("search_memory")),
    ):
        assert "WHYKEEPER_DATA_DIR is a relative path: rel" in answer["error"]["message"]
    assert client.leave() == 0
    assert client.process.stderr is not None
    said = client.process.stderr.read().decode()
    assert said.startswith("whykeeper: WHYKEEPER_DATA_DIR is a relative path: rel")
    assert "Traceback" not in said
    assert not (machine.home / "rel").exists()


def test_a_daemon_started_by_hand_refuses_a_relative_data_folder(machine: Machine) -> None:
    machine.env["WHYKEEPER_DATA_DIR"] = "rel"

    daemon = machine.daemon()

    _, error = daemon.communicate(timeout=20)
    assert daemon.returncode == 1
    assert error.decode().splitlines()[0].startswith("WHYKEEPER_DATA_DIR is a relative path: rel")


def test_a_pipe_ends_cleanly_however_its_client_ends_it(machine: Machine) -> None:
    closing, terminated, interrupted = machine.serve(), machine.serve(), machine.serve()
    for client in (closing, terminated, interrupted):
        client.open()

    terminated.process.send_signal(signal.SIGTERM)
    interrupted.process.send_signal(signal.SIGINT)

    assert closing.leave() == 0
    assert terminated.process.wait(5) == 0
    assert interrupted.process.wait(5) == 130
    machine.noted("closed mcp", times=3)


def test_answers_reach_a_client_that_only_closed_its_own_side(machine: Machine) -> None:
    client = machine.serve(era="modern")
    client.send("tools/call", {"name": "echo", "arguments": {"text": "last words"}})

    assert client.leave() == 0
    assert client.answer(1)["result"]["structuredContent"] == {"result": "last words"}


def test_the_sdk_client_speaks_to_the_pipe_in_both_eras(machine: Machine) -> None:
    script = """
import asyncio, os, sys
from mcp import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

async def main(*command):
    for mode in ("legacy", "auto"):
        parameters = StdioServerParameters(command=sys.executable, args=list(command), env=dict(os.environ))
        async with Client(stdio_client(parameters), mode=mode) as client:
            tools = (await client.list_tools()).tools
            result = await client.call_tool("echo", {"text": mode})
            print(client.protocol_version, len(tools), result.structured_content)

asyncio.run(main(*sys.argv[1:]))
"""
    done = subprocess.run(
        [sys.executable, "-c", script, HERE / "fake_serve.py", HERE / "fake_daemon.py", "0.1.0"],
        env=machine.env,
        capture_output=True,
        text=True,
        timeout=30,
    )

    assert done.stdout.splitlines() == [
        "2025-11-25 6 {'result': 'legacy'}",
        "2026-07-28 6 {'result': 'auto'}",
    ], done.stderr


def test_the_command_serves_without_importing_anything_heavy(machine: Machine) -> None:
    script = (
        "import sys; sys.argv[1:] = ['serve', '--help']\n"
        "from whykeeper.cli import main\ncode = main()\n"
        "print(code, sorted({name.partition('.')[0] for name in sys.modules}), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], env=os.environ, capture_output=True, text=True)

    assert done.stdout.startswith("Usage: whykeeper serve")
    assert done.stderr.startswith("0 ")
    heavy = {"asyncio", "click", "logging", "mcp", "pathlib", "pydantic", "subprocess", "typing"}
    assert not heavy & set(json.loads(done.stderr[2:].replace("'", '"')))


@pytest.mark.parametrize("arguments", [["--repo"], ["--what"], ["here"]])
def test_wrong_usage_exits_with_two(arguments: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "whykeeper.cli", "serve", *arguments], capture_output=True, text=True
    )

    assert done.returncode == 2
    assert "Usage: whykeeper serve" in done.stderr
    assert done.stdout == ""

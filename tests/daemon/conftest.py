"""A user's machine: front-ends, the daemon they share, and bare clients that speak MCP."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
LIMIT_S = 20.0
MODERN = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientInfo": {"name": "bare", "version": "1"},
    "io.modelcontextprotocol/clientCapabilities": {},
}


def until(condition: Callable[[], Any], limit_s: float = LIMIT_S) -> Any:
    """Wait for a condition, and fail when it takes too long."""
    deadline = time.monotonic() + limit_s
    while not (found := condition()):
        assert time.monotonic() < deadline, f"still waiting after {limit_s} s"
        time.sleep(0.005)
    return found


class BareClient:
    """A process that speaks MCP on its standard streams, and a client that hides nothing of it."""

    def __init__(self, process: subprocess.Popen[bytes], era: str) -> None:
        self.process = process
        self.era = era
        self.lines: list[dict[str, Any]] = []
        self._arrived: queue.Queue[dict[str, Any]] = queue.Queue()
        self._id = 0
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            # Whatever is not a whole JSON-RPC message fails the test that waits for it.
            message = json.loads(line) if line.endswith(b"\n") else {"torn": line}
            self.lines.append(message)
            self._arrived.put(message)

    def send_bytes(self, data: bytes) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def send(self, method: str, params: dict[str, Any] | None = None, *, notify: bool = False) -> int:
        message: dict[str, Any] = {"jsonrpc": "2.0", "method": method, "params": dict(params or {})}
        if not notify:
            self._id += 1
            message["id"] = self._id
        if self.era == "modern":
            message["params"]["_meta"] = MODERN
        self.send_bytes(json.dumps(message).encode() + b"\n")
        return self._id

    def receive(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        deadline = time.monotonic() + LIMIT_S
        while True:
            message = self._arrived.get(timeout=max(0.01, deadline - time.monotonic()))
            if wanted(message):
                return message

    def answer(self, identifier: int | None) -> dict[str, Any]:
        return self.receive(lambda message: "id" in message and message["id"] == identifier)

    def ask(self, method: str, params: dict[str, Any] | None = None) -> dict[str, Any]:
        return self.answer(self.send(method, params))

    def open(self) -> dict[str, Any]:
        """Open the conversation as its era does."""
        if self.era == "modern":
            return self.ask("server/discover")
        answer = self.ask(
            "initialize",
            {
                "protocolVersion": "2025-06-18",
                "capabilities": {},
                "clientInfo": {"name": "bare", "version": "1"},
            },
        )
        self.send("notifications/initialized", notify=True)
        return answer

    def start_tool(self, name: str, **arguments: Any) -> int:
        return self.send("tools/call", {"name": name, "arguments": arguments})

    def tool(self, name: str, **arguments: Any) -> Any:
        answer = self.answer(self.start_tool(name, **arguments))
        assert "result" in answer, answer
        result = answer["result"]
        return result.get("structuredContent") or result["content"][0]["text"]

    def leave(self) -> int:
        """Close the client's side, as a client does, and return the exit code."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        return self.process.wait(LIMIT_S)

    def rss_kb(self) -> int:
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1])


class Machine:
    """One user's folders and processes."""

    def __init__(self, home: Path, runtime_dir: Path) -> None:
        self.home = home
        self.data_dir = home / "data"
        self.runtime_dir = runtime_dir
        self.env = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")}
        self.env |= {
            "HOME": str(home),
            "WHYKEEPER_DATA_DIR": str(self.data_dir),
            "XDG_RUNTIME_DIR": str(runtime_dir),
        }
        self.processes: list[subprocess.Popen[bytes]] = []
        self.clients: list[BareClient] = []

    def run(self, *command: str | Path, **options: Any) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, *map(str, command)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            **{"env": self.env, "cwd": self.home, "stderr": subprocess.DEVNULL, **options},
        )
        self.processes.append(process)
        return process

    def serve(
        self,
        *daemon_arguments: str,
        era: str = "legacy",
        version: str = "0.1.0",
        daemon: Path = HERE / "fake_daemon.py",
        **options: Any,
    ) -> BareClient:
        """Start ``whykeeper serve``."""
        process = self.run(HERE / "fake_serve.py", daemon, version, *daemon_arguments, **options)
        client = BareClient(process, era)
        self.clients.append(client)
        return client

    def daemon(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start the daemon by hand."""
        return self.run("-I", HERE / "fake_daemon.py", *arguments, stderr=subprocess.PIPE)

    def in_process(self, command: Sequence[str | Path] = (), **options: Any) -> BareClient:
        """Start ``whykeeper serve --in-process``: with the tests' host, or as a command starts it."""
        process = self.run(*(command or (HERE / "fake_in_process.py", HERE / "fake_daemon.py")), **options)
        client = BareClient(process, "legacy")
        self.clients.append(client)
        return client

    @property
    def diary(self) -> list[str]:
        path = self.data_dir / "diary"
        return path.read_text(encoding="utf-8").splitlines() if path.exists() else []

    def noted(self, line: str, times: int = 1) -> None:
        """Wait until the host has noted a line."""
        until(lambda: self.diary.count(line) >= times)

    def logged(self, words: str) -> str:
        """Wait until the daemon has logged something; return the log."""
        log = self.data_dir / "logs/daemon.log"
        until(lambda: log.exists() and words in log.read_text(encoding="utf-8"))
        return log.read_text(encoding="utf-8")

    @property
    def address(self) -> dict[str, Any] | None:
        path = self.data_dir / "daemon.json"
        return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None

    def listening(self) -> None:
        """Wait until a daemon listens."""
        until(lambda: self.address)

    def kill_daemon(self) -> int:
        assert self.address is not None
        pid = int(self.address["pid"])
        os.kill(pid, signal.SIGKILL)
        return pid

    def _daemons(self) -> list[int]:
        named = b"\0--data-dir\0" + os.fsencode(self.data_dir) + b"\0"
        return [
            int(process.name) for process in Path("/proc").glob("[0-9]*") if named in _command_line(process)
        ]

    def close(self) -> None:
        for process in self.processes:
            process.kill()
            process.wait(LIMIT_S)
        # A pipe may have started one that had not said so yet.
        for pid in self._daemons():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        for process in self.processes:
            for stream in (process.stdin, process.stdout, process.stderr):
                if stream is not None:
                    with contextlib.suppress(BrokenPipeError):
                        stream.close()


def _command_line(process: Path) -> bytes:
    try:
        return (process / "cmdline").read_bytes()
    except OSError:
        return b""


@contextlib.contextmanager
def running(home: Path) -> Iterator[Machine]:
    """A machine whose processes end with the block."""
    # Below /tmp and not below pytest's folder, whose name is too long for a socket's.
    runtime_dir = Path(tempfile.mkdtemp(prefix="wk"))
    machine = Machine(home, runtime_dir)
    try:
        yield machine
    finally:
        machine.close()
        shutil.rmtree(runtime_dir)


@pytest.fixture
def machine(isolated_home: Path) -> Iterator[Machine]:
    """A user's machine with nothing running."""
    with running(isolated_home) as machine:
        yield machine


@pytest.fixture(scope="module")
def served_machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """A user's machine whose daemon runs, for tests that leave it as it is."""
    with running(tmp_path_factory.mktemp("home")) as machine:
        machine.serve().open()
        yield machine


@pytest.fixture(params=["legacy", "modern"])
def era(request: pytest.FixtureRequest) -> str:
    """Each era of the protocol."""
    return str(request.param)

"""Codex's app-server, which calls MCP tools without a model."""

from __future__ import annotations

import json
import os
import select
import subprocess
import time
from pathlib import Path
from typing import Any

from benchmarks.clients.node import environment, versioned
from benchmarks.clients.outcome import TOOLS, Outcome, check, failed
from benchmarks.clients.subject import Subject
from benchmarks.npm import install
from benchmarks.sandbox import BenchmarkError, Sandbox

__all__ = ["drive"]

PACKAGE = "@openai/codex"
ERA = "initialize"
ANSWER_LIMIT_S = 60.0


def drive(subject: Subject) -> list[Outcome]:
    """Register whykeeper as a user does, then open a thread in the repository and call each tool."""
    home, repo = subject.home, subject.repo
    programs = install(subject.npm, [PACKAGE])
    name = versioned(subject.npm, PACKAGE)
    home.run("install", "codex", "--user", "--yes", "--repo", str(repo))
    server = _AppServer(home, programs)
    try:
        server.request("initialize", {"clientInfo": {"name": "whykeeper-bench", "version": "1"}})
        server.notify("initialized")
        thread = server.request("thread/start", {"cwd": str(repo)})["thread"]["id"]
        return [_status(server, name), *_calls(server, name, subject, thread)]
    finally:
        server.close()
        home.run("uninstall", "codex", "--user", "--yes", "--repo", str(repo))


class _AppServer:
    """A ``codex app-server`` process and its JSON-RPC, one message a line."""

    def __init__(self, home: Sandbox, programs: Path) -> None:
        self._process = subprocess.Popen(
            [str(programs / "codex"), "app-server"],
            env=environment(home, programs), cwd=home.home,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0,
        )  # fmt: skip
        self._number = 0
        self._held = b""

    def request(self, method: str, params: dict[str, Any]) -> dict[str, Any]:
        """Send a request and wait for its result.

        Raises:
            BenchmarkError: It answered an error, or nothing.
        """
        self._number += 1
        self._send({"id": self._number, "method": method, "params": params})
        deadline = time.monotonic() + ANSWER_LIMIT_S
        while True:
            message = json.loads(self._line(deadline, method))
            if message.get("id") == self._number and "method" not in message:
                break
        if "error" in message:
            raise BenchmarkError(f"{method}: {message['error']}")
        result: dict[str, Any] = message["result"]
        return result

    def notify(self, method: str) -> None:
        """Send a notification."""
        self._send({"method": method})

    def close(self) -> None:
        """End the process."""
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(10)
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        self._process.stdout.close()

    def _send(self, message: dict[str, Any]) -> None:
        assert self._process.stdin
        self._process.stdin.write(json.dumps(message).encode() + b"\n")

    def _line(self, deadline: float, method: str) -> bytes:
        assert self._process.stdout
        descriptor = self._process.stdout.fileno()
        while b"\n" not in self._held:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([descriptor], [], [], left)[0]:
                raise BenchmarkError(f"codex gave no answer to {method} in {ANSWER_LIMIT_S:.0f} s")
            data = os.read(descriptor, 65_536)
            if not data:
                raise BenchmarkError(f"codex ended before it answered {method}")
            self._held += data
        line, _, self._held = self._held.partition(b"\n")
        return line


def _status(server: _AppServer, name: str) -> Outcome:
    what = "mcpServerStatus/list: registered by `whykeeper install codex --user`, tools seen"
    try:
        listed = server.request("mcpServerStatus/list", {})["data"]
    except BenchmarkError as error:
        return failed(name, ERA, what, error)
    tools = {tool for entry in listed if entry["name"] == "whykeeper" for tool in entry["tools"]}
    return check(name, ERA, what, tools == set(TOOLS), ", ".join(sorted(tools)))


def _calls(server: _AppServer, name: str, subject: Subject, thread: str) -> list[Outcome]:
    outcomes: list[Outcome] = []
    for tool, arguments in subject.calls.items():
        what = f"mcpServer/tool/call {tool}, from a thread in the repository"
        params = {"threadId": thread, "server": "whykeeper", "tool": tool, "arguments": arguments}
        try:
            result = server.request("mcpServer/tool/call", params)
        except BenchmarkError as error:
            outcomes.append(failed(name, ERA, what, error))
            continue
        structured = result.get("structuredContent")
        holds = not result.get("isError") and isinstance(structured, dict)
        if tool == "memory_status" and isinstance(structured, dict):
            # Nothing told whykeeper the path: it is the thread's working directory.
            holds = holds and Path(structured["checkout"]).resolve() == subject.repo.resolve()
        outcomes.append(check(name, ERA, what, holds, "" if holds else str(result)[:200]))
    return outcomes

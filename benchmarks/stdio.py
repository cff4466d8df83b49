"""A bare MCP client over standard input and output.

The SDK's client is slower than what is measured here, and so is its import: this one writes one
line and waits for one line. It is used for clocks alone; `benchmarks.clients` tests conformity
with clients that others wrote.
"""

from __future__ import annotations

import json
import os
import select
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from benchmarks.sandbox import BenchmarkError

__all__ = ["ERAS", "StdioClient"]

_LEGACY = "2025-11-25"
_MODERN = "2026-07-28"
_CLIENT = {"name": "whykeeper-bench", "version": "1"}
_META = {
    "io.modelcontextprotocol/protocolVersion": _MODERN,
    "io.modelcontextprotocol/clientInfo": _CLIENT,
    "io.modelcontextprotocol/clientCapabilities": {},
}
ERAS = ("modern", "legacy")
"""``server/discover`` of 2026-07-28, ``initialize`` of 2025-11-25."""

ANSWER_LIMIT_S = 60.0
END_LIMIT_S = 10.0


class StdioClient:
    """One session with one server process.

    Args:
        command: Starts the server.
        env: Its environment.
        cwd: Its working directory.
    """

    def __init__(self, command: Sequence[str], env: Mapping[str, str], cwd: Path) -> None:
        self.started = time.perf_counter()
        self.process = subprocess.Popen(
            command, env=env, cwd=cwd,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0,
        )  # fmt: skip
        self._held = b""
        self._number = 0
        self._era = ERAS[0]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the server's input, as clients do, and wait for it to end."""
        assert self.process.stdin and self.process.stdout
        with suppress(OSError):
            self.process.stdin.close()
        try:
            self.process.wait(END_LIMIT_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(END_LIMIT_S)
        self.process.stdout.close()

    def handshake(self, era: str) -> dict[str, Any]:
        """Open the session in one of the two eras.

        Raises:
            BenchmarkError: No answer, or an error.
        """
        self._era = era
        if era == "modern":
            return self.request("server/discover", {})
        opened = self.request(
            "initialize", {"protocolVersion": _LEGACY, "capabilities": {}, "clientInfo": _CLIENT}
        )
        self._send({"jsonrpc": "2.0", "method": "notifications/initialized"})
        return opened

    def tool(self, name: str, arguments: dict[str, Any], limit_s: float = ANSWER_LIMIT_S) -> dict[str, Any]:
        """Call a tool and return its structured content.

        Raises:
            BenchmarkError: The tool reported an error, or there was no answer.
        """
        result = self.request("tools/call", {"name": name, "arguments": arguments}, limit_s)
        if result.get("isError") or "structuredContent" not in result:
            raise BenchmarkError(f"{name} failed: {str(result.get('content'))[:300]}")
        found: dict[str, Any] = result["structuredContent"]
        return found

    def request(self, method: str, params: dict[str, Any], limit_s: float = ANSWER_LIMIT_S) -> dict[str, Any]:
        """Send one request and wait for its result.

        Raises:
            BenchmarkError: No answer, or an error.
        """
        self._number += 1
        number = self._number
        if self._era == "modern":
            params = {**params, "_meta": _META}
        self._send({"jsonrpc": "2.0", "id": number, "method": method, "params": params})
        deadline = time.monotonic() + limit_s
        while True:
            message = json.loads(self._line(deadline, method))
            if message.get("id") == number:
                break
        if "error" in message:
            raise BenchmarkError(f"{method} failed: {message['error']}")
        result: dict[str, Any] = message["result"]
        return result

    def _send(self, message: dict[str, Any]) -> None:
        assert self.process.stdin
        try:
            self.process.stdin.write(json.dumps(message).encode() + b"\n")
        except OSError as error:
            raise BenchmarkError(f"the server has gone: {error}") from error

    def _line(self, deadline: float, method: str) -> bytes:
        assert self.process.stdout
        descriptor = self.process.stdout.fileno()
        while b"\n" not in self._held:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([descriptor], [], [], left)[0]:
                raise BenchmarkError(f"no answer to {method} in time")
            data = os.read(descriptor, 65_536)
            if not data:
                raise BenchmarkError(f"the server ended before it answered {method}")
            self._held += data
        line, _, self._held = self._held.partition(b"\n")
        return line

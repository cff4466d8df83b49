"""A worker in another interpreter that answers one line of JSON with one line of JSON."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from benchmarks.sandbox import BenchmarkError

__all__ = ["Worker"]

END_LIMIT_S = 10.0


class Worker:
    """A process that is asked one thing at a time.

    Args:
        command: Starts it.
        env: Its environment.
        log: Where its standard error goes.
    """

    def __init__(self, command: Sequence[str], env: Mapping[str, str], log: Path) -> None:
        self._command = " ".join(command)
        self._log = log
        with log.open("ab") as stderr:
            self._process = subprocess.Popen(
                command, env=env, cwd=log.parent,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stderr, text=True,
            )  # fmt: skip

    def ask(self, **request: Any) -> dict[str, Any]:
        """Send a request and wait for its answer.

        Raises:
            BenchmarkError: The worker has gone.
        """
        assert self._process.stdin and self._process.stdout
        line = ""
        with suppress(OSError):
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        if not line:
            said = self._log.read_text("utf-8", "replace")[-500:]
            raise BenchmarkError(f"{self._command} ended: {said}")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def close(self) -> None:
        """End it."""
        assert self._process.stdin and self._process.stdout
        with suppress(OSError):
            self._process.stdin.close()
        try:
            self._process.wait(END_LIMIT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(END_LIMIT_S)
        self._process.stdout.close()

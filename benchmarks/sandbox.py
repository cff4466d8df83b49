"""A throw-away home and data folder, and everything started in it ended again."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from benchmarks.processes import Process, processes

__all__ = ["BenchmarkError", "Sandbox", "at_pin", "default_program", "sandbox", "wait_until"]

STOP_LIMIT_S = 40.0
COMMAND_LIMIT_S = 900.0
ENDED_LIMIT_S = 10.0


class BenchmarkError(Exception):
    """Something could not be measured; the message says what and why."""


class Sandbox:
    """A home of its own, with whykeeper in it.

    Args:
        folder: Empty; holds the home, the data folder and the sockets.
        program: The ``whykeeper`` command to measure.
    """

    def __init__(self, folder: Path, program: str) -> None:
        self.folder = folder
        self.program = program
        self.home = _made(folder / "home")
        # The default folder below that home: a client that hands on none of our variables finds it too.
        self.data = self.home / ".local" / "share" / "whykeeper"
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL", "TZ") if name in os.environ}
        self.env: dict[str, str] = {
            **kept,
            "HOME": str(self.home),
            "XDG_RUNTIME_DIR": str(_made(folder / "run", mode=0o700)),
            "WHYKEEPER_DATA_DIR": str(self.data),
        }

    def serve(self, repo: Path) -> list[str]:
        """The command by which a client starts a session."""
        return [self.program, "serve", "--repo", str(repo)]

    def run(self, *arguments: str, limit_s: float = COMMAND_LIMIT_S) -> subprocess.CompletedProcess[str]:
        """Run one ``whykeeper`` command to its end.

        Raises:
            BenchmarkError: It failed, or took too long.
        """
        try:
            done = subprocess.run(
                [self.program, *arguments],
                env=self.env, cwd=self.home, capture_output=True, text=True, timeout=limit_s,
            )  # fmt: skip
        except subprocess.TimeoutExpired as error:
            raise BenchmarkError(
                f"`whykeeper {' '.join(arguments[:1])}` took over {limit_s:.0f} s"
            ) from error
        if done.returncode != 0:
            raise BenchmarkError(
                f"`whykeeper {arguments[0]}` ended with {done.returncode}: {done.stderr[-500:]}"
            )
        return done

    def json(self, *arguments: str, limit_s: float = COMMAND_LIMIT_S) -> dict[str, Any]:
        """Run one ``whykeeper`` command and read what it prints.

        Raises:
            BenchmarkError: It failed, or took too long.
        """
        answer: dict[str, Any] = json.loads(self.run(*arguments, "--json", limit_s=limit_s).stdout)
        return answer

    def daemons(self) -> list[Process]:
        """The daemons of this sandbox's data folder; there should be one at most."""
        return [
            process
            for process in processes()
            if "whykeeper.daemon" in process.command and str(self.data) in process.command
        ]

    def stop_daemon(self) -> None:
        """End the daemon and wait until its process has gone.

        Raises:
            BenchmarkError: It stays.
        """
        if self.daemons():
            self.run("daemon", "stop", limit_s=STOP_LIMIT_S)
        wait_until(lambda: not self.daemons(), ENDED_LIMIT_S, "the daemon to end")

    def forget(self, *, everything: bool) -> None:
        """Delete what was indexed, while no daemon runs.

        Args:
            everything: Also what one index leaves to the next: compiled rules and distilled models.
        """
        folder = self.data if everything else self.data / "repositories"
        shutil.rmtree(folder, ignore_errors=True)

    def log_tail(self, characters: int = 2_000) -> str:
        """The end of the daemon's log."""
        try:
            return (self.data / "logs" / "daemon.log").read_text("utf-8", "replace")[-characters:]
        except OSError:
            return "there is no log"

    def clone(self, checkout: Path, name: str = "") -> Path:
        """Clone a checkout at its commit, so that the original is neither watched nor written to."""
        target = self.folder / "clones" / (name or checkout.name)
        if not target.exists():
            subprocess.run(
                ["git", "clone", "--quiet", str(checkout), str(target)],
                check=True, capture_output=True, env=self.env, timeout=COMMAND_LIMIT_S,
            )  # fmt: skip
        return target

    def close(self) -> None:
        """End what still runs here, asked first and then killed, and delete the folder."""
        with suppress(BenchmarkError):
            self.stop_daemon()
        for process in self._ours():
            with suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGKILL)
        with suppress(BenchmarkError):
            wait_until(lambda: not self._ours(), ENDED_LIMIT_S, "the sandbox's processes to end")
        shutil.rmtree(self.folder, ignore_errors=True)

    def _ours(self) -> list[Process]:
        """Processes that carry this sandbox in their command or environment."""
        marker = f"HOME={self.home}"
        return [
            process
            for process in processes()
            if process.pid != os.getpid()
            and (
                marker in process.environment
                or ("whykeeper" in process.command and str(self.data) in process.command)
            )
        ]


@contextmanager
def sandbox(program: str) -> Iterator[Sandbox]:
    """Make a sandbox; whatever happens, nothing of it is left."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _leave)
    # The default folder for temporary files may be too deep for a socket's path (108 bytes).
    made = Sandbox(Path(tempfile.mkdtemp(prefix="wk-bench-", dir="/tmp")), program)
    try:
        yield made
    finally:
        made.close()


def at_pin(checkout: Path, pin: str) -> None:
    """Refuse a checkout that stands elsewhere.

    Raises:
        BenchmarkError: It does.
    """
    git = ["git", "-C", str(checkout), "rev-parse", "HEAD"]
    head = subprocess.run(git, capture_output=True, text=True, check=True).stdout.strip()
    if head != pin:
        raise BenchmarkError(f"{checkout} stands at {head}, not at its pin {pin}")


def default_program() -> str:
    """The ``whykeeper`` beside this interpreter."""
    return str(Path(sys.executable).parent / "whykeeper")


def wait_until(true: Callable[[], bool], limit_s: float, what: str, *, every_s: float = 0.05) -> float:
    """Poll until something holds.

    Returns:
        Seconds it took.

    Raises:
        BenchmarkError: The time ran out.
    """
    started = time.monotonic()
    while not true():
        if time.monotonic() - started > limit_s:
            raise BenchmarkError(f"waited {limit_s:.0f} s for {what}")
        time.sleep(every_s)
    return time.monotonic() - started


def _leave(number: int, _frame: object) -> None:
    raise SystemExit(128 + number)


def _made(folder: Path, mode: int = 0o755) -> Path:
    folder.mkdir(mode=mode, parents=True)
    return folder

"""Running an acceptance command in the terminal of whoever agreed to it."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

__all__ = ["run_command"]

_TAIL_BYTES: Final = 8_000
_OF_A_HOOK: Final = ("GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE", "GIT_PREFIX", "GIT_OBJECT_DIRECTORY")
"""What git sets for its hooks: a command's own calls of git would meet the wrong repository."""


def run_command(command: str, root: Path, env: Mapping[str, str], limit_s: float) -> dict[str, Any]:
    """Run a command in the checkout, as its shell reads it.

    Args:
        command: Somebody has seen it and agreed to it.
        root: The checkout.
        env: Of whoever agreed.
        limit_s: Seconds after which it is ended, with all that it started.

    Returns:
        ``command``, ``code`` (None past the limit), ``took_s``, ``at`` and ``tail``.
    """
    at = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    started = time.monotonic()
    own = {name: value for name, value in env.items() if name not in _OF_A_HOOK}
    with tempfile.TemporaryFile() as printed:
        process = subprocess.Popen(
            command,
            shell=True,
            cwd=root,
            env=own,
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        code: int | None = None
        try:
            code = process.wait(limit_s)
        except subprocess.TimeoutExpired:
            code = None
        finally:
            _end(process)
        took_s = round(time.monotonic() - started, 2)
        size = printed.seek(0, os.SEEK_END)
        printed.seek(max(size - _TAIL_BYTES, 0))
        tail = printed.read().decode("utf-8", "replace")
    return {"command": command, "code": code, "took_s": took_s, "at": at, "tail": tail}


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a command that is still running, and whatever it started and left behind."""
    if os.name == "posix":
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    elif process.poll() is None:
        process.kill()
    process.wait()

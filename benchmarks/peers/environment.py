"""Virtual environments for peers, from the package registry that pip is set up for."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.sandbox import BenchmarkError

__all__ = ["default_folder", "make"]

INSTALL_LIMIT_S = 900.0


def default_folder() -> Path:
    """Where the environments go unless told otherwise; kept between runs."""
    return Path(tempfile.gettempdir()) / f"whykeeper-bench-peers-{os.getuid()}"


def make(folder: Path, name: str, packages: Sequence[str]) -> Path:
    """Have an environment with some packages.

    Args:
        folder: Holds the environments.
        name: Of this one.
        packages: Pinned requirements.

    Returns:
        Its folder of programs.

    Raises:
        BenchmarkError: It cannot be made, or a package cannot be installed.
    """
    home = folder / name
    note = home / "installed.txt"
    if not note.exists() or note.read_text(encoding="utf-8") != "\n".join(packages):
        _run([sys.executable, "-m", "venv", "--clear", str(home)])
        _run([str(home / "bin" / "pip"), "install", "--quiet", *packages])
        note.write_text("\n".join(packages), encoding="utf-8")
    return home / "bin"


def _run(command: Sequence[str]) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=INSTALL_LIMIT_S)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise BenchmarkError(f"{' '.join(command)}: {error}") from error
    if done.returncode != 0:
        raise BenchmarkError(f"{' '.join(command)}: {done.stderr[-300:]}")

"""npm packages that others wrote, in a folder outside the repository."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.sandbox import BenchmarkError

__all__ = ["default_folder", "install"]

INSTALL_LIMIT_S = 600.0


def default_folder() -> Path:
    """Where packages go unless ``--npm`` says otherwise; kept between runs."""
    return Path(tempfile.gettempdir()) / f"whykeeper-bench-npm-{os.getuid()}"


def install(folder: Path, packages: Sequence[str]) -> Path:
    """Install what is missing of some packages.

    Args:
        folder: Holds ``node_modules``.
        packages: Names, with ``@version`` where one is needed.

    Returns:
        The folder with their programs.

    Raises:
        BenchmarkError: npm is missing or failed.
    """
    programs = folder / "node_modules" / ".bin"
    missing = [name for name in packages if not (folder / "node_modules" / _plain(name)).is_dir()]
    if not missing:
        return programs
    folder.mkdir(parents=True, exist_ok=True)
    command = ["npm", "install", "--no-audit", "--no-fund", "--prefix", str(folder), *missing]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=INSTALL_LIMIT_S)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise BenchmarkError(f"npm could not install {' '.join(missing)}: {error}") from error
    if done.returncode != 0:
        raise BenchmarkError(f"npm could not install {' '.join(missing)}: {done.stderr[-300:]}")
    return programs


def _plain(package: str) -> str:
    name, at, _ = package.rpartition("@")
    return name if at and name else package

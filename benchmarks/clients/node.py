"""Running what npm installed."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from benchmarks.sandbox import BenchmarkError, Sandbox

__all__ = ["environment", "run", "versioned"]

LIMIT_S = 120.0
NODE = "node@24"
"""Newer than many systems' own, which some clients need; its program shadows the system's."""


def environment(home: Sandbox, programs: Path) -> dict[str, str]:
    """The sandbox's environment with npm's programs, and whykeeper's folder, before the others."""
    folders = (str(programs), str(Path(home.program).parent), home.env.get("PATH", ""))
    return {**home.env, "PATH": ":".join(folders)}


def run(command: list[str], home: Sandbox, programs: Path) -> subprocess.CompletedProcess[str]:
    """Run one command to its end.

    Raises:
        BenchmarkError: It cannot be run, or takes too long.
    """
    try:
        return subprocess.run(
            command, env=environment(home, programs), cwd=home.home,
            capture_output=True, text=True, timeout=LIMIT_S, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        raise BenchmarkError(f"{Path(command[0]).name}: {error}") from error


def versioned(npm: Path, package: str) -> str:
    """Name a package with the version that is installed."""
    name, at, _ = package.rpartition("@")
    plain = name if at and name else package
    described = json.loads((npm / "node_modules" / plain / "package.json").read_text(encoding="utf-8"))
    return f"{plain} {described['version']}"

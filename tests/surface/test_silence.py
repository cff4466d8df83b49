"""Nothing leaves the machine: no telemetry, no look-up of a model, no question whether there is an update.

In a network namespace without any route the kernel counts every attempt to reach something, whichever library
makes it, name servers included.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.conftest import GitFolder
from tests.memory.conftest import tiny_model
from tests.surface.conftest import compiled_rules

__all__ = ["compiled_rules", "tiny_model"]

pytestmark = pytest.mark.border

LIMIT_S = 120
WHYKEEPER = f"'{sys.executable}' -m whykeeper.cli"
_COUNT = "import pathlib; ip = pathlib.Path('/proc/net/snmp').read_text().splitlines()[:2]; "
_COUNT += "print(dict(zip(*map(str.split, ip)))['OutNoRoutes'])"
ATTEMPTS = f"'{sys.executable}' -c \"{_COUNT}\""


@pytest.fixture
def alone() -> list[str]:
    """What starts a command in a network namespace of its own; skips where a user may make none."""
    prefix = ["unshare", "-Urn"]
    if sys.platform != "linux" or not shutil.which("unshare"):
        pytest.skip("no network namespaces here")
    if subprocess.run([*prefix, "true"], capture_output=True).returncode:
        pytest.skip("no network namespaces here")
    return prefix


@pytest.fixture
def env(isolated_home: Path, compiled_rules: Path, tiny_model: Path) -> Iterator[dict[str, str]]:
    data, runtime = isolated_home / "data", tempfile.mkdtemp(prefix="wk")
    shutil.copytree(compiled_rules, data / "rules")
    # As a user has it: nothing in the environment tells a library to be quiet.
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "HF_"))}
    yield {
        **kept,
        "XDG_RUNTIME_DIR": runtime,
        "WHYKEEPER_DATA_DIR": str(data),
        "WHYKEEPER_MODEL__NAME": str(tiny_model),
    }
    shutil.rmtree(runtime)


def run(alone: list[str], script: str, env: dict[str, str], folder: Path) -> list[str]:
    done = subprocess.run(
        [*alone, "sh", "-c", script], env=env, cwd=folder, capture_output=True, text=True, timeout=LIMIT_S
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_the_kernel_counts_what_is_tried(alone: list[str], env: dict[str, str], tmp_path: Path) -> None:
    attempt = "import urllib.request as u; u.urlopen('http://192.0.2.1', timeout=1)"
    (counted,) = run(alone, f"'{sys.executable}' -c \"{attempt}\" 2>/dev/null; {ATTEMPTS}", env, tmp_path)
    assert int(counted) > 0


def test_nothing_is_tried_from_the_first_index_to_the_last_answer(
    alone: list[str], env: dict[str, str], git_folder: GitFolder
) -> None:
    git_folder.write(
        "docs/adr/0001-squid.md", "# 1. Use squid\n\n## Status\n\nAccepted\n\n## Decision\n\nInk.\n"
    )
    git_folder.write("main.py", "def swim():\n    return 'squid'\n")
    git_folder.commit("Begin\n\nBecause every repository begins with a reason that is worth six words.")
    asked = (f"{WHYKEEPER} {verb} || failed=1" for verb in ("index --json", "search --json squid"))
    ended = (f"{WHYKEEPER} {verb} >/dev/null" for verb in ("doctor", "daemon stop"))
    script = "; ".join([*asked, *ended, ATTEMPTS, "exit ${failed:-0}"])
    told, answer, counted = run(alone, script, env, git_folder.root)

    assert json.loads(told)["vectors"] > 0
    assert json.loads(answer)["mode"] == "hybrid"
    assert counted == "0"

"""The real commands over real daemons that are killed or stopped under them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Machine

pytestmark = pytest.mark.border

LIMIT_S = 40


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A repository with nothing in it, so that no model is needed."""
    root = tmp_path / "project"
    (root / ".git").mkdir(parents=True)
    return root


def watch(machine: Machine, project: Path) -> subprocess.Popen[bytes]:
    command = ("-m", "whykeeper.cli", "watch", "--json", "--repo", project)
    return machine.run(*command, stderr=subprocess.PIPE)


def event(process: subprocess.Popen[bytes]) -> dict[str, Any]:
    assert process.stdout is not None
    found: dict[str, Any] = json.loads(process.stdout.readline())
    return found


def test_a_watch_outlives_a_killed_daemon_and_ends_with_a_stopped_one(
    machine: Machine, project: Path
) -> None:
    watching = watch(machine, project)
    assert event(watching)["event"] == "watching"

    killed = machine.kill_daemon()

    assert watching.stderr is not None
    assert watching.stderr.readline().decode() == (
        "whykeeper: the daemon went away during watch; going on with the next one\n"
    )
    assert event(watching)["event"] == "watching"
    assert machine.address is not None and machine.address["pid"] != killed
    machine.run("-m", "whykeeper.cli", "daemon", "stop").communicate(timeout=LIMIT_S)
    _, said = watching.communicate(timeout=LIMIT_S)
    assert watching.returncode == 1
    assert said.decode().splitlines()[0] == "whykeeper: error: the daemon was stopped during watch"
    assert machine.address is None


def test_a_daemon_that_is_killed_again_and_again_is_given_up(machine: Machine, project: Path) -> None:
    watching = watch(machine, project)
    for _ in range(3):
        assert event(watching)["event"] == "watching"
        machine.kill_daemon()

    _, said = watching.communicate(timeout=LIMIT_S)

    assert watching.returncode == 1
    assert "the daemon went away 3 times within 120 s" in said.decode()

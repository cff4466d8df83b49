"""Acceptance commands, once somebody has agreed to them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.waiting import eventually

from whykeeper.plans.running import run_command


def running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # What has ended and nobody has waited for is still in the list.
    return "Z" not in Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]


@pytest.mark.border
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at Linux's list of processes")
def test_what_a_command_leaves_running_is_ended_with_it(tmp_path: Path) -> None:
    ran = run_command("sleep 600 & echo $!", tmp_path, os.environ, 30.0)
    assert ran["code"] == 0
    pid = int(ran["tail"])
    assert eventually(lambda: not running(pid), within_s=10.0)


@pytest.mark.border
def test_a_command_that_takes_too_long_has_no_code(tmp_path: Path) -> None:
    ran = run_command("echo begun; sleep 600", tmp_path, os.environ, 0.5)
    assert (ran["code"], ran["tail"]) == (None, "begun\n")

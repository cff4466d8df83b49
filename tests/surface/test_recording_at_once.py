"""Several processes record at once, and some are killed: no number twice, nothing lost, nothing half."""

from __future__ import annotations

import random
import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.conftest import GitFolder

ROOT = Path(__file__).parents[2]
EACH = 50
KILLS = 6
LAST = "A line of the decision.\n"


def started(home: Path, root: Path, name: str, count: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.surface.recorder", str(home / name), str(root), name, str(count)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def numbers(root: Path) -> list[int]:
    names = (path.name for path in (root / "docs/decisions").iterdir())
    return sorted(int(name.split("-")[0]) for name in names)


@pytest.mark.border
def test_two_processes_give_no_number_twice_and_lose_nothing(git_folder: GitFolder, tmp_path: Path) -> None:
    git_folder.write(
        "docs/decisions/0007-use-squid.md", "# Use squid\n\n## Status\n\nAccepted\n\n## Decision\n\nX\n"
    )
    git_folder.commit("Decide")
    processes = [started(tmp_path, git_folder.root, name, EACH) for name in ("ada", "bob")]
    printed = [process.communicate(timeout=300)[0].split() for process in processes]

    assert [process.returncode for process in processes] == [0, 0]
    assert numbers(git_folder.root) == [7, *range(8, 8 + 2 * EACH)]
    written = {path for paths in printed for path in paths}
    assert len(written) == 2 * EACH
    for path in written:
        assert (git_folder.root / path).read_text(encoding="utf-8").endswith(LAST)


@pytest.mark.border
def test_a_process_killed_while_it_writes_leaves_whole_files(git_folder: GitFolder, tmp_path: Path) -> None:
    git_folder.write("src/a.py", "A = 1\n")
    git_folder.commit("Begin")
    chance = random.Random(7)
    told: set[str] = set()
    for kill in range(KILLS):
        with started(tmp_path, git_folder.root, f"kill{kill}", 1_000) as process:
            assert process.stdout is not None
            for _ in range(chance.randrange(1, 4)):
                told.add(process.stdout.readline().strip())
            process.kill()
            told |= set(process.stdout.read().split())

    paths = {f"docs/decisions/{path.name}" for path in (git_folder.root / "docs/decisions").iterdir()}
    assert told <= paths
    for path in paths:
        assert re.fullmatch(r"docs/decisions/\d{4}-choice-\d+-of-kill\d+\.md", path)
        assert (git_folder.root / path).read_text(encoding="utf-8").endswith(LAST)
    assert numbers(git_folder.root) == list(range(1, len(paths) + 1))

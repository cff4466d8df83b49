"""Which files are changed, asked of repositories whose configuration nobody vouches for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.conftest import GitFolder

from whykeeper.commands.changes import changed_paths


def touched(folder: GitFolder, path: str) -> None:
    """Have git look into a file again, though nothing in it has changed."""
    later = (folder.root / path).stat().st_mtime + 5
    os.utime(folder.root / path, (later, later))


def trap(tmp_path: Path) -> tuple[Path, str]:
    ran, program = tmp_path / "ran", tmp_path / "trap.sh"
    program.write_text(f"#!/bin/sh\necho ran >> {ran}\ncat\n", encoding="utf-8")
    program.chmod(0o755)
    return ran, str(program)


@pytest.mark.parametrize("setting", ["clean", "process"])
def test_no_filter_of_the_repository_runs(git_folder: GitFolder, tmp_path: Path, setting: str) -> None:
    git_folder.write("a.py", "A = 1\n")
    git_folder.commit()
    ran, program = trap(tmp_path)
    git_folder.git("config", f"filter.some = name.{setting}", program)
    git_folder.git("config", "filter.some = name.required", "true")
    (git_folder.root / ".git/info/attributes").write_text("*.py filter=x\n", encoding="utf-8")
    git_folder.git("config", f"filter.x.{setting}", program)
    touched(git_folder, "a.py")
    git_folder.write("b.py", "B = 1\n")

    assert changed_paths(git_folder.root) == ["b.py"]
    assert not ran.exists()


def test_no_filter_of_a_submodule_runs(git_folder: GitFolder, tmp_path: Path) -> None:
    other = GitFolder(tmp_path / "other")
    other.root.mkdir()
    other.git("init", "-q", "-b", "main")
    other.write("a.py", "A = 1\n")
    other.commit()
    git_folder.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(other.root), "sub")
    git_folder.commit()
    ran, program = trap(tmp_path)
    submodule = GitFolder(git_folder.root / "sub")
    submodule.git("config", "filter.y.clean", program)
    attributes = git_folder.root / ".git/modules/sub/info/attributes"
    attributes.parent.mkdir(exist_ok=True)
    attributes.write_text("*.py filter=y\n", encoding="utf-8")
    touched(submodule, "a.py")
    ran.unlink(missing_ok=True)

    assert changed_paths(git_folder.root) == []
    assert not ran.exists()

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from whykeeper_indexers.scan import Repository, ScanOptions, explain, open_repository
from whykeeper_indexers.types import Exclusion, ExclusionReason, FileStat

OPTIONS = ScanOptions()


@pytest.fixture
def repository(git_folder: Any, tmp_path: Path) -> Repository:
    git_folder.write(".gitignore", "*.log\nout/\n")
    git_folder.write("docs/.gitignore", "draft*\n")
    for path in ("a.md", "x.log", "out/deep/y.md", "docs/draft.md", "docs/b.md", "gone.md", "inner/z.md"):
        git_folder.write(path, "x")
    git_folder.git("add", "-f", "gone.md")
    (git_folder.root / "gone.md").unlink()
    git_folder.git("init", "-q", "inner")
    (git_folder.root / ".git/info/exclude").write_text("private.md\n", encoding="utf-8")
    git_folder.write("private.md", "x")
    (git_folder.root / "linked").symlink_to("docs")
    (git_folder.root / "away").symlink_to(tmp_path)
    os.mkfifo(git_folder.root / "pipe")
    return open_repository(git_folder.root)


def test_an_indexed_file_is_answered_by_its_stat(repository: Repository) -> None:
    for path in ("a.md", "./docs/../a.md", str(repository.root / "a.md")):
        found = explain(repository, OPTIONS, path)
        assert isinstance(found, FileStat)
        assert found.path == "a.md"


@pytest.mark.parametrize(
    ("path", "reason", "detail"),
    [
        ("x.log", ExclusionReason.IGNORED, ".gitignore:1: *.log"),
        ("out/deep/y.md", ExclusionReason.IGNORED, ".gitignore:2: out/"),
        ("out", ExclusionReason.IGNORED, ".gitignore:2: out/"),
        ("docs/draft.md", ExclusionReason.IGNORED, "docs/.gitignore:1: draft*"),
        ("private.md", ExclusionReason.IGNORED, ".git/info/exclude:1: private.md"),
        (".git/config", ExclusionReason.GIT_DATA, "git's own data"),
        ("nope.md", ExclusionReason.MISSING, ""),
        ("a.md/below", ExclusionReason.MISSING, ""),
        ("gone.md", ExclusionReason.MISSING, "tracked by git, but not in the working tree"),
        ("docs", ExclusionReason.FOLDER, "ask for a file in it"),
        (".", ExclusionReason.FOLDER, "ask for a file in it"),
        ("inner", ExclusionReason.NOT_A_FILE, "a repository of its own"),
        ("inner/z.md", ExclusionReason.OUTSIDE, "inner is a repository of its own"),
        ("pipe", ExclusionReason.NOT_A_FILE, "named pipe"),
        ("linked/b.md", ExclusionReason.LINK_FOLDED, "docs/b.md"),
        ("linked", ExclusionReason.LINK_FOLDED, "docs"),
        ("nul\0byte", ExclusionReason.MISSING, ""),
    ],
)
def test_a_path_left_out_is_answered_by_the_rule_that_decides(
    repository: Repository, path: str, reason: ExclusionReason, detail: str
) -> None:
    found = explain(repository, OPTIONS, path)
    assert isinstance(found, Exclusion)
    assert (found.reason, found.detail) == (reason, detail)


@pytest.mark.parametrize("path", ["/etc/passwd", "../x", "docs/../../x", "/"])
def test_a_path_outside_is_answered_by_where_the_repository_is(repository: Repository, path: str) -> None:
    found = explain(repository, OPTIONS, path)
    assert isinstance(found, Exclusion)
    assert found.reason is ExclusionReason.OUTSIDE
    assert str(repository.root) in found.detail


def test_a_file_behind_a_link_that_leaves_is_outside(repository: Repository, tmp_path: Path) -> None:
    (tmp_path / "far.md").write_text("x", encoding="utf-8")
    found = explain(repository, OPTIONS, "away/far.md")
    assert isinstance(found, Exclusion)
    assert found.reason is ExclusionReason.LINK_OUTSIDE


def test_an_absolute_path_through_a_link_to_the_root_is_inside(
    repository: Repository, tmp_path: Path
) -> None:
    (tmp_path / "alias").symlink_to(repository.root)
    assert isinstance(explain(repository, OPTIONS, str(tmp_path / "alias/docs/b.md")), FileStat)


def test_configuration_is_named_by_its_pattern(repository: Repository) -> None:
    found = explain(repository, ScanOptions(exclude=("docs/",)), "docs/b.md")
    assert found == Exclusion("docs/b.md", ExclusionReason.CONFIGURED, "docs/")


def test_a_plain_folder_names_the_folder_nobody_reads(tmp_path: Path) -> None:
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "node_modules/x.js").write_text("x", encoding="utf-8")
    found = explain(open_repository(tmp_path), OPTIONS, "node_modules/x.js")
    assert found == Exclusion(
        "node_modules/x.js", ExclusionReason.IGNORED, "node_modules is never read outside git"
    )

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import pytest

from whykeeper_indexers.errors import RepositoryError
from whykeeper_indexers.scan import ScanOptions, open_repository, scan


def test_any_path_in_a_checkout_leads_to_its_root(git_folder: Any) -> None:
    inner = git_folder.write("a/b/c.md", "x")
    for path in (
        git_folder.root,
        inner.parent,
        inner,
        git_folder.root / ".git",
        git_folder.root / ".git/refs",
    ):
        repository = open_repository(path)
        assert (repository.root, repository.is_git) == (git_folder.root.resolve(), True)


def test_worktrees_of_one_repository_share_an_identity_and_nothing_else(
    git_folder: Any, tmp_path: Path
) -> None:
    git_folder.write("a.md", "x")
    git_folder.commit()
    git_folder.git("worktree", "add", "-q", str(tmp_path / "second"))
    first, second = open_repository(git_folder.root), open_repository(tmp_path / "second")
    assert first.identity == second.identity
    assert first.common_dir == second.common_dir
    assert first.root != second.root
    assert first.git_dir != second.git_dir
    assert "a.md" in scan(second, ScanOptions()).files


def test_two_repositories_have_two_identities(git_folder: Any, tmp_path: Path) -> None:
    git_folder.git("init", "-q", str(tmp_path / "other"))
    assert open_repository(git_folder.root).identity != open_repository(tmp_path / "other").identity


def test_a_repository_can_be_sent_to_another_process(git_folder: Any) -> None:
    repository = open_repository(git_folder.root)
    assert pickle.loads(pickle.dumps(repository)) == repository


def test_a_folder_without_git_is_served_with_a_note(tmp_path: Path) -> None:
    repository = open_repository(tmp_path)
    assert (repository.root, repository.is_git) == (tmp_path.resolve(), False)
    assert repository.notes[0].startswith("not a git repository")


def test_a_broken_dot_git_is_served_as_a_plain_folder_with_what_git_said(tmp_path: Path) -> None:
    (tmp_path / ".git").write_text("gitdir: /nowhere/at/all\n", encoding="utf-8")
    (tmp_path / "a.md").write_text("x", encoding="utf-8")
    repository = open_repository(tmp_path)
    assert "git cannot read the .git here" in repository.notes[0]
    assert set(scan(repository, ScanOptions()).files) == {"a.md"}


def test_without_git_installed_a_repository_is_a_plain_folder(
    git_folder: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git_folder.write("a.md", "x")
    monkeypatch.setenv("PATH", str(tmp_path))
    repository = open_repository(git_folder.root)
    assert not repository.is_git
    assert "git was not found" in repository.notes[0]
    assert set(scan(repository, ScanOptions()).files) == {"a.md"}


def test_the_callers_git_variables_do_not_lead_elsewhere(
    git_folder: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git_folder.git("init", "-q", str(tmp_path / "other"))
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "other/.git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(tmp_path / "other"))
    assert open_repository(git_folder.root).root == git_folder.root.resolve()


def test_a_missing_path_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(RepositoryError, match="nope does not exist"):
        open_repository(tmp_path / "nope")


def test_a_bare_repository_is_an_error(git_folder: Any, tmp_path: Path) -> None:
    git_folder.git("init", "-q", "--bare", str(tmp_path / "bare.git"))
    with pytest.raises(RepositoryError, match="bare repository"):
        open_repository(tmp_path / "bare.git")


def test_a_repository_git_does_not_trust_is_an_error_with_the_command_that_trusts_it(
    git_folder: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    git = tmp_path / "bin/git"
    git.parent.mkdir()
    # Only another user's repository makes git say this, and a test has no other user.
    git.write_text(
        "#!/bin/sh\n"
        f"echo \"fatal: detected dubious ownership in repository at '{git_folder.root}'\" >&2\n"
        "exit 128\n",
        encoding="utf-8",
    )
    git.chmod(0o755)
    monkeypatch.setenv("PATH", str(git.parent))
    with pytest.raises(RepositoryError) as caught:
        open_repository(git_folder.root)
    assert f"git config --global --add safe.directory {git_folder.root}" in caught.value.hint


def test_a_repository_with_a_broken_configuration_is_an_error_with_gits_words(git_folder: Any) -> None:
    (git_folder.root / ".git/config").write_text("[core\n", encoding="utf-8")
    with pytest.raises(RepositoryError, match="bad config"):
        open_repository(git_folder.root)

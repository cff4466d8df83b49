from __future__ import annotations

import os
import shutil
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from whykeeper.watch import ChangeSet, CheckoutWatcher
from whykeeper_indexers.scan import ScanOptions, open_repository, scan_paths

pytestmark = [
    pytest.mark.border,
    pytest.mark.skipif(sys.platform != "linux", reason="inotify is Linux's"),
]

Watch = Callable[..., Any]


@pytest.fixture
def repo(git_folder: Any) -> Any:
    git_folder.write(".gitignore", "*.log\nout/\nnode_modules/\n")
    git_folder.write("a.md", "a")
    git_folder.write("docs/b.md", "b")
    git_folder.commit()
    return git_folder


def test_saves_creations_and_deletions_are_told(repo: Any, watch: Watch) -> None:
    watched = watch(repo.root)
    repo.write("a.md", "changed")
    assert watched.paths() == {"a.md"}
    repo.write("new.md", "x")
    assert watched.paths() == {"new.md"}
    (repo.root / "docs/b.md").unlink()
    assert watched.paths() == {"docs/b.md"}


def test_an_atomic_save_is_told_as_the_file_it_replaced(repo: Any, watch: Watch) -> None:
    watched = watch(repo.root)
    repo.write("docs/.b.md.tmp", "x")
    (repo.root / "docs/.b.md.tmp").replace(repo.root / "docs/b.md")
    assert "docs/b.md" in watched.paths()


def test_without_a_barrier_a_save_is_told_by_itself(repo: Any, watch: Watch) -> None:
    watched = watch(repo.root)
    repo.write("a.md", "changed")
    assert watched.until_path("a.md") == [ChangeSet(frozenset({"a.md"}))]


def test_files_moved_in_and_out_are_told(repo: Any, watch: Watch, tmp_path: Path) -> None:
    watched = watch(repo.root)
    (tmp_path / "x.md").write_text("x", encoding="utf-8")
    (tmp_path / "x.md").rename(repo.root / "x.md")
    assert watched.paths() == {"x.md"}
    (repo.root / "x.md").rename(tmp_path / "y.md")
    assert watched.paths() == {"x.md"}


def test_a_new_folder_is_watched_at_once_with_all_that_is_below(repo: Any, watch: Watch) -> None:
    watched = watch(repo.root)
    repo.write("one/two/three/c.md", "x")
    assert "one" in watched.paths()
    repo.write("one/two/three/c.md", "changed")
    assert watched.paths() == {"one/two/three/c.md"}


def test_a_moved_folder_is_told_under_both_names_and_watched_under_the_new_one(
    repo: Any, watch: Watch
) -> None:
    repo.write("old/deep/c.md", "x")
    watched = watch(repo.root)
    (repo.root / "old").rename(repo.root / "new")
    assert {"old", "new"} <= watched.paths()
    repo.write("new/deep/c.md", "changed")
    assert watched.paths() == {"new/deep/c.md"}


def test_a_folder_moved_out_is_told_once_and_no_longer_watched(
    repo: Any, watch: Watch, tmp_path: Path
) -> None:
    watched = watch(repo.root)
    (repo.root / "docs").rename(tmp_path / "docs")
    assert watched.paths() == {"docs"}
    (tmp_path / "docs/b.md").write_text("x", encoding="utf-8")
    assert watched.paths() == set()
    shutil.move(tmp_path / "docs", repo.root / "docs")
    assert "docs" in watched.paths()
    repo.write("docs/b.md", "again")
    assert watched.paths() == {"docs/b.md"}


def test_a_deleted_folder_can_come_back(repo: Any, watch: Watch) -> None:
    watched = watch(repo.root)
    shutil.rmtree(repo.root / "docs")
    assert "docs" in watched.paths()
    repo.write("docs/b.md", "x")
    assert "docs" in watched.paths()
    repo.write("docs/b.md", "y")
    assert watched.paths() == {"docs/b.md"}


def test_reading_tells_nothing(repo: Any, watch: Watch) -> None:
    watched = watch(repo.root)
    (repo.root / "a.md").read_text(encoding="utf-8")
    list(repo.root.rglob("*"))
    scan_paths(open_repository(repo.root), ScanOptions(), ["a.md"])
    repo.git("status")
    assert watched.after_barrier() == []


def test_ignored_folders_are_not_watched_whether_they_were_there_or_come_later(
    repo: Any, watch: Watch
) -> None:
    for number in range(50):
        repo.write(f"node_modules/{number}/x.js", "x")
    watched = watch(repo.root)
    before = watched.watcher.state.folders
    assert before < 20
    repo.write("node_modules/0/x.js", "changed")
    shutil.rmtree(repo.root / "node_modules")
    for number in range(50):
        repo.write(f"node_modules/{number}/deep/x.js", "x")
        repo.write(f"out/{number}/x.js", "x")
    assert not any(path.startswith("node_modules/") for path in watched.paths())
    assert watched.watcher.state.folders == before


def test_a_folder_that_only_happens_to_hold_ignored_files_is_watched(repo: Any, watch: Watch) -> None:
    repo.write("logs/a.log", "x")
    watched = watch(repo.root)
    repo.write("logs/README.md", "x")
    assert watched.paths() == {"logs/README.md"}


def test_an_ignored_folder_that_configuration_brings_back_is_watched(repo: Any, watch: Watch) -> None:
    repo.write("out/docs/a.md", "x")
    watched = watch(repo.root, options=ScanOptions(include=("out/docs/*.md",)))
    repo.write("out/docs/a.md", "y")
    assert "out/docs/a.md" in watched.paths()


def test_an_ignored_file_written_all_the_time_is_soon_told_no_more(repo: Any, watch: Watch) -> None:
    watched = watch(repo.root)
    for number in range(5):
        repo.write("debug.log", str(number))
        watched.after_barrier()
    repo.write("debug.log", "more")
    assert watched.after_barrier() == []


@pytest.mark.parametrize("path", [".gitignore", "docs/.gitignore", ".git/info/exclude"])
def test_new_ignore_rules_ask_for_a_whole_scan_and_are_followed(repo: Any, watch: Watch, path: str) -> None:
    repo.write("docs/private/x.md", "x")
    watched = watch(repo.root)
    with (repo.root / path).open("a", encoding="utf-8") as rules:
        rules.write("private/\n")
    assert any(changes.rescan for changes in watched.after_barrier())
    watched.after_barrier()
    repo.write("docs/private/x.md", "y")
    assert watched.paths() == set()
    (repo.root / path).write_text("", encoding="utf-8")
    assert any(changes.rescan for changes in watched.after_barrier())
    watched.after_barrier()
    repo.write("docs/private/x.md", "z")
    assert watched.paths() == {"docs/private/x.md"}


def test_a_checkout_is_one_settled_whole_scan(repo: Any, watch: Watch) -> None:
    repo.git("checkout", "-q", "-b", "other")
    for number in range(200):
        repo.write(f"many/{number}.md", "x")
    repo.commit()
    watched = watch(repo.root)
    repo.git("checkout", "-q", "main")
    told = watched.until_rescan("HEAD moved")
    assert [changes.head_moved for changes in told] == [True]


def test_a_commit_a_reset_and_a_new_branch_move_head(repo: Any, watch: Watch) -> None:
    watched = watch(repo.root)
    for command in (
        ("commit", "-q", "--allow-empty", "-m", "x"),
        ("reset", "-q", "--hard", "HEAD~1"),
        ("checkout", "-q", "-b", "deep/er/branch"),
        ("commit", "-q", "--allow-empty", "-m", "y"),
        ("pack-refs", "--all"),
        ("commit", "-q", "--allow-empty", "-m", "z"),
    ):
        repo.git(*command)
        moved = [changes.head_moved for changes in watched.after_barrier()]
        assert any(moved) == (command[0] != "pack-refs"), command


def test_a_rebase_is_told_by_its_end(repo: Any, watch: Watch) -> None:
    repo.git("checkout", "-q", "-b", "topic")
    for number in range(4):
        repo.write(f"topic{number}.md", "x")
        repo.commit()
    repo.git("checkout", "-q", "main")
    repo.write("main.md", "x")
    repo.commit()
    repo.git("checkout", "-q", "topic")
    watched = watch(repo.root)
    repo.git("rebase", "-q", "main")
    assert any(changes.head_moved and changes.rescan for changes in watched.after_barrier())


def test_tracking_an_ignored_file_asks_for_a_whole_scan_and_a_refreshed_index_does_not(
    repo: Any, watch: Watch
) -> None:
    repo.write("kept.log", "x")
    watched = watch(repo.root)
    repo.git("add", "-f", "kept.log")
    assert [changes.reason for changes in watched.after_barrier()] == ["other files are tracked"]
    os.utime(repo.root / "a.md")
    repo.git("status")
    repo.git("update-index", "--refresh")
    assert not any(changes.rescan for changes in watched.after_barrier())


def test_a_linked_worktree_hears_of_its_own_head_alone(repo: Any, watch: Watch, tmp_path: Path) -> None:
    repo.git("worktree", "add", "-q", str(tmp_path / "second"))
    watched = watch(tmp_path / "second")
    repo.commit("in the first")
    assert watched.after_barrier() == []
    repo.git("-C", str(tmp_path / "second"), "commit", "-q", "--allow-empty", "-m", "in the second")
    assert any(changes.head_moved for changes in watched.after_barrier())


def test_two_watchers_of_one_checkout_do_not_disturb_each_other(repo: Any, watch: Watch) -> None:
    first, second = watch(repo.root), watch(repo.root)
    repo.write("a.md", "x")
    assert first.paths() == second.paths() == {"a.md"}
    first.watcher.stop()
    repo.write("a.md", "y")
    assert second.paths() == {"a.md"}
    assert not first.watcher.barrier(0.1)


def test_a_plain_folder_is_watched_without_what_nobody_reads(tmp_path: Path, watch: Watch) -> None:
    folder = tmp_path / "plain"
    (folder / "node_modules/x").mkdir(parents=True)
    watched = watch(folder)
    (folder / "node_modules/x/a.js").write_text("x", encoding="utf-8")
    (folder / "a.md").write_text("x", encoding="utf-8")
    assert watched.paths() == {"a.md"}


def test_a_clone_made_inside_becomes_a_repository_of_its_own(repo: Any, watch: Watch) -> None:
    watched = watch(repo.root)
    repo.git("init", "-q", "inner")
    watched.after_barrier()
    repo.write("inner/src/x.py", "x")
    assert watched.paths() == set()


def test_a_moved_checkout_is_off_until_it_is_back(repo: Any, watch: Watch) -> None:
    watched = watch(repo.root)
    repo.root.rename(repo.root.with_name("away"))
    watched.until_rescan("moved or deleted")
    watched.until_state("off")
    assert not watched.watcher.barrier(0.1)
    repo.root.with_name("away").rename(repo.root)
    watched.until_rescan("is back")
    repo.write("a.md", "again")
    assert "a.md" in watched.paths()


def test_a_checkout_moved_by_a_folder_above_it_is_noticed_by_the_barrier(
    git_folder: Any, watch: Watch, tmp_path: Path
) -> None:
    inner = tmp_path / "above/repo"
    git_folder.git("init", "-q", str(inner))
    watched = watch(inner)
    (tmp_path / "above").rename(tmp_path / "elsewhere")
    assert not watched.watcher.barrier(1)
    watched.until_rescan("moved or replaced")


def test_a_replaced_checkout_is_watched_in_its_new_place(repo: Any, watch: Watch) -> None:
    watched = watch(repo.root)
    other = repo.root.with_name("other")
    shutil.copytree(repo.root, other)
    repo.root.rename(repo.root.with_name("old"))
    other.rename(repo.root)
    watched.until(lambda told: any(changes.rescan for changes in told))
    watched.until_state("inotify")
    repo.write("a.md", "in the new one")
    watched.until_path("a.md")


def test_a_listener_that_fails_is_told_the_next_change_all_the_same(
    repo: Any, caplog: pytest.LogCaptureFixture
) -> None:
    told: list[ChangeSet] = []

    def fail_once(changes: ChangeSet) -> None:
        told.append(changes)
        if len(told) == 1:
            raise RuntimeError("boom")

    watcher = CheckoutWatcher(open_repository(repo.root), fail_once)
    watcher.start()
    try:
        repo.write("a.md", "1")
        assert watcher.barrier(5)
        repo.write("a.md", "2")
        assert watcher.barrier(5)
    finally:
        watcher.stop()
    assert len(told) == 2
    assert "boom" in caplog.text


def test_a_barrier_from_inside_the_listener_makes_no_promise_and_does_not_hang(repo: Any) -> None:
    answers: list[bool] = []
    watcher = CheckoutWatcher(open_repository(repo.root), lambda _: answers.append(watcher.barrier(5)))
    watcher.start()
    try:
        repo.write("a.md", "1")
        assert watcher.barrier(5)
    finally:
        watcher.stop()
    assert answers == [False]


def test_nothing_is_left_behind(repo: Any, tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    watcher = CheckoutWatcher(open_repository(repo.root), lambda _: None, scratch=scratch)
    watcher.start()
    assert watcher.barrier(5)
    before = repo.git("status", "--porcelain", "--ignored")
    watcher.stop()
    assert list(scratch.iterdir()) == []
    assert before == ""
    assert not [thread for thread in threading.enumerate() if thread.name == "whykeeper-watch"]

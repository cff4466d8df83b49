from __future__ import annotations

import errno
import queue
from collections.abc import Callable
from typing import Any

import pytest
from watchdog.observers.inotify_c import InotifyFD

from whykeeper.watch.changes import Event, Where
from whykeeper.watch.native import NativeSource
from whykeeper_indexers.scan import ScanOptions, open_repository

pytestmark = pytest.mark.border

Watch = Callable[..., Any]


def test_polling_tells_of_changes_new_files_and_head_and_promises_nothing(
    git_folder: Any, watch: Watch
) -> None:
    git_folder.write("a.md", "x")
    git_folder.commit()
    watched = watch(git_folder.root, polling=True, poll_s=0.05)
    assert watched.watcher.state.mode == "polling"
    assert not watched.watcher.barrier(0.1)
    git_folder.write("a.md", "longer")
    watched.until_path("a.md")
    git_folder.write("docs/new.md", "x")
    watched.until_path("docs/new.md")
    (git_folder.root / "a.md").unlink()
    git_folder.commit()
    watched.until_rescan("HEAD moved")


@pytest.mark.parametrize(
    ("number", "limit"), [(errno.ENOSPC, "max_user_watches"), (errno.EMFILE, "max_user_instances")]
)
def test_without_watches_left_it_polls_and_says_which_limit_to_raise(
    git_folder: Any, watch: Watch, monkeypatch: pytest.MonkeyPatch, number: int, limit: str
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(number, "no more")

    # The real limit is one of the machine, and not a test's to exhaust.
    monkeypatch.setattr(InotifyFD, "add_callback", refuse)
    watched = watch(git_folder.root, poll_s=0.05)
    assert watched.watcher.state.mode == "polling"
    assert limit in watched.watcher.state.note
    git_folder.write("a.md", "x")
    watched.until_path("a.md")


def test_watches_running_out_later_ends_in_polling_too(
    git_folder: Any, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched = watch(git_folder.root, poll_s=0.05)

    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, "no more")

    monkeypatch.setattr(InotifyFD, "add_callback", refuse)
    (git_folder.root / "docs").mkdir()
    watched.until_state("polling")
    git_folder.write("docs/a.md", "x")
    watched.until_path("docs/a.md")


def test_the_source_of_other_systems_tells_the_same_and_drops_ignored_folders(git_folder: Any) -> None:
    git_folder.write(".gitignore", "out/\n")
    git_folder.write("out/x", "x")
    git_folder.commit()
    events: queue.Queue[Event] = queue.Queue()
    source = NativeSource(open_repository(git_folder.root), ScanOptions(), events.put)
    source.start()
    try:
        git_folder.write("out/y", "x")
        git_folder.write("a.tmp", "x").replace(git_folder.root / "a.md")
        assert source.mark("7")
        seen: list[Event] = []
        while Event(Where.MARK, "7") not in seen:
            seen.append(events.get(timeout=5))
    finally:
        source.stop()
    assert Event(Where.TREE, "a.md") in seen
    assert not [event for event in seen if event.path.startswith("out")]

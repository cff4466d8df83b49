"""watchman's promise: what was written before the question is told before the answer."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from watchdog.observers.inotify_c import CallbackId, InotifyConstants, InotifyFD

pytestmark = [
    pytest.mark.border,
    pytest.mark.skipif(sys.platform != "linux", reason="inotify is Linux's"),
]

Watch = Callable[..., Any]


def test_two_hundred_saves_of_every_kind_are_told_before_the_barrier_opens(
    git_folder: Any, watch: Watch
) -> None:
    git_folder.write("a.md", "x")
    watched = watch(git_folder.root)
    for number in range(200):
        name = f"folder{number}/deep/new.md" if number % 4 == 3 else "a.md"
        if number % 2:
            git_folder.write("a.tmp", str(number)).replace(git_folder.root / "a.md")
        git_folder.write(name, str(number))
        paths = watched.paths()
        assert name in paths or name.split("/")[0] in paths, number


def test_checkouts_between_branches_are_told_before_the_barrier_opens(git_folder: Any, watch: Watch) -> None:
    for branch in ("one", "two"):
        git_folder.git("checkout", "-q", "--orphan", branch)
        for number in range(30):
            git_folder.write(f"{branch}/{number}.md", branch)
        git_folder.commit()
    watched = watch(git_folder.root)
    for number in range(20):
        git_folder.git("checkout", "-q", ("one", "two")[number % 2])
        told = watched.after_barrier()
        assert any(changes.rescan and changes.head_moved for changes in told), number


class Stalled:
    """Holds watchdog's reading thread, which all watchers share, until it is let go."""

    def __init__(self, folder: Path) -> None:
        self._go = threading.Event()
        self._held = threading.Event()
        mask = InotifyConstants.IN_CREATE
        InotifyFD.get_instance().add_callback(bytes(folder), mask, self, CallbackId(id(self)))
        (folder / "stall").touch()
        assert self._held.wait(5)

    def on_event(self, _event: Any) -> None:
        self._held.set()
        self._go.wait(60)

    def on_watch_deleted(self, wd: Any) -> None:
        """The folder went with the test."""

    def on_queue_overflow(self) -> None:
        """The watchers are told too."""

    def let_go(self) -> None:
        self._go.set()


def test_an_overflow_is_told_as_a_whole_scan_and_keeps_the_promise(
    git_folder: Any, watch: Watch, tmp_path: Path
) -> None:
    watched = watch(git_folder.root)
    (tmp_path / "stall").mkdir()
    stalled = Stalled(tmp_path / "stall")
    try:
        make = "import sys, pathlib\nfor n in range(20000): pathlib.Path(sys.argv[1], f'{n}.md').touch()\n"
        subprocess.run([sys.executable, "-c", make, str(git_folder.root)], check=True, timeout=60)
        git_folder.write("born/in/the/flood.md", "x")
    finally:
        threading.Timer(0.2, stalled.let_go).start()
    told = watched.after_barrier()
    assert any(changes.rescan and "overflowed" in changes.reason for changes in told)
    git_folder.write("born/in/the/flood.md", "y")
    assert watched.paths() == {"born/in/the/flood.md"}


def test_continuous_writing_does_not_put_the_telling_off(git_folder: Any, watch: Watch) -> None:
    watched = watch(git_folder.root)
    enough = threading.Event()

    def write() -> None:
        number = 0
        while not enough.wait(0.005):
            git_folder.write("busy.md", str(number := number + 1))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        watched.until(lambda told: len(told) >= 2)
    finally:
        enough.set()
        writer.join()

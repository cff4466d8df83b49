"""Models made on the user's machine."""

from __future__ import annotations

import os
import time
from pathlib import Path

from whykeeper_indexers.encoder.built import ABANDONED_AFTER_S, build_aside


def test_what_a_killed_build_left_is_removed_and_a_running_one_is_not(tmp_path: Path) -> None:
    left, running = tmp_path / "model.killed", tmp_path / "model.running"
    for aside in (left, running):
        aside.mkdir()
        (aside / "weights").write_text("half", encoding="utf-8")
    then = time.time() - ABANDONED_AFTER_S - 60
    os.utime(left, (then, then))

    build_aside(
        tmp_path / "model", lambda aside: (aside / "weights").touch(), lambda folder: folder.is_dir(), ()
    )

    assert sorted(each.name for each in tmp_path.iterdir()) == ["model", "model.running"]

"""The repositories of the code-search set from nothing, beside semble and in turn with it."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benchmarks.peers.semble import Semble, static_model
from benchmarks.retrieval.rows import load
from benchmarks.sandbox import at_pin
from benchmarks.speed.measurement import Measurement
from benchmarks.speed.workbench import Workbench

__all__ = ["semble"]

SMALL = "openedx+openedx-events"
"""Indexed before: the model is distilled then, and the secret scanner's rules compiled."""


def semble(bench: Workbench) -> list[Measurement]:
    """Index the same files with both: those that semble reads of the folder that the set names.

    semble's clock runs around its Python interface, once in its own process and once with a process for
    each core, with its model loaded; its index is in memory, words and vectors at once. Ours is what
    ``whykeeper index`` tells, from when the daemon takes the command: on disk, searchable.
    """
    bench.index(bench.sandbox.clone(bench.checkout(SMALL)))
    scratch = bench.sandbox.folder / "peers"
    rows: list[dict[str, Any]] = []
    with ExitStack() as stack:
        peers = []
        for workers in dict.fromkeys((0, os.cpu_count() or 1)):
            peer = Semble(bench.environments, scratch, static_model(bench.sandbox.env), workers=workers)
            stack.callback(peer.close)
            peers.append(peer)
        for repo, commit, root in _folders(bench):
            checkout = bench.checkout(repo.replace("/", "+"))
            at_pin(checkout, commit)
            indexed = [peer.index(checkout, root, prose=False) for peer in peers]
            copy = _copy(checkout / (root or ""), indexed[0].files, scratch / "copies" / checkout.name)
            result = bench.index(copy)
            rows.append(
                {
                    "repo": repo, "files": len(indexed[0].files),
                    "theirs_s": [round(each.took_s, 3) for each in indexed],
                    "words_s": result["words_s"], "meaning_s": result["took_s"], "chunks": result["chunks"],
                }
            )  # fmt: skip
            bench.say(f"  {rows[-1]}")
    return _lines(rows)


def _lines(rows: Sequence[dict[str, Any]]) -> list[Measurement]:
    alone, spread = (sum(row["theirs_s"][index] for row in rows) for index in (0, -1))
    best = min(alone, spread)
    words, meaning = (sum(row[name] for row in rows) for name in ("words_s", "meaning_s"))
    files = sum(row["files"] for row in rows)
    peer = f"semble 0.7.0: {alone:.1f} s in one process, {spread:.1f} s with one for each core"
    return [
        Measurement(
            f"{len(rows)} repositories of the code set from nothing, by words ({files:,} files, the same "
            "for both)",
            "not slower than semble", f"{words:.1f} s, {best / words:.2f} of its speed", words <= best,
            peer, {"rows": rows}, asked_for=True,
        ),
        Measurement(
            "… and by meaning", "–", f"{meaning:.1f} s, {best / meaning:.2f} of its speed", peer=peer,
            asked_for=True,
        ),
    ]  # fmt: skip


def _folders(bench: Workbench) -> list[tuple[str, str, str | None]]:
    rows = load(bench.sets, ["code-search"])
    return list(dict.fromkeys((row["repo"], row["commit"], row["root"]) for row in rows))


def _copy(folder: Path, files: Sequence[str], target: Path) -> Path:
    """Put some files into a repository of their own."""
    for name in files:
        place = target / name
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folder / name, place)
    git = ["git", "-C", str(target), "-c", "user.name=benchmark", "-c", "user.email=benchmark@localhost"]
    for arguments in (["init", "--quiet"], ["add", "--all", "--force"], ["commit", "--quiet", "-m", "files"]):
        subprocess.run([*git, *arguments], check=True, capture_output=True)
    return target

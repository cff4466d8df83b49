"""Is the store whole? Known vectors are asked for themselves, in a process that may die of it.

Seen on Chroma 1.5.9 with files damaged on purpose: overwriting the vectors' file ends the
process with a segmentation fault, a lost index file makes every query miss while counts stay
right, a short one makes half of them miss. So a store that was not closed, or whose files
are not as they were left, is opened in a helper process first.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from whykeeper_indexers.errors import DamagedStoreError, WorkerError
from whykeeper_indexers.vectors.collections import errors_made_ours
from whykeeper_indexers.vectors.probes import Probes
from whykeeper_indexers.worker import WorkerProcess

if TYPE_CHECKING:
    from chromadb.api import ClientAPI

__all__ = ["Layout", "ask_probes", "check_aside", "left_clean", "note_clean"]

_NEAREST = 10
_SAME = 0.995
# The index is approximate: one known vector in ten may be missed by a healthy one.
_ENOUGH = 0.9


class Layout:
    """What lies where in the store's folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.chroma = folder / "chroma"
        self.probes = folder / "probes"
        self.closed = folder / "closed.json"
        # Beside the folder, so that the folder can be put aside by the one who holds it.
        self.lock = folder.with_name(f"{folder.name}.lock")

    def probes_of(self, collection: str) -> Path:
        """File of a collection's known vectors."""
        return self.probes / f"{collection}.npz"


def note_clean(layout: Layout) -> None:
    """Write down how the files are left, after a proper close."""
    aside = layout.closed.with_suffix(".tmp")
    aside.write_text(json.dumps(_sizes_and_times(layout.chroma)), encoding="utf-8")
    aside.replace(layout.closed)


def left_clean(layout: Layout) -> bool:
    """Whether the files are as a proper close left them; a new store is clean."""
    if not layout.folder.exists() or not any(layout.folder.iterdir()):
        return True
    try:
        noted = json.loads(layout.closed.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return bool(noted == _sizes_and_times(layout.chroma))


def check_aside(layout: Layout, time_limit_s: float, log: IO[Any] | None = None) -> None:
    """Open and check a store in a helper process.

    Raises:
        DamagedStoreError: It is damaged, crashes whoever opens it, or does not answer in time.
    """
    helper = WorkerProcess("whykeeper_indexers.vectors.check", name="store check", log=log)
    try:
        helper.call("check", layout.folder, timeout_s=time_limit_s)
    except WorkerError as error:
        raise DamagedStoreError(f"{layout.folder} does not survive a check: {error.message}") from error
    finally:
        helper.close()


def ask_probes(client: ClientAPI, layout: Layout) -> None:
    """Ask every collection for the vectors it is known to hold.

    Raises:
        DamagedStoreError: A collection is missing, fails, or does not find them.
    """
    present = {collection.name for collection in client.list_collections()}
    for file in sorted(layout.probes.glob("*.npz")):
        known = Probes(file).vectors
        if not known:
            continue
        if file.stem not in present:
            raise DamagedStoreError(f"{layout.folder} has lost its collection {file.stem}")
        with errors_made_ours(f"asking {file.stem} for known vectors"):
            found = _found(client, file.stem, known)
        if found < _ENOUGH * len(known):
            raise DamagedStoreError(f"{file.stem} finds {found} of {len(known)} known vectors")


def _found(client: ClientAPI, name: str, known: dict[str, Any]) -> int:
    collection = client.get_collection(name, embedding_function=None)
    answers = collection.query(
        query_embeddings=list(known.values()), n_results=_NEAREST, include=["distances"]
    )
    found = 0
    for key, keys, distances in zip(known, answers["ids"], answers["distances"] or (), strict=True):
        found += key in keys and 1 - distances[keys.index(key)] >= _SAME
    return found


def _sizes_and_times(folder: Path) -> dict[str, list[int]]:
    found = {}
    for parent, _, names in os.walk(folder):
        for name in names:
            stat = (Path(parent) / name).stat()
            found[(Path(parent) / name).relative_to(folder).as_posix()] = [stat.st_size, stat.st_mtime_ns]
    return found

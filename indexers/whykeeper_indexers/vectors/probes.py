"""A few vectors kept outside the store, to ask it for what is known to be in it.

Counts lie: a damaged store still counts what it cannot find. And a vector read back from a
damaged index finds itself, so the expected ones must come from elsewhere.
"""

from __future__ import annotations

import logging
import os
import zlib
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Probes"]

logger = logging.getLogger(__name__)

PROBES = 20


class Probes:
    """Up to 20 keys and vectors of one collection, in a file of their own.

    Args:
        file: Where they are kept; an unreadable one counts as empty.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self.vectors: dict[str, NDArray[np.float32]] = _read(file)

    def note(self, keys: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Keep some of a batch that the store has just taken.

        Those of the smallest hashes of all ever seen stay: an even sample, without a count of
        what was seen (Bar-Yossef and others, Counting distinct elements in a data stream, 2002).
        """
        rows = {key: row for row, key in enumerate(keys)}
        kept = sorted({*self.vectors, *rows}, key=lambda key: zlib.crc32(key.encode()))[:PROBES]
        if rows.keys().isdisjoint(kept):
            return
        self.vectors = {key: vectors[rows[key]].copy() if key in rows else self.vectors[key] for key in kept}
        self._write()

    def forget(self, keys: Collection[str]) -> None:
        """Drop those that the store is about to remove."""
        gone = self.vectors.keys() & set(keys)
        for key in gone:
            del self.vectors[key]
        if gone:
            self._write()

    def delete(self) -> None:
        """Drop all of them: the collection is about to go."""
        self.vectors = {}
        self._file.unlink(missing_ok=True)

    def _write(self) -> None:
        import numpy as np

        self._file.parent.mkdir(parents=True, exist_ok=True)
        aside = self._file.with_suffix(f".{os.getpid()}.tmp")
        with aside.open("wb") as stream:
            stack = np.stack(list(self.vectors.values())) if self.vectors else np.empty((0, 0), np.float32)
            np.savez(stream, keys=np.array(list(self.vectors), dtype="U64"), vectors=stack)
        aside.replace(self._file)


def _read(file: Path) -> dict[str, NDArray[np.float32]]:
    import zipfile

    import numpy as np

    try:
        with np.load(file, allow_pickle=False) as content:
            return dict(zip(content["keys"].tolist(), content["vectors"], strict=True))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        logger.warning("%s cannot be read and is started anew", file)
        return {}

"""Nearness to the files that a caller has open: among answers that match alike, those are meant.

Near is what lies in the same folders, what an open file names (the modules that it imports), and what
names it (its users, the documents about it). After clangd's proximity of files in code completion
(``FileDistance.h`` of the LLVM project).
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from whykeeper_indexers.path_words import path_words, without_steps
from whykeeper_indexers.search.candidates import Candidate

__all__ = ["OpenFile", "closeness", "open_file", "prefer_near"]

NEAR = 0.5
"""What passages of near files gain. With 1 whoever asks about something else than the open file loses 0.03
of nDCG@10, with 0.5 less than 0.01; see ``benchmarks.retrieval.near``."""
SAME_FILE = 1.5
"""For the open file's own passages: more than for its neighbours, which are near because it is open."""
SAME_FOLDER = 1.0
"""For a file of the very folder; one that shares some of its folders gets its share."""
LINKED = 1.0
"""For a file that an open one names, and for a passage that names an open one."""
MAX_CHARACTERS = 200_000
"""Read of an open file."""

_TELLING = 4
"""Letters of a name from which on it is not anything's."""
_FOLDERS_OWN = frozenset(["__init__", "index", "mod"])
"""Files that stand for their folder, and are called by its name."""
_EVERYWHERE = _FOLDERS_OWN | {"lib", "main", "models", "readme", "types", "util", "utils"}
"""Names that many folders have: alone they name none of them."""


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A file that the caller has open.

    Attributes:
        path: Relative to the root; may be a folder, or a file that is yet to be written.
        named: What its text may name other files by.
    """

    path: str
    named: frozenset[str] = frozenset()


def open_file(path: str, text: str) -> OpenFile:
    """Read which names a file uses.

    Args:
        path: Relative to the root.
        text: Its text; empty where there is none.
    """
    written = (without_steps(token).rstrip("/") for token in path_words(text[:MAX_CHARACTERS]))
    # A stop in front is of a relative import, or belongs to the name of a hidden folder.
    names = (name for token in written for name in (token, token.lstrip(".")))
    return OpenFile(path, frozenset(name for name in names if "." in name or "/" in name))


def closeness(path: str, text: str, opened: OpenFile) -> float:
    """Say how near a passage is to an open file: 0 to 1, and `SAME_FILE` for its own.

    Args:
        path: Of the passage's file.
        text: Of the passage.
        opened: The open file.
    """
    if path == opened.path:
        return SAME_FILE
    linked = not opened.named.isdisjoint(_spellings(path)) or _names(text, opened.path)
    return max(_shared_folders(path, opened.path), LINKED if linked else 0.0)


def prefer_near(candidates: Iterable[Candidate], opened: Sequence[OpenFile]) -> None:
    """Raise what is near to an open file, by `NEAR` at a closeness of 1; the nearest of several counts.

    Args:
        candidates: With fused scores and their texts; changed in place.
        opened: May be empty: then nothing changes.
    """
    if not opened:
        return
    for candidate in candidates:
        chunk = candidate.whole.chunk
        if chunk.path:
            near = max(closeness(chunk.path, chunk.text, each) for each in opened)
            candidate.scale("near open paths", 1 + NEAR * near)


def _shared_folders(path: str, other: str) -> float:
    """The share of the deeper one's folders that both have."""
    own, others = path.split("/")[:-1], other.split("/")[:-1]
    shared = 0
    for one, two in zip(own, others, strict=False):
        if one != two:
            break
        shared += 1
    return SAME_FOLDER * shared / max(len(own), len(others), 1)


@lru_cache(20_000)
def _spellings(path: str) -> frozenset[str]:
    """What code and documents call a file by: two or more of its path's last parts, with slashes or dots."""
    stem, suffix = posixpath.splitext(path)
    parts = stem.split("/")
    if parts[-1] in _FOLDERS_OWN:
        parts.pop()
    ends = [parts[start:] for start in range(len(parts) - 1)]
    spelled = (("/".join(end), ".".join(end), "/".join(end) + suffix) for end in ends)
    return frozenset([path, *(each for of_end in spelled for each in of_end)])


def _names(text: str, path: str) -> bool:
    """Whether a text names a file, by a path or by its own name."""
    name = posixpath.basename(path)
    if "." in name and _is_telling(posixpath.splitext(name)[0]) and name in text:
        return True
    return "/" in path and any(each in text for each in _spellings(path))


def _is_telling(name: str) -> bool:
    return len(name) >= _TELLING and name.lower() not in _EVERYWHERE

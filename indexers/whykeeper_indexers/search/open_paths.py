"""Nearness to the files that a caller has open: among answers that match alike, those are meant.

Near is what lies in the same folders, bears the same name (a module, its test, its page), and what is named
there: the files that an open one imports, and passages that speak of an open one. After clangd's
proximity of files in code completion (``FileDistance.h`` of the LLVM project).
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from whykeeper_indexers.search.candidates import Candidate

__all__ = ["OpenFile", "closeness", "open_file", "prefer_near"]

NEAR = 0.5
"""What the nearest passages gain. A match that is clearly better scores more than that above them."""
SAME_FOLDER = 1.0
"""For a file of the very folder; one that shares some of its folders gets its share."""
SAME_NAME = 1.0
"""For a file of an open one's name elsewhere: its test, its header, its page."""
LINKED = 1.0
"""For a file that an open one names, and for a passage that names an open one."""
MAX_CHARACTERS = 200_000
"""Read of an open file."""

_TOKEN = re.compile(r"[A-Za-z0-9_@.][A-Za-z0-9_./@-]*")
_AFFIX = re.compile(r"^(?:test|spec)s?[_.-]|[_.-](?:test|spec|stories)s?$|(?<=[a-z])(?:Test|Spec)s?$")
_TELLING = 4
"""Letters of a name from which on it is not anything's."""
_PLACEHOLDERS = frozenset(
    ["__init__", "index", "main", "mod", "lib", "readme", "utils", "util", "types", "models"]
)
"""Names that many folders have: they link nothing."""


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
    tokens = (token.strip("./") for token in _TOKEN.findall(text[:MAX_CHARACTERS]))
    return OpenFile(path, frozenset(token for token in tokens if "." in token or "/" in token))


def closeness(path: str, text: str, opened: OpenFile) -> float:
    """Say how near a passage is to an open file, 0 to 1.

    Args:
        path: Of the passage's file.
        text: Of the passage.
        opened: The open file.
    """
    if path == opened.path:
        return 1.0
    in_tree = _shared_folders(path, opened.path)
    name, own = _name(path), _name(opened.path)
    named_alike = SAME_NAME if name == own and name else 0.0
    linked = LINKED if _spellings(path) & opened.named or _mentions(text, opened.path) else 0.0
    return max(in_tree, named_alike, linked)


def prefer_near(candidates: Iterable[Candidate], opened: Sequence[OpenFile]) -> None:
    """Raise what is near to an open file, by at most `NEAR`; the nearest of several counts.

    Args:
        candidates: With fused scores; changed in place.
        opened: May be empty: then nothing changes.
    """
    if not opened:
        return
    for candidate in candidates:
        chunk = candidate.chunk
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
def _name(path: str) -> str:
    stem = posixpath.basename(path).partition(".")[0]
    bare = _AFFIX.sub("", stem).lower().replace("-", "_")
    return bare if len(bare) >= _TELLING and bare not in _PLACEHOLDERS else ""


@lru_cache(20_000)
def _spellings(path: str) -> frozenset[str]:
    """What code and documents call a file by: its path's ends, with slashes and with dots."""
    stem = posixpath.splitext(path)[0]
    stem = stem.removesuffix("/__init__").removesuffix("/index").removesuffix("/mod")
    parts = stem.split("/")
    ends = [parts[start:] for start in range(max(len(parts) - 1, 0))]
    suffix = posixpath.splitext(path)[1]
    spelled = ["/".join(end) for end in ends] + [".".join(end) for end in ends]
    return frozenset([path, *spelled, *("/".join(end) + suffix for end in ends)])


def _mentions(text: str, path: str) -> bool:
    if path in text:
        return True
    name = posixpath.basename(path)
    return bool(_name(path)) and "." in name and name in text

"""One state of a repository, read from git's objects: a commit, or work that is not committed yet."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Final

from whykeeper_indexers.change.types import Occurrence
from whykeeper_indexers.git import GitError, run_git

__all__ = ["Tree", "tree_at"]

MOST_BYTES: Final = 1 << 20
"""Of a file that is read; a larger one is data."""
MOST_PATTERNS: Final = 400
"""Words asked for in one call."""
_LONGEST_LINE: Final = 2_000
_LAST: Final = 4
"""States that are kept: those before and after the change that is looked at, and the one before that."""
_NONE: Final = b"\0"
"""In the place of contents that are not there: no text."""
_ENTRY = re.compile(
    r"(?P<mode>\d{6}) (?P<type>\w+) (?P<id>[0-9a-f]+)(?:\s+(?P<size>\d+|-))?\t(?P<path>.*)", re.DOTALL
)
_FILES: Final = frozenset({"100644", "100755"})


class Tree:
    """One state of a repository.

    Args:
        root: The checkout.
        name: What git finds it by: a commit, or a tree's hash.
        variables: Of git's environment, where its objects lie apart from the repository's.
    """

    def __init__(self, root: Path, name: str, variables: Mapping[str, str] | None = None) -> None:
        self.root = root
        self.name = name
        self.variables = dict(variables or {})
        self._texts: dict[str, str | None] = {}

    @cached_property
    def _listed(self) -> tuple[dict[str, str], frozenset[str]]:
        entries: dict[str, str] = {}
        large: set[str] = set()
        for record in self._records():
            found = _ENTRY.fullmatch(record.decode("utf-8", "surrogateescape"))
            if found and found["mode"] in _FILES:
                entries[found["path"]] = found["id"]
                if int(found["size"] or 0) > MOST_BYTES:
                    large.add(found["path"])
        return entries, frozenset(large)

    def _records(self) -> list[bytes]:
        listing = ["ls-tree", "-r", "-z", "--full-tree", self.name]
        try:
            return self._git([*listing, "-l"]).split(b"\0")
        except GitError:
            # A partial clone knows no sizes of what it lacks.
            return self._git(listing).split(b"\0")

    @property
    def blobs(self) -> Mapping[str, str]:
        """Every regular file by path, with the hash of its contents."""
        return self._listed[0]

    @property
    def large(self) -> frozenset[str]:
        """Files that are too large to be read."""
        return self._listed[1]

    def __contains__(self, path: str) -> bool:
        return path in self.blobs

    def text(self, path: str) -> str | None:
        """A file's text with line feeds as line ends; None where there is none, or it is no text."""
        return self.texts([path]).get(path)

    def texts(self, paths: Collection[str], *, keep: bool = True) -> dict[str, str]:
        """The texts of some files; what is missing, too large or no text is left out.

        Args:
            paths: Relative to the root.
            keep: Whether they are asked for again.
        """
        wanted = [path for path in paths if path not in self._texts]
        readable = [path for path in wanted if path in self.blobs and path not in self.large]
        contents = self._contents([self.blobs[path] for path in readable])
        read: dict[str, str | None] = dict.fromkeys(wanted)
        read.update((path, _decoded(data)) for path, data in zip(readable, contents, strict=True))
        if keep:
            self._texts.update(read)
        found = ((path, read[path] if path in read else self._texts[path]) for path in paths)
        return {path: text for path, text in found if text is not None}

    def grep(self, words: Collection[str], pathspecs: Sequence[str] = ()) -> Iterator[Occurrence]:
        """Find the lines that have one of some words as a whole word.

        Args:
            words: Identifiers, or texts that begin and end with a letter, digit or underscore.
            pathspecs: Where to look; everywhere by default.
        """
        asked = sorted(words)
        for at in range(0, len(asked), MOST_PATTERNS):
            yield from self._grep(["-w", "-F"], asked[at : at + MOST_PATTERNS], pathspecs)

    def grep_text(self, texts: Collection[str], pathspecs: Sequence[str] = ()) -> Iterator[Occurrence]:
        """Find the lines that have one of some texts anywhere in them."""
        asked = sorted(text for text in texts if text)
        for at in range(0, len(asked), MOST_PATTERNS):
            yield from self._grep(["-F"], asked[at : at + MOST_PATTERNS], pathspecs)

    def _grep(self, how: list[str], asked: Sequence[str], pathspecs: Sequence[str]) -> Iterator[Occurrence]:
        patterns = [argument for text in asked for argument in ("-e", text)]
        args = ["grep", "-I", "-n", "-z", "--full-name", *how, *patterns, self.name, "--", *pathspecs]
        prefix = len(self.name) + 1
        for record in self._git(args, ok=(0, 1)).split(b"\n"):
            path, _, rest = record.partition(b"\0")
            number, _, text = rest.partition(b"\0")
            if number.isdigit():
                yield Occurrence(
                    path.decode("utf-8", "surrogateescape")[prefix:],
                    int(number),
                    text.decode("utf-8", "replace")[:_LONGEST_LINE],
                )

    def _contents(self, blobs: Sequence[str]) -> Iterator[bytes]:
        if not blobs:
            return
        try:
            out = self._git(["cat-file", "--batch"], input="".join(f"{each}\n" for each in blobs).encode())
        except GitError:
            # A partial clone lacks one of them, at which git ends.
            yield from (self._git(["cat-file", "blob", each], ok=(0, 128)) or _NONE for each in blobs)
            return
        at = 0
        for _ in blobs:
            end = out.index(b"\n", at)
            size = out[at:end].rsplit(b" ", 1)[1]
            if size.isdigit():
                yield out[end + 1 : end + 1 + int(size)]
                at = end + int(size) + 2
            else:
                yield _NONE
                at = end + 1

    def _git(self, args: Sequence[str], *, input: bytes | None = None, ok: Collection[int] = (0,)) -> bytes:
        return run_git(self.root, args, input=input, ok=ok, variables=self.variables)


def tree_at(root: Path, name: str, variables: Mapping[str, str] | None = None) -> Tree:
    """Give a state of a repository, the same object as long as it is one of the last that were asked for."""
    return _tree_at(root, name, tuple(sorted((variables or {}).items())))


@lru_cache(_LAST)
def _tree_at(root: Path, name: str, variables: tuple[tuple[str, str], ...]) -> Tree:
    return Tree(root, name, dict(variables))


def _decoded(data: bytes) -> str | None:
    if b"\0" in data[:8_192]:
        return None
    return data.decode("utf-8", "replace").removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")

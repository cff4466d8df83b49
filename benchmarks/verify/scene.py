"""A real commit of a repository, into which a fault is planted besides."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from random import Random

from benchmarks.verify.pinned import Pinned
from benchmarks.verify.source import Function, SourceFile
from benchmarks.verify.workbench import Clone
from whykeeper_indexers.change.tree import Tree
from whykeeper_indexers.code import language_of

__all__ = ["RealChange", "Scene", "drawn", "real_changes"]

DRAWN_FROM = 250
"""Of the newest commits of a repository."""
MOST_FILES = 3
MOST_LINES = 300
LARGEST = 150_000
"""Characters of a file in which faults are planted."""
LEAST_LINES, LEAST_TOKENS, LEAST_STATEMENTS, MOST_CODE_LINES = 6, 50, 3, 90
"""Of a function that is worth calling instead of writing it again."""


@dataclass(frozen=True, slots=True)
class RealChange:
    """A commit that somebody made.

    Attributes:
        commit: Its hash.
        paths: What it changed.
    """

    commit: str
    paths: frozenset[str]


def real_changes(clone: Clone, pinned: Pinned) -> list[RealChange]:
    """Commits that changed one to three files by a reviewable number of lines, code among them."""
    found: list[RealChange] = []
    for commit in clone.non_merges(pinned.commit, DRAWN_FROM):
        counted = clone.git("diff-tree", "--no-commit-id", "--numstat", "--no-renames", "-r", "-z", commit)
        rows = [row.split("\t") for row in counted.split("\0") if row]
        paths = frozenset(row[-1] for row in rows)
        lines = sum(int(number) for row in rows for number in row[:2] if number.isdigit())
        is_code = any(language_of(path) in (pinned.language, "tsx", "javascript") for path in paths)
        if len(paths) <= MOST_FILES and lines <= MOST_LINES and is_code:
            found.append(RealChange(commit, paths))
    return found


class Scene:
    """The repository after a real commit, which stands uncommitted in the working tree.

    Args:
        pinned: The repository.
        clone: Of it.
        change: The commit.
    """

    def __init__(self, pinned: Pinned, clone: Clone, change: RealChange) -> None:
        self.pinned = pinned
        self.language = pinned.language
        self.change = change
        self._clone = clone
        self.tree: Tree = clone.tree(change.commit)

    @cached_property
    def subject(self) -> str:
        """What the real commit says it does."""
        return self._clone.git("log", "-1", "--format=%s", self.change.commit).strip() or "Mend it"

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """Every file, in order."""
        return tuple(sorted(self.tree.blobs))

    @cached_property
    def product(self) -> tuple[str, ...]:
        """The product's own code, but for what the real commit changed."""
        mine = [path for path in self.paths if self.pinned.product.fullmatch(path)]
        texts = self.tree.texts(mine)
        return tuple(
            path
            for path in mine
            if path in texts and path not in self.change.paths and len(texts[path]) <= LARGEST
        )

    @cached_property
    def code(self) -> dict[str, str]:
        """Texts of all code of its language, tests included."""
        endings = {"python": (".py", ".pyi"), "typescript": (".ts", ".tsx", ".js", ".mjs")}
        suffixes = endings.get(self.language, (f".{self.language}",))
        return self.tree.texts([path for path in self.paths if path.endswith(suffixes)])

    def text(self, path: str) -> str:
        """A file's text."""
        found = self.tree.text(path)
        assert found is not None, path
        return found

    def source(self, path: str) -> SourceFile:
        """A parsed file of code."""
        return _parsed(path, self.text(path), self.language)

    @cached_property
    def functions(self) -> tuple[Function, ...]:
        """Every function of the product."""
        return tuple(each for path in self.product for each in self.source(path).functions)

    @cached_property
    def substantial(self) -> tuple[Function, ...]:
        """Functions that are worth calling instead of writing them again."""
        return tuple(each for each in self.functions if _is_substantial(each))

    def siblings(self, path: str) -> list[str]:
        """Other files of the product in the same folder."""
        folder = posixpath.dirname(path)
        return [each for each in self.product if posixpath.dirname(each) == folder and each != path]

    def using(self, word: str) -> list[str]:
        """Files of code in which a word stands."""
        return sorted(path for path, text in self.code.items() if word in text and _has(text, word))


def _is_substantial(function: Function) -> bool:
    return (
        LEAST_LINES <= function.code_lines <= MOST_CODE_LINES
        and len(function.tokens) >= LEAST_TOKENS
        and len(function.statements) >= LEAST_STATEMENTS
        and not function.decorated
        and function.name not in ("constructor", "main", "init")
        and not function.name.startswith("__")
        and not function.body.has_error
    )


def _has(text: str, word: str) -> bool:

    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) is not None


@lru_cache(maxsize=2_000)
def _parsed(path: str, text: str, language: str) -> SourceFile:
    return SourceFile(path, text, language)


def drawn(chance: Random, changes: Sequence[RealChange]) -> Iterable[RealChange]:
    """Draw real changes without end, none twice before all had their turn."""
    while True:
        yield from chance.sample(changes, len(changes))

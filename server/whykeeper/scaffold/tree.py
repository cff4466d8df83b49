"""A repository's files, as a survey reads them: bounded, inside the root, never through a link."""

from __future__ import annotations

import json
import os
import posixpath
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from whykeeper_indexers.scan import Repository, ScanOptions, scan
from whykeeper_indexers.scan.opening import open_beneath, read_bounded
from whykeeper_indexers.secrets import redact

__all__ = ["Tree", "is_aside", "survey_tree", "table"]

MAX_BYTES = 512 * 1024
"""Of a file that says how a project is built; a longer one is data."""
ASIDE = frozenset(
    {
        *("test", "tests", "testing", "testdata", "spec", "specs", "e2e", "fixture", "fixtures", "example"),
        *(
            "examples",
            "sample",
            "samples",
            "demo",
            "demos",
            "benchmark",
            "benchmarks",
            "template",
            "templates",
        ),
        *("vendor", "vendored", "thirdparty"),
    }
)
"""What the names of folders hold whose programs, records and builds are not what a project is about."""
_WORDS = re.compile(r"[a-z0-9]+")


class Tree:
    """The files that belong to a repository.

    Args:
        root: The checkout.
        paths: Of its files, relative to the root.
        left_out: Files that nobody wrote by hand: lock files, generated ones.
    """

    def __init__(self, root: Path, paths: frozenset[str], left_out: frozenset[str] = frozenset()) -> None:
        self.root = root
        self.paths = tuple(sorted(paths))
        self._known = paths
        self._left_out = left_out
        self._texts: dict[str, str] = {}

    def __contains__(self, path: str) -> bool:
        return path in self._known or path in self._left_out

    def own(self) -> Iterator[str]:
        """Paths that are neither tests nor examples nor somebody else's."""
        return (path for path in self.paths if not is_aside(path))

    def named(self, *names: str) -> list[str]:
        """The project's own files of these names, those nearest to the root first."""
        found = [path for path in self.own() if posixpath.basename(path) in names]
        return sorted(found, key=lambda path: (path.count("/"), path))

    def text(self, path: str) -> str:
        """A file's text without its secrets, for it may be quoted; empty where there is none to read."""
        if path not in self._texts:
            self._texts[path] = redact(_read(self.root, path), path)[0] if path in self._known else ""
        return self._texts[path]

    def toml(self, path: str) -> Mapping[str, Any]:
        """A TOML file's tables; empty where it is none."""
        try:
            return tomllib.loads(self.text(path))
        except (tomllib.TOMLDecodeError, RecursionError):
            return {}

    def json(self, path: str) -> Mapping[str, Any]:
        """A JSON file's object; empty where it is none."""
        try:
            loaded = json.loads(self.text(path))
        except (ValueError, RecursionError):
            return {}
        return loaded if isinstance(loaded, dict) else {}

    def line_of(self, path: str, pattern: str, after: int = 0) -> int:
        """The first line, from 1, on which a pattern is found behind a line; 0 for none.

        Args:
            path: The file.
            pattern: A regular expression without anything that repeats within a repetition.
            after: Lines passed over.
        """
        wanted = re.compile(pattern)
        for number, line in enumerate(self.text(path).split("\n"), start=1):
            if number > after and wanted.search(line):
                return number
        return 0


def survey_tree(repository: Repository) -> Tree:
    """List what belongs to a repository, as an index would."""
    found = scan(repository, ScanOptions())
    # What is quoted in a document must not end the quotation, nor be a secret.
    named = sorted(path for path in found.files if path.isprintable() and "`" not in path)
    _, secrets = redact("\n".join(named))
    secret = {each.line - 1 for each in secrets}
    kept = frozenset(path for number, path in enumerate(named) if number not in secret)
    return Tree(repository.root, kept, frozenset(found.excluded))


def is_aside(path: str) -> bool:
    """Whether a path is a test, an example, or somebody else's."""
    folders = path.rpartition("/")[0].lower()
    return (
        not ASIDE.isdisjoint(_WORDS.findall(folders)) or "third_party" in folders or "third-party" in folders
    )


def table(value: object, *keys: str) -> Mapping[str, Any]:
    """The table below some keys; empty where there is none."""
    for key in keys:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value if isinstance(value, Mapping) else {}


def _read(root: Path, path: str) -> str:
    try:
        descriptor, _ = open_beneath(str(root), path)
        try:
            data = read_bounded(descriptor, MAX_BYTES + 1)
        finally:
            os.close(descriptor)
    except OSError:
        return ""
    return data.decode("utf-8", "replace").replace("\r\n", "\n") if len(data) <= MAX_BYTES else ""

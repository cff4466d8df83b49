"""The checkout as it is now: its files, and the words in them that are not documents."""

from __future__ import annotations

import re
import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from whykeeper_indexers.documents import is_document
from whykeeper_indexers.freshness.places import Paths
from whykeeper_indexers.git import GitError, run_git

__all__ = ["NOT_DOCUMENTS", "Occurrence", "Present", "is_same_file", "joined_declaration", "unspaced"]

MAX_BYTES = 1_500_000
"""Of a file that is read for words; a larger one is data. Whether it has a name is asked of git."""
MOST_LINES = 60
"""Kept of a name: enough to see how it is declared."""
MOST_FOLLOWING = 14
"""Lines of a declaration that are put together."""

_TELLING_LINE = 8
"""Characters of a line that few others are like."""
_KEPT_SHARE = 0.25
"""Of its different lines, what a file still has: with fewer it is another one of the same name."""
_TAGS = re.compile(r"\s`\w+:\"[^`]{0,500}`\s{0,10}$")
_FIELD_OPTIONS = re.compile(r"(=\d{1,9})\[.{0,300}$")
_OPTION_ALONE = re.compile(r"\([\w.]{1,100}\)[\w.]{0,100}=")
_LONGEST_DECLARED = 400
"""Characters of a line that can declare a field."""
_WORD = re.compile(r"[A-Za-z_$][\w$]*(?:-[\w$]+)*")
_DOCUMENTS = (
    *("*.md", "*.mdx", "*.markdown", "*.rst", "*.adoc", "*.txt", "*.po", "*.ipynb", "*.svg", "*.html"),
    *("*CHANGE*", "*.jsonl", "*.min.js", "*.lock", "*-lock.*"),
)
NOT_DOCUMENTS = (".", *(f":(exclude,icase){glob}" for glob in _DOCUMENTS))
"""What a name is looked for in: what is not prose itself, as in README.MD."""
_QUOTES = ("'", '"', "`")
_BETWEEN_FILES_S = 0.0005
"""Other threads and processes get their turn between two files."""


class Occurrence(NamedTuple):
    """A line that has a name in it."""

    path: str
    line: int
    text: str


class Present:
    """A checkout as it is now.

    Args:
        root: Of the checkout.
        names: What lines are wanted of.
        quoted: Whole lines that are looked for.

    Raises:
        GitError: Git is missing or failed.
    """

    def __init__(self, root: Path, names: Collection[str], quoted: Collection[str] = ()) -> None:
        self.root = root
        listed = run_git(root, ["ls-files", "-co", "--exclude-standard", "-z"]).decode("utf-8", "replace")
        self.paths = Paths(path for path in listed.split("\0") if path)
        self.words: set[str] = set()
        self._lines: defaultdict[str, list[Occurrence]] = defaultdict(list)
        self._texts: dict[str, list[str]] = {}
        wanted = frozenset(names)
        self._quoted = frozenset(map(unspaced, quoted))
        self._standing: set[str] = set()
        for path in sorted(self.paths.files):
            if not is_document(path):
                self._take_in(path, wanted)
                time.sleep(_BETWEEN_FILES_S)

    def lines_of(self, name: str) -> list[Occurrence]:
        """Lines that have a name in them."""
        return self._lines.get(name, [])

    def text_lines(self, path: str) -> list[str]:
        """A file's lines; none where it cannot be read."""
        if path not in self._texts:
            self._texts[path] = self._read(path).split("\n")
        return self._texts[path]

    def lacking(self, lines: Collection[str]) -> list[str]:
        """Those of some lines that stand nowhere in what is no document, white space aside."""
        return [line for line in lines if unspaced(line) not in self._standing]

    def declaration(self, found: Occurrence) -> str:
        """A line and what follows it up to where its parentheses are closed."""
        return joined_declaration(self.text_lines(found.path), found.line)

    def contains(self, names: Collection[str]) -> set[str]:
        """Those of some names that stand anywhere in what is no document, even as a part of a word."""
        if not names:
            return set()
        patterns = [argument for name in sorted(names) for argument in ("-e", name)]
        arguments = ["grep", "--untracked", "-F", "-I", "-h", "-o", *patterns, "--", *NOT_DOCUMENTS]
        try:
            out = run_git(self.root, arguments, ok=(0, 1), timeout_s=60.0).decode("utf-8", "replace")
        except GitError:
            return set(names)
        return set(out.split("\n")) & set(names)

    def spelled_out(self, paths: Collection[str]) -> set[str]:
        """Those of some paths that code has as a whole string: what it makes, or reads, where it is used."""
        strings = {
            f"{quote}{start}{path}{end}{quote}": path
            for path in paths
            if "/" in path
            for quote in _QUOTES
            for start in ("", "./")
            for end in ("", "/")
        }
        return {strings[each] for each in self.contains(strings)}

    def ignored(self, paths: Collection[str]) -> set[str]:
        """Those of some paths that git ignores: whoever works here makes them."""
        if not paths:
            return set()
        given = "\0".join(sorted(paths)).encode() + b"\0"
        out = run_git(self.root, ["check-ignore", "-z", "--no-index", "--stdin"], input=given, ok=(0, 1, 128))
        return set(out.decode("utf-8", "replace").split("\0"))

    def _take_in(self, path: str, wanted: frozenset[str]) -> None:
        text = self._read(path)
        self._standing.update(self._quoted.intersection(map(unspaced, text.split("\n"))))
        words = set(_parts(_WORD.findall(text)))
        self.words |= words
        here = words & wanted
        if not here:
            return
        for number, line in enumerate(text.split("\n"), 1):
            for name in here.intersection(_parts(_WORD.findall(line[:2_000]))):
                if len(self._lines[name]) < MOST_LINES:
                    self._lines[name].append(Occurrence(path, number, line[:400]))

    def _read(self, path: str) -> str:
        file = self.root / path
        try:
            if file.is_symlink() or file.stat().st_size > MAX_BYTES:
                return ""
            data = file.read_bytes()
        except OSError:
            return ""
        return "" if b"\0" in data[:8_000] else data.decode("utf-8", "replace")


def _parts(words: Iterable[str]) -> Iterator[str]:
    for word in words:
        yield word
        if "-" in word:
            yield from word.split("-")


def unspaced(line: str) -> str:
    """A line without its spaces, which formatters put in and out, and without the tags of a field.

    Tags of a Go field and options of a protobuf one are for encoders and generators: what a reader is told
    of the field stays. Whether a variable is declared with what it is given tells a reader nothing either.
    """
    if len(line) > _LONGEST_DECLARED:
        return "".join(line.split())
    flat = "".join(_TAGS.sub("", line).split()).replace(":=", "=")
    return "" if _OPTION_ALONE.match(flat) else _FIELD_OPTIONS.sub(r"\1;", flat)


def is_same_file(then: Collection[str], now: Collection[str]) -> bool:
    """Whether a file was changed, and not written anew: what was tried in a scratch file tells nothing later.

    Args:
        then: Its lines at a commit.
        now: And in the checkout.
    """
    telling = {line for each in then if len(line := each.strip()) >= _TELLING_LINE}
    return len(telling & {line.strip() for line in now}) >= _KEPT_SHARE * len(telling)


def joined_declaration(lines: Sequence[str], number: int) -> str:
    """A line and what follows it up to where its parentheses are closed."""
    found = ""
    for line in lines[number - 1 : number - 1 + MOST_FOLLOWING]:
        found += f" {line.strip()}"
        if "(" in found and found.count("(") <= found.count(")"):
            break
    return found[:2_000]

"""Changed behaviour that no test reaches: by name, by import, or by what usually changes together."""

from __future__ import annotations

import posixpath
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from whykeeper.verification.findings import Evidence, Finding, Severity
from whykeeper.verification.subject import Subject
from whykeeper_indexers.code import language_of
from whykeeper_indexers.facts import ChangedFunction
from whykeeper_indexers.git import run_git
from whykeeper_indexers.path_roles import is_sample, is_test

__all__ = ["check"]

LEAST_WORK: Final = 80
"""Characters of a function from which a change of it is worth a test."""
MOST_COMMITS: Final = 400
"""Of the history that is asked what changes together."""
MOST_FILES: Final = 60
"""A commit with more is a sweep and says nothing of what belongs together."""
LEAST_TOGETHER: Final = 2
LEAST_NAMED: Final = 0.7
"""Of a file's public functions that tests name, from which one more without is against its practice."""
LEAST_PUBLIC: Final = 4
_SHOWN: Final = 3
_IMPORTING = re.compile(r"\b(?:import|from|require|use|using|include)\b|require_relative")
_WORD = re.compile(r"[^\W\d]\w{1,80}")
_AFFIX = re.compile(r"^(?:test[_-]?)|(?:[_.-]?(?:tests?|specs?|it|testcase))$", re.IGNORECASE)
_FAMILY: Final = {
    "tsx": "typescript",
    "javascript": "typescript",
    "kotlin": "java",
    "cpp": "c",
    "scala": "java",
}
_CODE_ONLY: Final = frozenset(
    {"python", "typescript", "go", "java", "rust", "csharp", "ruby", "php", "swift", "c"}
)


def check(subject: Subject) -> Iterator[Finding]:
    """Give what changed without a test that reaches it; nothing for languages without any tests here."""
    changed = {
        path: [each for each in code.functions if _is_worth_a_test(each)]
        for path, code in subject.changed.code.items()
        if path in subject.head.paths
        and not is_test(path)
        and not is_sample(path)
        and not path.startswith(".")
    }
    changed = {path: each for path, each in changed.items() if each and _family(path) in _CODE_ONLY}
    if not changed:
        return
    reach = _Reach(subject, changed)
    for path, functions in changed.items():
        if reach.tests_for(path):
            yield from _of_file(path, functions, reach)


def _is_worth_a_test(function: ChangedFunction) -> bool:
    constructs = _own(function.name) == _owner(function.name)
    return (
        not function.is_test
        and function.work >= LEAST_WORK
        and not function.name.endswith("__")
        and not constructs
    )


def _of_file(path: str, functions: Sequence[ChangedFunction], reach: _Reach) -> Iterator[Finding]:
    unnamed = [each for each in functions if not reach.names(each.name)]
    if not unnamed or any(is_test(each) for each in reach.touched) or reach.tests_itself(path):
        return
    fresh = [each for each in unnamed if each.is_new and each.is_public]
    if fresh and reach.practice(path):
        yield from (_new_without_test(path, each, reach) for each in fresh)
    elif fresh:
        yield _unreached(
            path, fresh, reach, "new-public", "No test names the new {}, and none changes with it."
        )
    rest = [each for each in unnamed if each not in fresh]
    if rest and not reach.imports(path) and not reach.changes_with(path):
        said = "No test names {}, imports this file, or usually changes with it."
        yield _unreached(path, rest, reach, "unreached", said)


def _new_without_test(path: str, function: ChangedFunction, reach: _Reach) -> Finding:
    return Finding(
        "tests",
        "tests/new-public",
        Severity.WARNING,
        path,
        function.lines.start,
        f"No test names the new `{function.name}`, and tests name most others of this file.",
        hint=_hint(path, reach),
        evidence=tuple(Evidence(near) for near in reach.nearest(path)),
        subject=function.name,
        end_line=function.lines.end,
    )


def _unreached(
    path: str, functions: Sequence[ChangedFunction], reach: _Reach, rule: str, said: str
) -> Finding:
    names = [f"`{each.name}`" for each in functions]
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return Finding(
        "tests",
        f"tests/{rule}",
        Severity.NOTE,
        path,
        functions[0].lines.start,
        said.format(", ".join(names[:_SHOWN]) + more),
        hint=_hint(path, reach),
        evidence=tuple(Evidence(near) for near in reach.nearest(path)),
        subject=functions[0].name if len(functions) == 1 else "",
        end_line=functions[0].lines.end,
    )


def _hint(path: str, reach: _Reach) -> str:
    near = reach.nearest(path)
    return f"add a test, for example to {near[0]}" if near else "add a test"


class _Reach:
    """What the tests of a repository reach.

    Args:
        subject: The change.
        changed: Functions by file.
    """

    def __init__(self, subject: Subject, changed: Mapping[str, Sequence[ChangedFunction]]) -> None:
        self._subject = subject
        self._changed = changed

    @property
    def touched(self) -> Sequence[str]:
        """The files that the change touches."""
        return self._subject.change.paths

    @cached_property
    def _tests(self) -> Mapping[str, list[str]]:
        """Test files by the family of their language."""
        found: dict[str, list[str]] = {}
        for path in sorted(self._subject.head.paths):
            if is_test(path) and (family := _family(path)):
                found.setdefault(family, []).append(path)
        return found

    def tests_for(self, path: str) -> Sequence[str]:
        """The test files in a file's language."""
        return self._tests.get(_family(path), ())

    @cached_property
    def _words(self) -> Sequence[_Words]:
        """What each test file says."""
        tree = self._subject.head.tree
        paths = [path for each in self._tests.values() for path in each]
        unread = [path for path in paths if not _known(tree.blobs[path])]
        texts = tree.texts(unread)
        for path in unread:
            _keep(tree.blobs[path], texts.get(path, ""))
        return [_Words(path, *_READ[tree.blobs[path]]) for path in paths]

    def _holding(self, name: str) -> list[str]:
        return [each.path for each in self._words if name in each.words] if name else []

    def _importing(self, name: str) -> list[str]:
        return [each.path for each in self._words if name in each.imported] if name else []

    def names(self, symbol: str) -> bool:
        """Whether a test has a function's name in it."""
        return bool(self._holding(_own(symbol)))

    def tests_itself(self, path: str) -> bool:
        """Whether a file holds its tests, as Rust's do."""
        return path.endswith(".rs") and "#[cfg(test)]" in (self._subject.head.text(path) or "")

    def imports(self, path: str) -> bool:
        """Whether a test takes a file in, is named after it, or has the name of what it defines."""
        owners = {_owner(each.name) for each in self._changed[path]} - {""}
        if any(self._holding(owner) for owner in owners):
            return True
        return bool(self._importing(_module(path)) or self._named_after(path))

    def changes_with(self, path: str) -> bool:
        """Whether a test has changed together with a file more than once, or does now."""
        return any(count >= LEAST_TOGETHER for count in self._together(path).values())

    def practice(self, path: str) -> bool:
        """Whether tests name most public functions that a file had before."""
        known = self._public(path)
        if len(known) < LEAST_PUBLIC:
            return False
        named = sum(bool(self._holding(name)) for name in known)
        return named >= LEAST_NAMED * len(known)

    def nearest(self, path: str) -> list[str]:
        """The test file that a test of a file would go into, as far as there is one."""
        named = self._named_after(path)
        together = [each for each, _ in self._together(path).most_common(1)]
        imported = self._importing(_module(path))
        return (named or together or imported)[:1]

    def _named_after(self, path: str) -> list[str]:
        stem = _stem(path)
        return [each for each in self.tests_for(path) if _stem(each) == stem]

    def _public(self, path: str) -> list[str]:
        """Public functions that a file had before the change, by their own names."""
        file = next(each for each in self._subject.change.files if each.path == path)
        if file.before is None:
            return []
        fresh = {each.name for each in self._changed[path] if each.is_new}
        return [
            _own(each.symbol)
            for each in self._subject.base.facts(file.before).definitions
            if each.category in ("function", "method")
            and each.symbol not in fresh
            and not _own(each.symbol).startswith("_")
        ]

    def _together(self, path: str) -> Counter[str]:
        file = next(each for each in self._subject.change.files if each.path == path)
        commits = _commits(self._subject.base.tree.root, self._subject.base.tree.name)
        family = _family(path)
        return Counter(
            each
            for commit in commits
            if (file.before or path) in commit
            for each in commit
            if is_test(each) and _family(each) == family and each in self._subject.head.paths
        )


class _Words(NamedTuple):
    path: str
    words: frozenset[str]
    imported: frozenset[str]


_READ: Final[dict[str, tuple[frozenset[str], frozenset[str]]]] = {}
"""The words of test files by the hash of their contents, and those on lines that take something in."""
MOST_READ: Final = 20_000


def _known(blob: str) -> bool:
    return blob in _READ


def _keep(blob: str, text: str) -> None:
    if len(_READ) >= MOST_READ:
        _READ.clear()
    importing = "\n".join(line for line in text.split("\n") if _IMPORTING.search(line))
    _READ[blob] = (_words_of(text), _words_of(importing))


def _words_of(text: str) -> frozenset[str]:
    return frozenset(map(sys.intern, _WORD.findall(text)))


@lru_cache(maxsize=8)
def _commits(root: Path, commit: str) -> Sequence[frozenset[str]]:
    """The files of the last commits, sweeps left out."""
    asked = [
        "log",
        "--no-merges",
        "--no-renames",
        f"--max-count={MOST_COMMITS}",
        "--format=%x01",
        "--name-only",
        "-z",
        commit,
    ]
    out = run_git(root, asked, ok=(0, 128)).decode("utf-8", "surrogateescape")
    listed = (
        frozenset(path.strip("\n") for path in each.split("\0") if path.strip("\n"))
        for each in out.split("\x01")
    )
    return tuple(each for each in listed if 1 < len(each) <= MOST_FILES)


def _family(path: str) -> str:
    language = language_of(path) or ""
    return _FAMILY.get(language, language)


def _own(symbol: str) -> str:
    return symbol.rsplit(".", 1)[-1]


def _owner(symbol: str) -> str:
    return symbol.split(".")[-2] if "." in symbol else ""


def _module(path: str) -> str:
    """What a file is imported by: its name, or its folder's for one that stands for its folder."""
    stem = posixpath.basename(path).split(".")[0]
    return (
        posixpath.basename(posixpath.dirname(path)) if stem in ("__init__", "index", "mod", "lib") else stem
    )


def _stem(path: str) -> str:
    """A file's name without what makes it a test."""
    name = posixpath.basename(path).split(".")[0]
    return _AFFIX.sub("", _AFFIX.sub("", name)).strip("_-").lower()

"""Scripts of a package and targets of a build that are gone and still run."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from whykeeper.verification.checks.boundaries.sides import Boundary
from whykeeper.verification.checks.boundaries.told import Use, evidence_of, heaviest, places
from whykeeper.verification.findings import Finding, Severity
from whykeeper.verification.side import Side
from whykeeper_indexers.documents import is_document
from whykeeper_indexers.links import historical_document

__all__ = ["RunCommands"]

_MAKE: Final = re.compile(
    r"^([A-Za-z][\w.-]{0,60})(?:[ \t]+[A-Za-z][\w.-]{0,60})*[ \t]*:(?![:=])", re.MULTILINE
)
_JUST: Final = re.compile(r"^@?([A-Za-z][\w-]{0,60})(?:[ \t]+[^:=\n]{0,100})?:(?!=)", re.MULTILINE)
_RUNS: Final = {
    "package.json": r"\b(?:npm|pnpm|yarn|bun)(?:\s+-{{1,2}}[\w=./-]+)*\s+run(?:-script)?\s+{name}(?![\w:.-])",
    "make": r"\bg?make(?:[ \t]+-[\w=./-]+)*[ \t]+{name}(?![\w.-])",
    "just": r"\bjust[ \t]+{name}(?![\w-])",
}


def _scripts(text: str) -> set[str]:
    try:
        found = json.loads(text).get("scripts")
    except (ValueError, AttributeError):
        return set()
    return set(found) if isinstance(found, dict) else set()


def _targets(text: str) -> set[str]:
    return set(_MAKE.findall(text))


def _recipes(text: str) -> set[str]:
    return set(_JUST.findall(text))


_READERS: Final[dict[str, tuple[str, Callable[[str], set[str]]]]] = {
    "package.json": ("package.json", _scripts),
    "Makefile": ("make", _targets),
    "makefile": ("make", _targets),
    "GNUmakefile": ("make", _targets),
    "justfile": ("just", _recipes),
    "Justfile": ("just", _recipes),
}


class _Command(NamedTuple):
    name: str
    tool: str
    path: str


class RunCommands:
    """Commands of the repository that the change took away and that are still run.

    Args:
        boundary: The change.

    Attributes:
        words: Names that are looked for.
    """

    def __init__(self, boundary: Boundary) -> None:
        self._boundary = boundary
        self._gone = [each for each in _gone(boundary) if re.fullmatch(r"\w(?:[\w:.-]*\w)?", each.name)]
        self.words = {each.name for each in self._gone}

    def findings(self) -> Iterator[Finding]:
        """One for each command."""
        for each in self._gone:
            uses = list(_uses(each, self._boundary))
            if uses:
                yield _finding(each, uses)


def _gone(boundary: Boundary) -> Iterator[_Command]:
    """Commands that a changed file declared and that no file of its kind declares any more."""
    for each in boundary.subject.change.files:
        before = each.before or ""
        tool, reader = _READERS.get(posixpath.basename(before), ("", None))
        if reader is None:
            continue
        names = reader(boundary.subject.base.text(before) or "")
        if names:
            names -= _declared(boundary.subject.head, tool)
        yield from (_Command(name, tool, each.path) for name in sorted(names))


def _declared(side: Side, tool: str) -> set[str]:
    paths = [path for path in side.tree.blobs if _READERS.get(posixpath.basename(path), ("",))[0] == tool]
    texts = side.tree.texts(paths)
    return {name for path, text in texts.items() for name in _READERS[posixpath.basename(path)][1](text)}


def _uses(command: _Command, boundary: Boundary) -> Iterator[Use]:
    runs = re.compile(_RUNS[command.tool].format(name=re.escape(command.name)))
    for path, found in boundary.where(command.name).items():
        prose = is_document(path)
        if prose and historical_document(path, (boundary.subject.head.text(path) or "")[:4_000]):
            continue
        severity = Severity.NOTE if prose else Severity.WARNING
        for each in found:
            if runs.search(each.text):
                yield Use(path, each.line, each.text.strip()[:200], severity)


def _finding(command: _Command, uses: list[Use]) -> Finding:
    return Finding(
        check="boundaries",
        rule="boundaries/command",
        severity=heaviest(uses),
        path=command.path,
        line=None,
        message=f"{command.name} is no longer declared in {command.path} and still run in {places(uses)}.",
        hint="run what took its place there, or keep it",
        evidence=evidence_of(uses),
        subject=command.name,
    )

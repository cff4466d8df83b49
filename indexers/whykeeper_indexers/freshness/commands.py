"""Commands: targets of make, just, npm and tox that are not there any more."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import PurePosixPath

from whykeeper_indexers.freshness.case import Case, Check
from whykeeper_indexers.freshness.history import History
from whykeeper_indexers.freshness.lineage import Said
from whykeeper_indexers.freshness.places import Paths
from whykeeper_indexers.link_types import Finding, Freshness, ReferenceKind

__all__ = ["CommandCheck", "runner_and_target", "targets_now", "targets_of"]

_MAKE_TARGETS = re.compile(r"^([A-Za-z0-9_./%][\w./% -]{0,300}?)\s{0,4}::?(?!=)", re.MULTILINE)
_JUST_RECIPES = re.compile(r"^@?([A-Za-z][\w-]{0,80})(?:\s[^:=\n]{0,200})?:(?!=)", re.MULTILINE)
_ALIASES = re.compile(r"^alias\s{1,4}([\w-]{1,80})", re.MULTILINE)
_TOX = re.compile(r"^\[testenv:([^\]\n]{1,200})\]", re.MULTILINE)
_INCLUDE = re.compile(r"^[-s]?include[ \t]+(\S{1,300})", re.MULTILINE)
_VARIABLE = re.compile(r"\$[({][^(){}]{0,80}[)}]")
_MOST_FILES = 40


class CommandCheck(Check):
    """A target can be run, or not any more."""

    def __init__(self) -> None:
        self._now: dict[str, set[str] | None] = {}

    def holds(self, case: Case) -> bool | None:
        """It is there."""
        runner, target = runner_and_target(case.reference.target)
        if runner not in self._now:
            present = case.present
            self._now[runner] = targets_now(
                runner, present.paths, lambda path: "\n".join(present.text_lines(path))
            )
        now = self._now[runner]
        if now is None or target in now:
            return True
        return None if now else False

    def judge(self, case: Case, sha: str, history: History) -> Finding | None:
        """It was there then."""
        runner, target = runner_and_target(case.reference.target)
        found = [path for path in history.files_at(sha) if _runs(runner, path)][:_MOST_FILES]
        for path in found:
            if target in targets_of(runner, "\n".join(history.lines_at(sha, path))):
                commit = history.lineage.ended(
                    Said(
                        target,
                        lambda lines: target in targets_of(runner, "\n".join(lines)),
                        f"{runner} {target}",
                    ),
                    sha,
                    [path],
                )
                return _missing(case, f"{path} has no {target} any more", commit)
        return None


def _missing(case: Case, what: str, commit: str | None) -> Finding:
    line, target = case.reference.line, case.reference.target
    hint = "give the command that took its place"
    return Finding(Freshness.BROKEN, line, ReferenceKind.COMMAND, target, what, commit, hint)


def targets_of(runner: str, text: str) -> set[str]:
    """What a file lets a runner run."""
    return set(_READERS[runner](text))


def runner_and_target(command: str) -> tuple[str, str]:
    """Take a command apart, as references have it."""
    words = command.split()
    return words[0], words[-1]


def _runs(runner: str, path: str) -> bool:
    name = PurePosixPath(path).name
    if runner == "make":
        return name in ("Makefile", "makefile", "GNUmakefile") or name.endswith(".mk")
    if runner == "just":
        return name.lower() in ("justfile", ".justfile") or name.endswith(".just")
    return name == {"npm": "package.json", "tox": "tox.ini"}[runner]


def targets_now(runner: str, paths: Paths, read: Callable[[str], str]) -> set[str] | None:
    """Every target of a runner.

    Args:
        runner: ``make``, ``just``, ``npm`` or ``tox``.
        paths: All files.
        read: Gives the text of one.

    Returns:
        None where some are computed, so that none can be said to be missing.
    """
    found: set[str] = set()
    for path in sorted(path for path in paths.files if _runs(runner, path))[:_MOST_FILES]:
        text = read(path)
        if runner in ("make", "just") and _computes(text):
            return None
        found |= targets_of(runner, text)
        for other in _included(paths, path, text):
            found |= targets_of(runner, read(other))
    return found


def _included(paths: Paths, path: str, text: str) -> Iterator[str]:
    """What a Makefile takes in from files that are not named like one."""
    for name in _INCLUDE.findall(text)[:_MOST_FILES]:
        ending = _VARIABLE.sub("", name).lstrip("./").rpartition("../")[2]
        yield from (other for other in (paths.ending(ending) if ending else ()) if other != path)


def _computes(text: str) -> bool:
    return bool(re.search(r"^\$\((?:eval|foreach|call)", text, re.MULTILINE)) or bool(
        re.search(r"^[\w./-]*%[\w./-]*\s*:", text, re.MULTILINE)
    )


def _make(text: str) -> Iterable[str]:
    for names in _MAKE_TARGETS.findall(text):
        yield from names.split()


def _just(text: str) -> Iterable[str]:
    yield from _JUST_RECIPES.findall(text)
    yield from _ALIASES.findall(text)


def _npm(text: str) -> Iterable[str]:
    try:
        scripts = json.loads(text).get("scripts", {})
    except (ValueError, AttributeError):
        return ()
    return scripts if isinstance(scripts, dict) else ()


def _tox(text: str) -> Iterable[str]:
    for names in _TOX.findall(text):
        yield from (name.strip() for name in names.split(","))


_READERS: Mapping[str, Callable[[str], Iterable[str]]] = {
    "make": _make,
    "just": _just,
    "npm": _npm,
    "tox": _tox,
}

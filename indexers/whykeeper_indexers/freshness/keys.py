"""Configuration keys: gone from all code, or with another value than the one that is given."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from whykeeper_indexers.freshness.case import Case, Check
from whykeeper_indexers.freshness.history import History
from whykeeper_indexers.freshness.lineage import Said
from whykeeper_indexers.freshness.present import Occurrence
from whykeeper_indexers.link_types import Finding, Freshness, Reference, ReferenceKind
from whykeeper_indexers.path_roles import is_aside

__all__ = ["KeyCheck"]

_NUMBER = re.compile(r"(?<![\w.])-?\d[\d_]*(?:\.\d+)?(?![\w.])|\b[Tt]rue\b|\b[Ff]alse\b")


class KeyCheck(Check):
    """A key is read somewhere, or not any more; its value is the one that is given."""

    def names(self, reference: Reference) -> Collection[str]:
        """The key."""
        return (reference.target,)

    def holds(self, case: Case) -> bool | None:
        """It is there, and no value is given for it."""
        if case.reference.target not in case.present.words or case.reference.detail:
            return None
        return True

    def judge(self, case: Case, sha: str, history: History) -> Finding | None:
        """It was there then."""
        name = case.reference.target
        then = [each for each in history.occurrences(sha, name) if not is_aside(each.path)]
        if not then:
            return None
        line, kind, target = case.reference.line, ReferenceKind.KEY, case.reference.target
        files = list(dict.fromkeys(each.path for each in then))
        if name not in case.present.words:
            commit = history.dropped(name, sha, files)
            what = f"no longer in the code; it was in {files[0]}"
            return Finding(
                Freshness.BROKEN, line, kind, target, what, commit, "take it out, or say what took its place"
            )
        said = case.reference.detail.lower()
        if not said:
            return None
        now = _values(case.present.lines_of(name), name)
        before = _values(then, name)
        if before != {said} or len(now) != 1 or now == before:
            return None
        giving = list(dict.fromkeys(each.path for each in then if _values([each], name)))
        value = Said(name, lambda lines: said in _given(lines, name), f"{name}={said}")
        commit = history.lineage.ended(value, sha, giving)
        return Finding(
            Freshness.DRIFTED,
            line,
            kind,
            target,
            f"given as {said}, and {next(iter(now))} in the code now",
            commit,
            "give its value anew",
        )


def _given(lines: Sequence[str], name: str) -> set[str]:
    return _values([Occurrence("", at, line) for at, line in enumerate(lines, 1) if name in line], name)


def _values(lines: Sequence[Occurrence], name: str) -> set[str]:
    """The values that code assigns to a key."""
    assigned = re.compile(
        rf"(?<![\w$]){re.escape(name)}(?![\w$])[\"']?\s*(?::\s*[\w\[\]]{{1,30}}\s*)?[=:]\s*(.{{0,40}})"
    )
    found = set()
    for each in lines:
        if (
            not is_aside(each.path)
            and (match := assigned.search(each.text))
            and (number := _NUMBER.match(match[1].strip(" \"'")))
        ):
            found.add(number[0].lower())
    return found

"""Declarations that a document quotes: the code has them otherwise by now."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from whykeeper_indexers.freshness.case import Case, Check
from whykeeper_indexers.freshness.history import History
from whykeeper_indexers.freshness.lineage import Said
from whykeeper_indexers.freshness.present import is_same_file, joined_declaration
from whykeeper_indexers.freshness.symbols import MOST_PARSED, parsed_as_definition
from whykeeper_indexers.link_types import Finding, Freshness, Reference, ReferenceKind
from whykeeper_indexers.links.symbols import DEFINING
from whykeeper_indexers.path_roles import is_aside

__all__ = ["DeclarationCheck"]

MOST_SEEN = 30
_ENDING = re.compile(r"[\s{;:,]+$")


class DeclarationCheck(Check):
    """A declaration stands in the code as it is quoted."""

    def names(self, reference: Reference) -> Collection[str]:
        """What is declared."""
        return (reference.target,)

    def holds(self, case: Case) -> bool | None:
        """The very line is there."""
        wanted = _plain(case.reference.detail)
        return (
            True
            if any(_plain(each.text) == wanted for each in case.present.lines_of(case.reference.target))
            else None
        )

    def judge(self, case: Case, sha: str, history: History) -> Finding | None:
        """It was there when it was quoted, and is declared otherwise now."""
        name, wanted = case.reference.target, _plain(case.reference.detail)
        then = [
            each
            for each in history.occurrences(sha, name)
            if not is_aside(each.path) and _plain(each.text) == wanted
        ]
        then = [
            each
            for each in then[:MOST_PARSED]
            if parsed_as_definition(history.lines_at(sha, each.path), each, name)
            and not _written_anew(each.path, case, sha, history)
        ]
        if not then:
            return None
        now = [
            each
            for each in case.present.lines_of(name)[:MOST_SEEN]
            if (found := DEFINING.match(each.text))
            and found[1] == name
            and not is_aside(each.path)
            and parsed_as_definition(case.present.text_lines(each.path), each, name)
        ]
        if any(_plain(case.present.declaration(each)).startswith(wanted) for each in now):
            return None
        commit = history.lineage.ended(
            Said(name, lambda lines: _declares(lines, name, wanted), f"declared {wanted}", anywhere=True),
            sha,
            [each.path for each in then],
        )
        if commit is None:
            return None
        if not now and name not in case.present.words:
            what, state = f"no longer in the code; it was in {then[0].path}", Freshness.BROKEN
        elif len(now) == 1:
            what, state = (
                f"declared otherwise now: {case.present.declaration(now[0]).strip()[:160]}",
                Freshness.DRIFTED,
            )
        else:
            return None
        hint = "say what took its place, or take it out" if state is Freshness.BROKEN else "quote it anew"
        return Finding(state, case.reference.line, ReferenceKind.DEFINITION, name, what, commit, hint)


def _declares(lines: Sequence[str], name: str, wanted: str) -> bool:
    return any(
        name in each and _plain(joined_declaration(lines, at)).startswith(wanted)
        for at, each in enumerate(lines, 1)
    )


def _written_anew(path: str, case: Case, sha: str, history: History) -> bool:
    """Whether a file is still there and little of what it was is."""
    return path in case.present.paths.files and not is_same_file(
        history.lines_at(sha, path), case.present.text_lines(path)
    )


def _plain(text: str) -> str:
    return _ENDING.sub("", "".join(text.split()))

"""Symbols: gone from all code, gone from the file they are said to be in, or with other parameters."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import lru_cache

from whykeeper_indexers.code import definitions
from whykeeper_indexers.freshness.case import Case, Check
from whykeeper_indexers.freshness.history import History
from whykeeper_indexers.freshness.lineage import Said
from whykeeper_indexers.freshness.present import Occurrence, joined_declaration
from whykeeper_indexers.link_types import Finding, Freshness, Reference, ReferenceKind
from whykeeper_indexers.links import quoted
from whykeeper_indexers.links.symbols import DEFINING
from whykeeper_indexers.path_roles import is_aside
from whykeeper_indexers.types import SourceText

__all__ = ["SymbolCheck", "is_definition", "parsed_as_definition"]

MOST_PARSED = 6
"""Files that are parsed to see whether they really define a name."""
MOST_CHARACTERS = 400_000
_ARGUMENT = re.compile(r"(?:\*{0,2})([a-z_][a-z0-9_]{2,60})(?:\s*[:=].{0,80})?")
_ASSIGNED = (
    r"(?:(?:const|let|var|val|static|final|public|private|protected|export|self\.|this\.)\s*){0,5}"
    r"(?:\w+\s+)?%s\s*(?::[^=\n]{1,80})?(?:=(?!=)|:=)"
)
_METHOD = r"(?:[\w<>\[\],.?*&:\s]{1,80}\s)?%s\s*(?:<[^<>()]{1,60}>)?\([^;]{0,300}(?:\{|=>|:)\s*$"
_GO_METHOD = r"func\s*\([^()]{1,80}\)\s*%s\s*[\[(]"
_MACRO = r"\s*#\s*define\s+%s\b"


class SymbolCheck(Check):
    """A symbol is in the code, or not any more."""

    def names(self, reference: Reference) -> Collection[str]:
        """Its own name, without what qualifies it."""
        return (quoted(reference.target),)

    def holds(self, case: Case) -> bool | None:
        """Its name stands in code, and nothing else is said of it that can be checked."""
        name = quoted(case.reference.target)
        if name not in case.present.words:
            return None
        elsewhere = any(not _stands_in(case, path, name) for path in _said_to_be_in(case))
        return None if elsewhere or self._declared_otherwise(case, name) else True

    def _declared_otherwise(self, case: Case, name: str) -> bool:
        """Whether no declaration has all the parameters that are given."""
        wanted = _arguments(case.reference.detail)
        if not wanted:
            return False
        declared = [each for each in case.present.lines_of(name) if is_definition(each.text, name)]
        return not any(_has_all(case.present.declaration(each), wanted) for each in declared)

    def before(self, case: Case, sha: str) -> Collection[str]:  # noqa: ARG002 - of any commit
        """The file that it is said to be in."""
        return _said_to_be_in(case)

    def judge(self, case: Case, sha: str, history: History) -> Finding | None:
        """Defined then, and where it is now."""
        name = quoted(case.reference.target)
        then = [each for each in history.occurrences(sha, name) if not is_aside(each.path)]
        defined = [each for each in then if is_definition(each.text, name)][:MOST_PARSED]
        defined = [
            each for each in defined if parsed_as_definition(history.lines_at(sha, each.path), each, name)
        ]
        if not defined:
            return None
        if name not in case.present.words:
            return _gone(case, name, sha, defined, then, history)
        return _elsewhere(case, name, sha, defined, history) or _other_parameters(
            case, name, sha, defined, history
        )


def is_definition(text: str, name: str) -> bool:
    """Whether a line declares a name, in most languages."""
    found = DEFINING.match(text)
    if found and found[1] == name:
        return True
    plain = text.strip()
    return any(pattern.match(plain) for pattern in _defining(name))


@lru_cache(maxsize=1_024)
def _defining(name: str) -> tuple[re.Pattern[str], ...]:
    escaped = re.escape(name)
    return tuple(re.compile(pattern % escaped) for pattern in (_ASSIGNED, _METHOD, _GO_METHOD, _MACRO))


def parsed_as_definition(lines: Sequence[str], found: Occurrence, name: str) -> bool:
    """Whether the parser sees a definition in a line, and no comment or example in a text.

    Args:
        lines: Of the file.
        found: The line.
        name: What it seems to define.
    """
    text = "\n".join(lines)
    if len(text) > MOST_CHARACTERS:
        return False
    defined = _defined_in(found.path, text)
    return not defined or name in defined or not DEFINING.match(found.text)


@lru_cache(maxsize=256)
def _defined_in(path: str, text: str) -> frozenset[str]:
    """The names of a file's definitions: many documents name what one file defines."""
    return frozenset(quoted(each.symbol) for each in definitions(SourceText(path, text, "")))


def _gone(
    case: Case,
    name: str,
    sha: str,
    defined: Sequence[Occurrence],
    then: Sequence[Occurrence],
    history: History,
) -> Finding | None:
    files = list(dict.fromkeys(each.path for each in (*defined, *then)))
    commit = history.dropped(name, sha, files)
    what = f"no longer in the code; it was in {files[0]}"
    hint = "say what took its place, or take it out"
    return Finding(
        Freshness.BROKEN, case.reference.line, ReferenceKind.SYMBOL, case.reference.target, what, commit, hint
    )


def _said_to_be_in(case: Case) -> list[str]:
    """The one file that is named in the same line."""
    paths = [
        each
        for each in case.beside
        if each.kind is ReferenceKind.PATH and each.form in ("span", "link", "text")
    ]
    if len(paths) != 1:
        return []
    found = case.present.paths.found(paths[0].target, case.document.path, paths[0].form)
    return found if len(found) == 1 and found[0] in case.present.paths.files else []


def _stands_in(case: Case, path: str, name: str) -> bool:
    return name in "\n".join(case.present.text_lines(path))


def _elsewhere(
    case: Case, name: str, sha: str, defined: Sequence[Occurrence], history: History
) -> Finding | None:
    files = _said_to_be_in(case)
    if not files or not any(each.path == files[0] for each in defined):
        return None
    if _stands_in(case, files[0], name):
        return None
    now = [
        each
        for each in case.present.lines_of(name)
        if is_definition(each.text, name) and not is_aside(each.path)
    ]
    if len({each.path for each in now}) != 1:
        return None
    commit = history.lineage.ended(Said(name, lambda lines: any(name in each for each in lines)), sha, files)
    return Finding(
        Freshness.DRIFTED,
        case.reference.line,
        ReferenceKind.SYMBOL,
        case.reference.target,
        f"no longer in {files[0]}: it is in {now[0].path}",
        commit,
        f"name {now[0].path}",
    )


def _other_parameters(
    case: Case, name: str, sha: str, defined: Sequence[Occurrence], history: History
) -> Finding | None:
    wanted = _arguments(case.reference.detail)
    if not wanted:
        return None
    before = {
        each.path
        for each in defined
        if _has_all(joined_declaration(history.lines_at(sha, each.path), each.line), wanted)
    }
    # Elsewhere another thing may have the name.
    now = [
        each for each in case.present.lines_of(name) if each.path in before and is_definition(each.text, name)
    ]
    declared = [case.present.declaration(each) for each in now]
    if not declared or any(_has_all(text, wanted) or "**" in text or "..." in text for text in declared):
        return None
    missing = [word for word in wanted if not any(_has_all(text, [word]) for text in declared)]
    if not missing:
        return None
    lost = missing[0]
    said = Said(
        name,
        lambda lines: any(
            name in each and is_definition(each, name) and _has_all(joined_declaration(lines, at), [lost])
            for at, each in enumerate(lines, 1)
        ),
        f"{name}({lost})",
    )
    commit = history.lineage.ended(said, sha, sorted(before))
    if commit is None:
        return None
    what = f"has no parameter {missing[0]} any more: {declared[0].strip()[:160]}"
    return Finding(
        Freshness.DRIFTED,
        case.reference.line,
        ReferenceKind.SYMBOL,
        case.reference.target,
        what,
        commit,
        "give its parameters anew",
    )


def _arguments(detail: str) -> list[str]:
    """The parameters that are named; none where what is given are values."""
    parts = [part.strip() for part in detail.split(",") if part.strip()]
    found = [match[1] for part in parts if (match := _ARGUMENT.fullmatch(part))]
    return found if found and len(found) == len(parts) else []


def _has_all(text: str, words: Collection[str]) -> bool:
    there = set(re.findall(r"\w+", text))
    return there.issuperset(words)

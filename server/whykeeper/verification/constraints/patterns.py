"""What code must or must not hold, by ast-grep's rules."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from whykeeper.verification.constraints.schema import PatternsRule
from whykeeper.verification.constraints.violation import Violation, Where
from whykeeper.verification.side import Side
from whykeeper_indexers.code.patterns import PatternMatch, written_in
from whykeeper_indexers.conventions.globs import matches

__all__ = ["globs", "problem", "violations"]

_SHOWN = 80


def globs(rule: PatternsRule) -> Sequence[str]:
    """Give those of the files that are looked at."""
    return rule.in_


def problem(rule: PatternsRule, side: Side) -> str | None:
    """What ast-grep finds wrong with a rule."""
    answer = side.matching(rule.language, json.dumps(rule.config), ())
    return f"ast-grep does not take this: {answer}" if isinstance(answer, str) else None


def violations(rule: PatternsRule, where: Where) -> Iterator[Violation]:
    """Give the code that a rule refuses, and the files without what it asks for."""
    paths = [
        path
        for path in where.paths
        if path in where.side.paths and written_in(path, rule.language) and matches(rule.in_, path)
    ]
    found = where.side.matching(rule.language, json.dumps(rule.config), paths) if paths else {}
    if isinstance(found, str):
        where.note(f"a pattern could not be used: {found}")
        return
    for path in paths:
        matched = found[path]
        if matched is None:
            where.note(f"{path} could not be read as {rule.language}")
        elif rule.require is not None and not matched:
            yield Violation(path, None, "has nothing that fits the pattern it must have", "required")
        elif rule.forbid is not None:
            yield from (_refused(path, each) for each in matched)


def _refused(path: str, match: PatternMatch) -> Violation:
    shown = match.text if len(match.text) <= _SHOWN else f"{match.text[:_SHOWN]}…"
    end = match.end_line if match.end_line != match.line else None
    return Violation(path, match.line, f"has “{shown}”", match.text, end)

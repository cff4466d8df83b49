"""How files and symbols are called."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence

from whykeeper.verification.constraints.schema import NamesRule, Regex
from whykeeper.verification.constraints.violation import Violation, Where
from whykeeper_indexers.conventions.globs import matches

__all__ = ["globs", "violations"]


def globs(rule: NamesRule) -> Sequence[str]:
    """Give those of the files that are looked at."""
    return rule.in_


def violations(rule: NamesRule, where: Where) -> Iterator[Violation]:
    """Give what is called otherwise."""
    regex = Regex(f"^(?:{rule.match})$")
    paths = [path for path in where.paths if matches(rule.in_, path)]
    if rule.of is None:
        for path in paths:
            name = posixpath.basename(path)
            if not regex.found_in(name):
                yield Violation(path, None, f"is not named as {rule.match} asks for", name)
        return
    for path, facts in where.side.all_facts([path for path in paths if path in where.side.paths]).items():
        for each in facts.definitions:
            name = each.symbol.rpartition(".")[2]
            if each.category in rule.of and not regex.found_in(name):
                what = f"has the {each.category} {name}, which is not named as {rule.match} asks for"
                yield Violation(path, each.lines.start, what, each.symbol)

"""Where files and symbols may be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from whykeeper.verification.constraints.schema import PlacesRule, Regex
from whykeeper.verification.constraints.violation import Violation, Where
from whykeeper_indexers.conventions.globs import matches

__all__ = ["globs", "violations"]


def globs(rule: PlacesRule) -> Sequence[str]:
    """Give those of the files that are meant, and of the places."""
    return (*(rule.files or ()), *rule.only)


def violations(rule: PlacesRule, where: Where) -> Iterator[Violation]:
    """Give what is elsewhere."""
    elsewhere = [path for path in where.paths if not matches(rule.only, path)]
    allowed = ", ".join(rule.only)
    if rule.files is not None:
        for path in elsewhere:
            if matches(rule.files, path):
                yield Violation(path, None, f"is not where it belongs: {allowed}", path)
        return
    regex = Regex(f"^(?:{rule.symbols})$")
    for path, facts in where.side.all_facts([each for each in elsewhere if each in where.side.paths]).items():
        for each in facts.definitions:
            name = each.symbol.rpartition(".")[2]
            if (rule.of is None or each.category in rule.of) and regex.found_in(name):
                what = f"has {each.category} {name}, which belongs in {allowed}"
                yield Violation(path, each.lines.start, what, each.symbol)

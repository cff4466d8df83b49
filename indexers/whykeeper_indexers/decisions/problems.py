"""What does not add up among a repository's decision records: never fatal, always said."""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

from whykeeper_indexers.types import DecisionRecord

__all__ = ["decision_problems"]

_NUMBERED = re.compile(r"(?:(?:adr|rfc|madr)[-_ #]{0,2})?\d{1,6}", re.IGNORECASE)


def decision_problems(records: Mapping[str, DecisionRecord], exists: Callable[[str], bool]) -> Iterator[str]:
    """Say which records name one that is missing, replace one another in a circle, or share a number.

    Args:
        records: By path, each as all of the checkout has it.
        exists: Whether a path is in the checkout, as a record or as anything else.

    Yields:
        One sentence for each problem, in the order of the paths.
    """
    for path, record in sorted(records.items()):
        for verb, references in (
            ("supersedes", record.supersedes),
            ("is superseded by", record.superseded_by),
            ("amends", record.amends),
            ("is amended by", record.amended_by),
        ):
            missing = [each for each in references if _is_missing(each, records, exists)]
            yield from (f"{path} {verb} {each}, which is not there" for each in missing)
    for circle in _circles(records):
        yield f"{' → '.join((*circle, circle[0]))} supersede one another in a circle"
    for path, takers in sorted(_takers(records).items()):
        if len(takers) > 1:
            yield f"{path} is superseded by {len(takers)} records in force: {', '.join(takers)}"
    for (folder, number), paths in sorted(_numbers(records).items()):
        if len(paths) > 1:
            names = ", ".join(posixpath.basename(path) for path in paths)
            yield f"{len(paths)} decision records in {folder or 'the root'} have the number {number}: {names}"


def _is_missing(reference: str, records: Mapping[str, DecisionRecord], exists: Callable[[str], bool]) -> bool:
    """Whether a reference means a record of this repository that is not there: others' have addresses."""
    if reference in records or "://" in reference:
        return False
    if "/" in reference or posixpath.splitext(reference)[1]:
        return not exists(reference)
    return bool(_NUMBERED.fullmatch(reference.strip()))


def _circles(records: Mapping[str, DecisionRecord]) -> Iterator[Sequence[str]]:
    """Circles of supersession, each from its first path on; of those that share records not all."""
    before: dict[str, set[str]] = {
        path: set(records.keys() & record.supersedes) for path, record in records.items()
    }
    for path, record in records.items():
        for later in records.keys() & record.superseded_by:
            before[later].add(path)
    while True:
        try:
            TopologicalSorter(before).prepare()
        except CycleError as found:
            circle = found.args[1][:-1]
            first = circle.index(min(circle))
            yield [*circle[first:], *circle[:first]]
            before[circle[0]].discard(circle[-1])
        else:
            return


def _takers(records: Mapping[str, DecisionRecord]) -> Mapping[str, list[str]]:
    """To each record the accepted ones that say by themselves or by it that they took its place."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for path, record in records.items():
        for old in records.keys() & record.supersedes:
            found[old].add(path)
        for new in records.keys() & record.superseded_by:
            found[path].add(new)
    accepted = {path for path, record in records.items() if record.status == "accepted"}
    return {old: sorted(takers & accepted) for old, takers in found.items()}


def _numbers(records: Mapping[str, DecisionRecord]) -> Mapping[tuple[str, int], list[str]]:
    found: defaultdict[tuple[str, int], list[str]] = defaultdict(list)
    for path, record in sorted(records.items()):
        if record.number is not None:
            found[posixpath.dirname(path), record.number].append(path)
    return found

"""What holds in the place of a decision that was replaced."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from whykeeper_indexers.types import DecisionRecord

__all__ = ["heirs_of"]

MOST_HEIRS = 3
"""Of one decision: whose matter was split among more is told by its own status."""


def heirs_of(path: str, records: Mapping[str, DecisionRecord]) -> list[str]:
    """The records at the ends of a record's chains of successors; none for one that was not replaced.

    Args:
        path: Of the record.
        records: All there are, by path.
    """
    ends: list[str] = []
    seen, waiting = {path}, list(_successors(path, records))
    while waiting:
        each = waiting.pop(0)
        if each in seen:
            continue
        seen.add(each)
        later = list(_successors(each, records))
        waiting += later
        if not later:
            ends.append(each)
    return ends[:MOST_HEIRS]


def _successors(path: str, records: Mapping[str, DecisionRecord]) -> Iterator[str]:
    record = records.get(path)
    yield from (each for each in record.superseded_by if each in records) if record else ()

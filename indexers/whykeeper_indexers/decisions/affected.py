"""Which records have to be read again when others came or went: a few hundred take seconds."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

from whykeeper_indexers.decisions.layout import DecisionLayout
from whykeeper_indexers.decisions.places import record_name

__all__ = ["affected_records"]

_NUMBER = re.compile(rb"\d{1,9}")


def affected_records(
    root: Path, before: DecisionLayout, after: DecisionLayout, records: Collection[str]
) -> set[str]:
    """Find the records that may refer to one that came or went.

    A reference leads to a record by its path, its file's name or its number, one of which the text has.

    Args:
        root: The checkout.
        before: The layout they were read with.
        after: The one they are to be read with.
        records: Paths of all of them.

    Returns:
        Every one that may be read otherwise; all of them where the places themselves are others.
    """
    if (before.configured, before.rfc_texts) != (after.configured, after.rfc_texts):
        return set(records)
    moved = before.candidates ^ after.candidates
    names = [record_name(path) for path in moved]
    numbers = {name.number for name in names if name.number is not None}
    stems = {name.stem.lower().encode() for name in names}
    return set(moved) | {path for path in records if _names_one(root / path, numbers, stems)}


def _names_one(file: Path, numbers: Collection[int], stems: Collection[bytes]) -> bool:
    try:
        text = file.read_bytes()
    except OSError:
        return True
    said = set(map(int, _NUMBER.findall(text)))
    lowered = text.lower()
    return not said.isdisjoint(numbers) or any(stem in lowered for stem in stems)

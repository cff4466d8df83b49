"""What decision records are to one another, where only one of the two says so."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from typing import Final

from whykeeper_indexers.types import DecisionRecord

__all__ = ["CREATE_RELATIONS", "SAID_BY_OTHERS", "note_relations", "related", "took_effect"]

CREATE_RELATIONS: Final = """
CREATE TABLE relations (
    checkout INTEGER NOT NULL,
    path TEXT NOT NULL,
    relation TEXT NOT NULL,
    other TEXT NOT NULL,
    PRIMARY KEY (checkout, path, relation, other)
) WITHOUT ROWID;
"""

SAID_BY_OTHERS: Final = (
    "CASE WHEN d.decision IS NOT NULL THEN (SELECT json_group_array(json_array(r.relation, r.other)) "
    "FROM relations r WHERE r.checkout = f.checkout AND r.path = f.path) END"
)
"""A column for queries over ``files f`` and ``parsed d``, for `related`."""

_INVERSE: Final = {
    "supersedes": "superseded_by",
    "superseded_by": "supersedes",
    "amends": "amended_by",
    "amended_by": "amends",
}
_NEEDS_EFFECT: Final = ("supersedes", "amends")

_TOOK_EFFECT: Final = (
    *("accepted", "active", "adopted", "amended", "approved", "decided", "final", "implemented"),
    *("deprecated", "obsolete", "replaced", "retired", "superseded"),
)
"""A proposed or a rejected record takes no other's place; one that was replaced in its turn did."""

_DECISIONS: Final = (
    "FROM parsed d INDEXED BY parsed_decisions "
    "CROSS JOIN files f INDEXED BY files_parsed ON f.parsed_id = d.id AND f.checkout = ? "
)


def took_effect(status: str | None) -> bool:
    """Whether a record of this status takes, or took, the place of those it supersedes."""
    return status is None or status in _TOOK_EFFECT


def note_relations(connection: sqlite3.Connection, checkout: int) -> None:
    """Bring up to date what a checkout's decisions say of one another.

    In the transaction under way; 7 ms for 640 records.
    """
    connection.execute("DELETE FROM relations WHERE checkout = ?", (checkout,))
    for relation, inverse in _INVERSE.items():
        in_effect = (
            "AND (d.decision ->> '$.status' IS NULL "
            "OR d.decision ->> '$.status' IN (SELECT value FROM json_each(?)))"
        )
        effective = relation in _NEEDS_EFFECT
        connection.execute(
            "INSERT OR IGNORE INTO relations SELECT f.checkout, named.value, ?, f.path "
            f"{_DECISIONS} CROSS JOIN json_each(d.decision, ?) named "
            f"WHERE d.decision IS NOT NULL AND named.value <> f.path {in_effect if effective else ''}",
            (inverse, checkout, f"$.{relation}", *([json.dumps(_TOOK_EFFECT)] if effective else [])),
        )


def related(record: DecisionRecord | None, said: str | None) -> DecisionRecord | None:
    """A record as all of the checkout has it: superseded, too, if only its successor says so.

    Args:
        record: As its own text has it.
        said: The value of `SAID_BY_OTHERS`.
    """
    if record is None or not said or said == "[]":
        return record
    pairs = json.loads(said)

    def both(own: tuple[str, ...], relation: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*own, *(other for each, other in pairs if each == relation))))

    superseded_by = both(record.superseded_by, "superseded_by")
    overtaken = record.in_force and superseded_by != record.superseded_by
    return replace(
        record,
        status="superseded" if overtaken else record.status,
        supersedes=both(record.supersedes, "supersedes"),
        superseded_by=superseded_by,
        amends=both(record.amends, "amends"),
        amended_by=both(record.amended_by, "amended_by"),
    )

"""What documents name, whether they still hold, and what that was asked of the history."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from whykeeper_indexers.catalog.chunk_rows import as_json
from whykeeper_indexers.catalog.commits import reachable_from
from whykeeper_indexers.catalog.records import clean
from whykeeper_indexers.link_types import Finding, Freshness, FreshnessReport, Reference, ReferenceKind
from whykeeper_indexers.types import Kind

__all__ = [
    "DescribedDocument",
    "changed_together",
    "described",
    "facts",
    "freshness",
    "insert_references",
    "keep_facts",
    "keep_freshness",
    "last_part",
    "naming",
    "paths_of_history",
    "references",
    "symbol_parts",
]

LARGEST_COMMIT: Final = 30
"""Files of a commit from which on that two of them changed together says little: a release, a mass edit."""
_PROSE: Final = (Kind.DECISION, Kind.CONVENTION, Kind.DOCUMENT)
_QUALIFIERS: Final = ("::", "#", "->", ".")


class DescribedDocument(NamedTuple):
    """A document of a checkout with what it names.

    Attributes:
        path: Relative to the root.
        digest: Of its content.
        kind: Decision, convention or document.
        references: What it names.
        touched: The newest commit that touched it.
    """

    path: str
    digest: str
    kind: Kind
    references: tuple[Reference, ...]
    touched: str | None


def last_part(kind: ReferenceKind, target: str) -> str:
    """The part of a name by which it is looked up: a file's name, a symbol's own, folded."""
    if kind in (ReferenceKind.PATH, ReferenceKind.GLOB):
        return target.rstrip("/").rpartition("/")[2].lower()
    return symbol_parts(target)[-1]


def symbol_parts(target: str) -> list[str]:
    """A symbol's name and what qualifies it, outermost first, folded."""
    for sign in _QUALIFIERS:
        target = target.replace(sign, "\0")
    return target.lower().split("\0")


def insert_references(connection: sqlite3.Connection, parsed_id: int, named: Sequence[Reference]) -> None:
    """Store what a content names."""
    rows = (
        (
            parsed_id,
            ordinal,
            each.line,
            each.kind,
            clean(each.target),
            each.form,
            clean(each.detail),
            each.past,
            clean(last_part(each.kind, each.target)),
        )
        for ordinal, each in enumerate(named)
    )
    connection.executemany("INSERT INTO named VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)


def references(connection: sqlite3.Connection, checkout: int, path: str) -> tuple[Reference, ...]:
    """What a document names, in its order."""
    query = (
        "SELECT n.line, n.kind, n.target, n.form, n.detail, n.past FROM files f "
        "JOIN named n ON n.parsed_id = f.parsed_id WHERE f.checkout = ? AND f.path = ? ORDER BY n.ordinal"
    )
    return tuple(map(_reference, connection.execute(query, (checkout, clean(path)))))


def naming(
    connection: sqlite3.Connection, checkout: int, names: Iterable[str]
) -> dict[str, tuple[Reference, ...]]:
    """The documents that use any of some names, each with where it does.

    Args:
        connection: To the catalog.
        checkout: Whose documents.
        names: As `last_part` gives them.
    """
    query = (
        "SELECT f.path, n.line, n.kind, n.target, n.form, n.detail, n.past FROM json_each(?) j "
        "CROSS JOIN named n INDEXED BY named_name ON n.name = j.value "
        "CROSS JOIN files f INDEXED BY files_parsed ON f.parsed_id = n.parsed_id AND f.checkout = ? "
        "ORDER BY f.path, n.ordinal"
    )
    found: defaultdict[str, list[Reference]] = defaultdict(list)
    for path, *row in connection.execute(query, (as_json(dict.fromkeys(names)), checkout)):
        found[path].append(_reference(row))
    return {path: tuple(named) for path, named in found.items()}


def described(connection: sqlite3.Connection, checkout: int) -> list[DescribedDocument]:
    """Every document, decision and convention with what it names."""
    query = (
        "SELECT f.path, f.digest, d.kind, f.parsed_id FROM files f JOIN parsed d ON d.id = f.parsed_id "
        "WHERE f.checkout = ? AND d.kind IN (SELECT value FROM json_each(?)) ORDER BY f.path"
    )
    rows = connection.execute(query, (checkout, as_json(kind.value for kind in _PROSE))).fetchall()
    touched = _newest(connection, checkout, [row[0] for row in rows])
    named = "SELECT line, kind, target, form, detail, past FROM named WHERE parsed_id = ? ORDER BY ordinal"
    return [
        DescribedDocument(
            path,
            digest,
            Kind(kind),
            tuple(map(_reference, connection.execute(named, (parsed_id,)))),
            touched.get(path),
        )
        for path, digest, kind, parsed_id in rows
    ]


def _newest(connection: sqlite3.Connection, checkout: int, paths: Collection[str]) -> dict[str, str]:
    live = reachable_from(connection, checkout)
    query = (
        "SELECT p.path, m.id, m.sha FROM json_each(?) j CROSS JOIN commit_paths p ON p.path = j.value "
        "JOIN commits m ON m.id = p.commit_id ORDER BY m.authored_at, m.id DESC"
    )
    # Of one second the newest comes first in a history, and has the least number.
    return {path: sha for path, row, sha in connection.execute(query, (as_json(paths),)) if row in live}


def paths_of_history(connection: sqlite3.Connection, checkout: int) -> list[str]:
    """Every path that a commit of the checkout's history touched, or renamed."""
    live = reachable_from(connection, checkout)
    found = {
        path for path, row in connection.execute("SELECT path, commit_id FROM commit_paths") if row in live
    }
    for row, renames in connection.execute("SELECT id, renames FROM commits WHERE renames <> '{}'"):
        if row in live:
            found.update(json.loads(renames).values())
    return sorted(found)


def changed_together(
    connection: sqlite3.Connection, checkout: int, path: str, limit: int
) -> list[tuple[str, int, str]]:
    """Files that were changed by the same commits as one, those of large commits left out.

    Returns:
        For each its path, the number of commits, and the newest of these; the most often first.
    """
    live = reachable_from(connection, checkout)
    query = (
        "SELECT m.id, m.sha, m.files FROM commit_paths p JOIN commits m ON m.id = p.commit_id "
        "WHERE p.path = ? ORDER BY m.authored_at DESC, m.id LIMIT ?"
    )
    counts: dict[str, tuple[int, str]] = {}
    for row, sha, files in connection.execute(query, (clean(path), MOST_COMMITS)).fetchall():
        touched = json.loads(files) if row in live else []
        if len(touched) > LARGEST_COMMIT:
            continue
        for other in touched:
            count, newest = counts.get(other, (0, sha))
            counts[other] = (count + 1, newest)
    counts.pop(path, None)
    present = _present(connection, checkout, counts)
    found = [(other, count, newest) for other, (count, newest) in counts.items() if other in present]
    return sorted(found, key=lambda each: (-each[1], each[0]))[:limit]


MOST_COMMITS: Final = 1_000
"""Looked at of one file, the newest: a few milliseconds."""


def _present(connection: sqlite3.Connection, checkout: int, paths: Iterable[str]) -> set[str]:
    query = "SELECT f.path FROM json_each(?) j CROSS JOIN files f ON f.checkout = ? AND f.path = j.value"
    return {path for (path,) in connection.execute(query, (as_json(paths), checkout))}


def keep_freshness(
    connection: sqlite3.Connection,
    checkout: int,
    reports: Iterable[tuple[str, FreshnessReport]],
    *,
    whole: bool,
) -> None:
    """Store reports, each with the digest of the content it is about."""
    if whole:
        connection.execute("DELETE FROM freshness WHERE checkout = ?", (checkout,))
    rows = (
        (checkout, clean(each.path), digest, each.state, each.checked, json.dumps(each.findings))
        for digest, each in reports
    )
    connection.executemany("INSERT OR REPLACE INTO freshness VALUES (?, ?, ?, ?, ?, ?)", rows)


def freshness(
    connection: sqlite3.Connection, checkout: int, paths: Collection[str] | None = None
) -> dict[str, FreshnessReport]:
    """What was found of documents whose content is still the one that was judged."""
    query = (
        "SELECT r.path, r.state, r.findings, r.checked FROM freshness r "
        "JOIN files f ON f.checkout = r.checkout AND f.path = r.path AND f.digest = r.digest "
        "WHERE r.checkout = ?"
    )
    values: list[Any] = [checkout]
    if paths is not None:
        query += " AND r.path IN (SELECT value FROM json_each(?))"
        values.append(as_json(map(clean, paths)))
    return {
        path: FreshnessReport(path, Freshness(state), tuple(map(_finding, json.loads(findings))), checked)
        for path, state, findings, checked in connection.execute(query, values)
    }


def facts(connection: sqlite3.Connection) -> dict[str, str]:
    """What was asked of the history, and answered."""
    return dict(connection.execute("SELECT question, answer FROM history_facts"))


def keep_facts(connection: sqlite3.Connection, kept: Mapping[str, str]) -> None:
    """Store what is worth keeping of that, in place of all that is there."""
    connection.execute("DELETE FROM history_facts")
    connection.executemany(
        "INSERT INTO history_facts VALUES (?, ?)", ((clean(q), clean(a)) for q, a in kept.items())
    )


def _reference(row: Sequence[Any]) -> Reference:
    line, kind, target, form, detail, past = row
    return Reference(line, ReferenceKind(kind), target, form, detail, bool(past))


def _finding(row: Sequence[Any]) -> Finding:
    state, line, kind, target, what, commit, hint = row
    return Finding(Freshness(state), line, ReferenceKind(kind), target, what, commit, hint)

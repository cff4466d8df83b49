"""Search by words: BM25 over the full-text tables, in time that frequent words cannot stretch.

``bm25()`` costs about 1.5 µs for every passage that shares a word with the question; an OR
over a question in prose matches half of a repository. So the terms are taken from the rarest
up to a bound on how many passages they can bring in (as in MaxScore: Turtle and Flood, 1995),
those passages are ranked, and a more frequent term only adds its weight to the passages
that have it: its frequency within a passage says little, its presence is what counts.
"""

from __future__ import annotations

import json
import math
import sqlite3
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from whykeeper_indexers.catalog.chunk_rows import as_json
from whykeeper_indexers.catalog.path_filter import PathFilter
from whykeeper_indexers.catalog.postings import Postings
from whykeeper_indexers.catalog.reading import rows_within
from whykeeper_indexers.catalog.records import StoredOutline, WordHit
from whykeeper_indexers.catalog.schema import KINDS, row_range, word_table
from whykeeper_indexers.catalog.words import BM25_WEIGHTS, MAX_TERMS, any_of, query_terms, spellings
from whykeeper_indexers.types import Kind

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["WordSearch"]

RANKED_PASSAGES: Final = 1_000
"""Passages to rank per table. On 17,000 chunks of a Go repository a full ranking finds no more of the
judged files in its first ten, and takes three times as long."""

MOST_RANKED_PASSAGES: Final = 5_000
"""The bound is raised in proportion for a search that leaves most of a table out, up to here."""

ENOUGH_HITS: Final = 10
"""Fewer than this, and the frequent terms are asked on their own account too."""

PRESENCE_WEIGHT: Final = 1.0
"""What a term adds for being there, in units of its inverse document frequency: BM25's value
for a term that occurs once in the body of a passage of average length."""

MOST_PRESENCES: Final = 12
"""Frequent terms to look up one by one, the rarest first, for questions as long as a page."""

_REMEMBERED_COUNTS: Final = 50_000
_GROWTH_BEFORE_RECOUNT: Final = 0.1
_SPARE: Final = 5
_GROWING: Final = 2
_ALIKE: Final = len('"abc')


Outlines: TypeAlias = Callable[[Sequence[int]], Mapping[int, StoredOutline]]


class _Term(NamedTuple):
    passages: int
    text: str


class _Table(NamedTuple):
    """What is remembered of a full-text table: its size, and in how many passages words are.

    Both ages are numbers of chunks ever inserted.
    """

    counted_at: int
    size: int
    counts: dict[str, int]
    absent_at: int
    absent: set[str]


class _Ranked(NamedTuple):
    """Passages by row, ascending, and what each scores."""

    rows: NDArray[np.int64]
    scores: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Scope:
    """What a search is narrowed to, within one full-text table.

    Attributes:
        table: The full-text table.
        kinds: Of the table's kinds, those wanted.
        limit: Hits of every kind.
        allowed: The rows of the paths asked for; None when no paths were given.
        within: The same for commits, which are looked at one by one.
        outlines: Gives the live ones of some rows.
        ends: To every kind the first row that is not given yet.
    """

    table: str
    kinds: Sequence[Kind]
    limit: int
    allowed: frozenset[int] | None
    within: PathFilter
    outlines: Outlines
    ends: Mapping[Kind, int]

    @property
    def rows(self) -> tuple[int, int]:
        """The row ids that its kinds lie between."""
        return _rows(self.kinds)

    @property
    def first(self) -> int:
        """How many passages of a kind to look at first: mostly all of them are live."""
        return self.limit + self.limit // _SPARE

    @property
    def whole(self) -> bool:
        """Whether the search is about all of the table."""
        of_table = [kind for kind in KINDS if word_table(kind) == self.table]
        return self.allowed is None and len(self.kinds) == len(of_table)


class WordSearch:
    """Searches by words; remembers how many passages have a term between questions."""

    def __init__(self) -> None:
        self._tables: dict[str, _Table] = {}
        self._lock = threading.Lock()
        self._postings = Postings()

    def search(
        self,
        connection: sqlite3.Connection,
        checkout: int,
        query: str,
        outlines: Outlines,
        *,
        kinds: Collection[Kind] | None,
        paths: Collection[str] | None,
        limit: int,
    ) -> list[WordHit]:
        """The best ``limit`` live chunks of every kind, best first; ``outlines`` says which are live."""
        terms = query_terms(query)
        wanted = [kind for kind in KINDS if kinds is None or kind in kinds]
        within = PathFilter(paths or ())
        allowed = None if within.everything else rows_within(connection, checkout, within)
        ends = _next_rows(connection)
        hits: list[WordHit] = []
        for table in dict.fromkeys(map(word_table, wanted)) if terms else ():
            of_table = [kind for kind in wanted if word_table(kind) == table]
            scope = _Scope(table, of_table, limit, _of_kinds(allowed, of_table), within, outlines, ends)
            hits += self._search_table(connection, scope, terms)
        return sorted(hits, key=lambda hit: -hit.score)

    def _search_table(
        self, connection: sqlite3.Connection, scope: _Scope, terms: Sequence[str]
    ) -> list[WordHit]:
        known = self._table(connection, scope)
        if not known.size or (scope.allowed is not None and not scope.allowed):
            return []
        counted = _distinct(connection, scope.table, self._count(connection, scope.table, known, terms))
        rare, frequent = _split(counted, _budget(scope, known.size))
        if not rare:
            return []
        ranked = self._rank_some(connection, scope, known, rare, frequent)
        ideal = self._ideal(known, terms, counted)
        hits = _live_hits(connection, scope, ranked, ideal)
        if frequent and len(hits) < min(scope.limit, ENOUGH_HITS):
            everything = [term.text for term in counted]
            hits = _live_hits(connection, scope, _rank(connection, scope, everything, exact=True), ideal)
        return hits

    def _ideal(self, known: _Table, terms: Sequence[str], counted: Sequence[_Term]) -> float:
        """What BM25 gives a passage of average length that has every term once, in its body."""
        found = {term.text for term in counted}
        absent = sum(term in known.absent and found.isdisjoint(spellings(term)) for term in terms)
        return sum(_rarity(known.size, term.passages) for term in counted) + absent * _rarity(known.size, 0)

    def _rank_some(
        self,
        connection: sqlite3.Connection,
        scope: _Scope,
        known: _Table,
        rare: Sequence[str],
        frequent: Sequence[_Term],
    ) -> _Ranked:
        """BM25 of the passages that have rare terms, and the weights of frequent terms they have too."""
        import numpy as np

        ends = {kind: end for kind, end in scope.ends.items() if word_table(kind) == scope.table}
        postings = self._postings.of(scope.table, known.counted_at, ends)
        if scope.whole:
            scores = np.zeros(postings.places)
            for term in rare:
                postings.add_worth(connection, term, ends, scores)
            # Of truth values it is found five times as fast as of numbers.
            places = np.flatnonzero(scores != 0)
        else:
            rows, worth = _rank(connection, scope, rare, exact=not frequent)
            places = postings.at(rows)
            scores = np.zeros(postings.places)
            scores[places] = worth
        # Where more than half have a term, its inverse document frequency is nothing.
        weights = {
            each.text: PRESENCE_WEIGHT * _rarity(known.size, each.passages)
            for each in frequent[:MOST_PRESENCES]
            if 2 * each.passages < known.size
        }
        added = postings.presence(connection, weights, ends, places)
        return _Ranked(postings.rows(places), scores[places] + added)

    def release(self) -> None:
        """Forget what is quickly found again."""
        self._postings.clear()

    def _table(self, connection: sqlite3.Connection, scope: _Scope) -> _Table:
        """What is remembered of a table, as far as it holds in this snapshot."""
        table = scope.table
        inserted = sum(_inserted(scope, kind) for kind in KINDS if word_table(kind) == table)
        with self._lock:
            known = self._tables.get(table)
            if known is None or not 0 <= inserted - known.counted_at <= known.size * _GROWTH_BEFORE_RECOUNT:
                size = int(connection.execute(f"SELECT count(*) FROM {table}_docsize").fetchone()[0])
                known = self._tables[table] = _Table(inserted, size, {}, inserted, set())
            elif known.absent_at != inserted:
                # An old count does no harm, since it only decides an order; an old zero would hide a word.
                known = self._tables[table] = known._replace(absent_at=inserted, absent=set())
            return known

    def _count(
        self, connection: sqlite3.Connection, table: str, known: _Table, terms: Iterable[str]
    ) -> list[_Term]:
        """How many passages have each term, the rarest first.

        An absent phrase becomes its words, and an absent version is looked for in other spellings.
        """
        counted = {term: self._passages(connection, table, known, term) for term in terms}
        for phrase in [term for term, passages in counted.items() if not passages and " " in term]:
            for other in spellings(phrase)[1:] or map('"{}"'.format, phrase.strip('"').split()):
                if other not in counted:
                    counted[other] = self._passages(connection, table, known, other)
        return sorted(_Term(passages, term) for term, passages in counted.items() if passages)

    def _passages(self, connection: sqlite3.Connection, table: str, known: _Table, term: str) -> int:
        if term in known.absent:
            return 0
        if passages := known.counts.get(term):
            return passages
        query = f"SELECT count(*) FROM {table} WHERE {table} MATCH ?"
        passages = int(connection.execute(query, (term,)).fetchone()[0])
        with self._lock:
            if len(known.counts) + len(known.absent) >= _REMEMBERED_COUNTS:
                known.counts.clear()
                known.absent.clear()
            if passages:
                known.counts[term] = passages
            else:
                known.absent.add(term)
        return passages


def _rows(kinds: Sequence[Kind]) -> tuple[int, int]:
    ranges = [row_range(kind) for kind in kinds]
    return min(ranges)[0], max(ranges)[1]


def _of_kinds(allowed: frozenset[int] | None, kinds: Sequence[Kind]) -> frozenset[int] | None:
    if allowed is None or Kind.COMMIT in kinds:
        return None
    first, end = _rows(kinds)
    return frozenset(rowid for rowid in allowed if first <= rowid < end)


def _distinct(connection: sqlite3.Connection, table: str, terms: Sequence[_Term]) -> list[_Term]:
    """Fold forms of one word, which the index holds by its stem, so that none counts twice."""
    kept: list[_Term] = []
    for term in terms:
        start = term.text[:_ALIKE].lower()
        alike = (
            each for each in kept if (each.passages, each.text[:_ALIKE].lower()) == (term.passages, start)
        )
        if not any(_same_passages(connection, table, each, term) for each in alike):
            kept.append(term)
    return kept


def _same_passages(connection: sqlite3.Connection, table: str, one: _Term, other: _Term) -> bool:
    query = f"SELECT 1 FROM {table} WHERE {table} MATCH ? LIMIT 1"
    return connection.execute(query, (f"{one.text} NOT {other.text}",)).fetchone() is None


def _split(terms: Sequence[_Term], budget: int) -> tuple[list[str], list[_Term]]:
    """The rarest terms, until they bring in more passages than the budget; and the others."""
    total = 0
    for number, term in enumerate(terms):
        total += term.passages
        if number and total > budget:
            return [each.text for each in terms[:number]], list(terms[number:])
    return [each.text for each in terms], []


def _budget(scope: _Scope, size: int) -> int:
    """How many passages to rank, given how much of the table the search is about."""
    about = (
        len(scope.allowed)
        if scope.allowed is not None
        else sum(_inserted(scope, kind) for kind in scope.kinds)
    )
    if about <= RANKED_PASSAGES:
        return size * MAX_TERMS
    return min(MOST_RANKED_PASSAGES, RANKED_PASSAGES * max(size, about) // about)


def _inserted(scope: _Scope, kind: Kind) -> int:
    """How many chunks of a kind were ever stored, which is no fewer than there are."""
    return scope.ends[kind] - row_range(kind)[0]


def _next_rows(connection: sqlite3.Connection) -> dict[Kind, int]:
    """To every kind the first row that is not given yet."""
    given = dict(connection.execute("SELECT kind, next_row FROM counters"))
    return {kind: given.get(kind, row_range(kind)[0]) for kind in KINDS}


def _rank(connection: sqlite3.Connection, scope: _Scope, terms: Sequence[str], *, exact: bool) -> _Ranked:
    """BM25 of the passages that have any of the terms."""
    import numpy as np

    query = (
        f"SELECT rowid, -bm25({scope.table}, {BM25_WEIGHTS}) FROM {scope.table} "
        f"WHERE {scope.table} MATCH ? AND rowid >= ? AND rowid < ?"
    )
    given: list[Any] = [any_of(terms), *scope.rows]
    if exact and scope.allowed is not None:
        # The plus keeps the rows from FTS5, which would start the query anew for each of them;
        # as it is, they are looked up before the score of a passage is computed.
        query += " AND +rowid IN (SELECT value FROM json_each(?))"
        given.append(as_json(scope.allowed))
    found: Iterable[tuple[int, float]] = connection.execute(query, given)
    if scope.allowed is not None:
        found = (pair for pair in found if pair[0] in scope.allowed)
    pairs = np.array(list(found), dtype=[("row", np.int64), ("score", np.float64)])
    return _Ranked(pairs["row"], pairs["score"])


def _rarity(size: int, passages: int) -> float:
    """Inverse document frequency as SQLite's ``bm25()`` has it.

    The size may be an older one than the count: more passages may have a term than there were.
    """
    return max(math.log((max(size - passages, 0) + 0.5) / (passages + 0.5)), 1e-6)


def _live_hits(connection: sqlite3.Connection, scope: _Scope, found: _Ranked, ideal: float) -> list[WordHit]:
    """Of every kind the best passages that are live in the checkout and within the paths."""
    import numpy as np

    orders = {}
    for kind in scope.kinds:
        start, end = np.searchsorted(found.rows, row_range(kind)).tolist()
        orders[kind] = start + np.argsort(-found.scores[start:end], kind="stable")
    # Of all kinds at once, for the catalog to remember.
    scope.outlines(found.rows[np.concatenate([order[: scope.first] for order in orders.values()])].tolist())
    hits = []
    for kind, order in orders.items():
        for place, rowid in islice(_live_in_order(connection, scope, found.rows[order]), scope.limit):
            score = float(found.scores[order[place]])
            hits.append(WordHit(rowid, kind, score, min(score / ideal, 1.0)))
    return hits


def _live_in_order(
    connection: sqlite3.Connection, scope: _Scope, rows: NDArray[np.int64]
) -> Iterator[tuple[int, int]]:
    """The places of rows that may be shown, looked up in growing batches, since mostly the first ones may."""
    start, batch = 0, scope.first
    while start < len(rows):
        looked_at = rows[start : start + batch].tolist()
        live = scope.outlines(looked_at)
        for place, rowid in enumerate(looked_at, start):
            if rowid in live and _touches(connection, scope.within, live[rowid].commit):
                yield place, rowid
        start, batch = start + batch, batch * _GROWING


def _touches(connection: sqlite3.Connection, within: PathFilter, commit: int | None) -> bool:
    """Whether any file that a chunk's commit touched is asked for; other chunks were chosen by their file."""
    if within.everything or commit is None:
        return True
    (touched,) = connection.execute("SELECT files FROM commits WHERE id = ?", (commit,)).fetchone()
    return any(map(within, json.loads(touched)))

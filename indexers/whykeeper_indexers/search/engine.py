"""Question in, ranked answer out: the read path, in one place."""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from whykeeper_indexers.catalog import PathFilter, StoredChunk, StoredOutline, WordHit, query_terms
from whykeeper_indexers.errors import QueryError, WhykeeperError
from whykeeper_indexers.search.analysis import LONGEST_READ, QueryAnalysis, analyse
from whykeeper_indexers.search.budget import fit, heading
from whykeeper_indexers.search.candidates import Candidate, SearchAnswer
from whykeeper_indexers.search.commits import spelled_commits
from whykeeper_indexers.search.confidence import CONSIDERED, is_confident
from whykeeper_indexers.search.folders import first_in_folder, is_plain_word, lone_name, tells_of_itself
from whykeeper_indexers.search.freshness import freshness_of
from whykeeper_indexers.search.fusion import fuse
from whykeeper_indexers.search.lines import at_lines
from whykeeper_indexers.search.meaning import MeaningSearch
from whykeeper_indexers.search.open_paths import prefer_near
from whykeeper_indexers.search.ranking import (
    COMPARED_CLOSELY,
    Opinions,
    collapse,
    consider,
    prefer_agreement,
    rank,
    spelled_files,
    spells_path,
)
from whykeeper_indexers.search.recall import GROUPS, Recall, SearchRequest, depth
from whykeeper_indexers.search.statuses import by_age, has_asked_status, none_of_status
from whykeeper_indexers.search.succession import with_successors
from whykeeper_indexers.types import Kind

__all__ = ["search"]

_log = logging.getLogger(__name__)

MAX_QUERY_CHARACTERS = 20_000
READ_AT_ONCE = COMPARED_CLOSELY
_WORDS_AGAIN = "words in place of meaning"
MOST_NAMED = 10
"""Of each kind of thing that is taken in because a question spells its name."""
MOST_IN_FOLDER = 2_000
"""Paths that are looked at to choose those."""


def search(request: SearchRequest, recall: Recall) -> SearchAnswer:
    """Answer a question from one checkout's memory.

    Args:
        request: The question.
        recall: Where to look.

    Returns:
        The answer, found by words alone when the model or the vectors are not ready.

    Raises:
        QueryError: The question is empty or far too long.
    """
    _check(request)
    analysis = _analysed(request, recall)
    kinds = request.kinds or tuple(Kind)
    notes = [*_read_of(request.query), *_unknown(analysis, recall), *_nothing_of_status(analysis, recall)]
    meaning = MeaningSearch(request, recall, analysis.text, kinds)
    with recall.catalog.snapshot():
        candidates = _by_words(request, recall, analysis.text, kinds)
        _add_named(candidates, request, recall, analysis)
        opinions = _prepare(candidates.values(), analysis, recall, meaning)
        hybrid = _add_meanings(candidates, request, recall, meaning, notes)
        _stand_in(candidates.values(), recall)
        fuse(candidates.values())
        if request.near:
            prefer_near(_read(list(candidates.values()), recall), request.near)
        ranked = _weigh_agreement(rank(candidates.values(), analysis, opinions), analysis, recall)
        top = collapse(_read(ranked, recall), max(request.limit, CONSIDERED), request.paths)
    wanted = with_successors(top, request, recall, analysis)
    fresh = freshness_of((each.chunk.path for each in wanted), recall)
    results, tokens = fit(wanted, request.budget, recall.encoder, asked_for=request.paths, fresh=fresh)
    if left_out := len(wanted) - len(results):
        notes.append(f"{left_out} more did not fit the budget of {request.budget:,} tokens")
    comparable = [kind for kind in kinds if recall.encoder.slow(kind)]
    compared = sum(map(recall.vectors.searched, comparable)) if hybrid and recall.vectors else 0
    confident = is_confident(top, query_terms(analysis.text), analysis, comparable, compared)
    return SearchAnswer(analysis.text, confident, "hybrid" if hybrid else "lexical", results, tokens, notes)


def _analysed(request: SearchRequest, recall: Recall) -> QueryAnalysis:
    """Read a question; a folder of the root, and the root itself, may be spelled by their names alone."""
    analysis = analyse(request.query)
    name = lone_name(analysis.text)
    if name is None or (name and not recall.catalog.count_files(recall.checkout, tuple(Kind), name)):
        return analysis
    if is_plain_word(analysis.text) and not tells_of_itself(name, _inside(name, recall)):
        return analysis
    return replace(analysis, folders=(name,), only_paths=True)


def _weigh_agreement(ranked: list[Candidate], analysis: QueryAnalysis, recall: Recall) -> list[Candidate]:
    """Put first, among the best, what says each of the question's words."""
    best = list(islice(_read(ranked, recall), COMPARED_CLOSELY))
    passages = [f"{heading(each.chunk)}\n{each.whole.chunk.text}" for each in best]
    agreements = recall.encoder.agreement(analysis.text, passages) if best else None
    return ranked if agreements is None else prefer_agreement(ranked, agreements.tolist(), analysis)


def _prepare(
    candidates: Collection[Candidate], analysis: QueryAnalysis, recall: Recall, meaning: MeaningSearch
) -> Opinions:
    """Do of what comes later as much as can be done while the question is being encoded."""
    opinions = consider(candidates, analysis)
    if meaning.awaited:
        recall.catalog.vectors_of(recall.checkout, [each.stored.rowid for each in candidates])
    return opinions


def _read(ranked: Sequence[Candidate], recall: Recall) -> Iterator[Candidate]:
    """Read the texts of candidates, some at a time, for as long as more are asked for."""
    for start in range(0, len(ranked), READ_AT_ONCE):
        some = ranked[start : start + READ_AT_ONCE]
        unread = {each.stored.rowid: each for each in some if isinstance(each.stored, StoredOutline)}
        for whole in recall.catalog.chunks(recall.checkout, list(unread)):
            unread[whole.rowid].read(whole)
        yield from some


def _read_of(query: str) -> list[str]:
    """Say when not all of a question is read."""
    if len(query) <= LONGEST_READ:
        return []
    return [f"of the question's {len(query):,} characters the first {LONGEST_READ:,} were read"]


def _unknown(analysis: QueryAnalysis, recall: Recall) -> list[str]:
    """Say which files that a question spells nothing is known of."""
    files = analysis.files[:MOST_NAMED]
    unknown = [asked for asked in files if not recall.catalog.paths_like(recall.checkout, asked, 1)]
    return [f"{asked} is not in the index" for asked in unknown]


def _nothing_of_status(analysis: QueryAnalysis, recall: Recall) -> list[str]:
    """Say when a question asks for the records of a status and none has it."""
    if analysis.status is None or not analysis.status.alone:
        return []
    records = recall.catalog.decisions(recall.checkout)
    if any(has_asked_status(each, analysis.status) for each in records.values()):
        return []
    return [none_of_status(analysis.status, records)]


def _check(request: SearchRequest) -> None:
    if not request.query.strip():
        raise QueryError(
            "the question is empty", "ask in plain words, for example: why is the front-end a pipe?"
        )
    if len(request.query) > MAX_QUERY_CHARACTERS:
        raise QueryError(
            f"the question has {len(request.query):,} characters; {MAX_QUERY_CHARACTERS:,} is the most",
            "ask about the part that matters",
        )


def _by_words(
    request: SearchRequest, recall: Recall, text: str, kinds: Sequence[Kind]
) -> dict[int, Candidate]:
    deepest = max(depth(GROUPS[kind]) for kind in kinds)
    found = recall.catalog.search_words(
        recall.checkout, text, kinds=kinds, paths=request.paths, limit=deepest
    )
    hits = _within_depth(found)
    stored = recall.catalog.outlines(recall.checkout, [hit.rowid for hit in hits])
    places: Counter[str] = Counter()
    candidates: dict[int, Candidate] = {}
    for hit in hits:
        if hit.rowid in stored:
            candidates[hit.rowid] = Candidate(stored[hit.rowid], places[GROUPS[hit.kind]], hit.share)
            places[GROUPS[hit.kind]] += 1
    return candidates


def _within_depth(hits: Iterable[WordHit]) -> list[WordHit]:
    """Of every kind the first hits, as many as its depth."""
    seen: Counter[Kind] = Counter()
    kept = []
    for hit in hits:
        seen[hit.kind] += 1
        if seen[hit.kind] <= depth(GROUPS[hit.kind]):
            kept.append(hit)
    return kept


def _add_named(
    candidates: dict[int, Candidate], request: SearchRequest, recall: Recall, analysis: QueryAnalysis
) -> None:
    """Take in what the question spells: files by their paths, records by numbers, commits, definitions."""
    within = PathFilter(request.paths)
    named = set(_named_files(recall, analysis))
    named.update(_named_records(recall, analysis))
    for path in filter(within, sorted(named)):
        for stored in _shown_by(path, recall, analysis):
            if not request.kinds or stored.chunk.kind in request.kinds:
                _take_in(candidates, stored)
    if within.everything and (not request.kinds or Kind.COMMIT in request.kinds):
        for stored in spelled_commits(recall, analysis.commits[:MOST_NAMED]):
            _take_in(candidates, stored)
    if not request.kinds or Kind.CODE in request.kinds:
        defined = recall.catalog.outlines(recall.checkout, list(_named_symbols(recall, analysis)))
        for rowid, outline in defined.items():
            if within(outline.chunk.path or ""):
                candidates.setdefault(rowid, Candidate(outline, word_rank=0))


def _named_records(recall: Recall, analysis: QueryAnalysis) -> list[str]:
    """Records of the numbers that are spelled, and the newest ones of a status that is asked for."""
    if not (analysis.records or analysis.status):
        return []
    records = recall.catalog.decisions(recall.checkout)
    listed = {path: each for path, each in records.items() if has_asked_status(each, analysis.status)}
    numbered = [path for path, record in records.items() if record.number in analysis.records]
    return numbered + by_age(listed)[:MOST_NAMED]


def _take_in(candidates: dict[int, Candidate], stored: StoredChunk) -> None:
    candidate = candidates.setdefault(stored.rowid, Candidate(stored))
    candidate.word_rank, candidate.opens = 0, True


def _shown_by(path: str, recall: Recall, analysis: QueryAnalysis) -> Sequence[StoredChunk]:
    """What a named file is shown by: the passages at the lines asked for, or its first one."""
    passages = recall.catalog.file_chunks(recall.checkout, path)
    for asked, lines in analysis.lines.items():
        if f"/{path}".endswith(f"/{asked}"):
            return at_lines(passages, lines, MOST_NAMED)
    return passages[:1]


def _named_symbols(recall: Recall, analysis: QueryAnalysis) -> Iterator[int]:
    """Rows of the definitions whose names are spelled, by as much of a qualified name as there is."""
    for identifier in analysis.identifiers[:MOST_NAMED]:
        parts = re.findall(r"\w+", identifier)
        for start in range(max(len(parts) - 1, 1)):
            if rows := recall.catalog.symbols(recall.checkout, ".".join(parts[start:])):
                yield from rows[:MOST_NAMED]
                break


def _named_files(recall: Recall, analysis: QueryAnalysis) -> Iterator[str]:
    for asked in spelled_files(analysis)[:MOST_NAMED]:
        found = recall.catalog.paths_like(recall.checkout, asked, MOST_NAMED)
        yield from (path for path in found if spells_path(analysis, path))
    for folder in analysis.folders[:MOST_NAMED] if analysis.only_paths else ():
        yield from first_in_folder(_inside(folder, recall), analysis, MOST_NAMED)


def _inside(folder: str, recall: Recall) -> list[str]:
    if folder:
        return recall.catalog.paths_like(recall.checkout, f"{folder}/", MOST_IN_FOLDER)
    return [each.path for each in recall.catalog.file_entries(recall.checkout) if "/" not in each.path]


def _add_meanings(
    candidates: dict[int, Candidate],
    request: SearchRequest,
    recall: Recall,
    meaning: MeaningSearch,
    notes: list[str],
) -> bool:
    meaning.wake()
    if recall.vectors is None:
        notes.append("found by words only: the vectors are being opened; ask again in a few seconds for more")
        return False
    if not (recall.encoder.ready or meaning.bridged):
        notes.append(f"found by words only: {recall.encoder.unready}")
        return False
    by_words_only = {each.chunk.kind for each in candidates.values()} - meaning.kinds
    if by_words_only:
        named = " and ".join(sorted(by_words_only))
        preparing = "the embedding model is being prepared"
        why = recall.encoder.unready if recall.encoder.failed else preparing
        notes.append(f"{named} found by words only: {why}")
    try:
        similar = meaning.similar()
    except WhykeeperError as error:
        _log.warning("no search by meaning: %s", error)
        notes.append(f"found by words only: {error.message}")
        return False
    notes += meaning.notes()
    for (group, by), similarities in similar.items():
        for candidate in _merge(candidates, request, recall, similarities, depth(group)):
            candidate.meaning_by = by
    return not by_words_only


def _stand_in(candidates: Iterable[Candidate], recall: Recall) -> None:
    """Let the rank by words stand in where a passage's meaning cannot be asked for yet.

    Without it, a file saved a moment ago would lose to whatever resembles the question.
    """
    silent = [each for each in candidates if each.meaning_rank is None]
    keys = recall.catalog.vectors_of(recall.checkout, [each.stored.rowid for each in silent])
    ready = [each for each in recall.stand_ins if each.ready]
    for each in silent:
        kind, (key, waiting) = each.chunk.kind, keys[each.stored.rowid]
        if not (waiting or not recall.encoder.ready_for(kind)):
            continue
        if not any(one.vectors.held(kind, [key]) for one in ready):
            each.meaning_rank = each.word_rank
            each.meaning_by = _WORDS_AGAIN


def _merge(
    candidates: dict[int, Candidate],
    request: SearchRequest,
    recall: Recall,
    similarities: Mapping[int, float],
    most: int,
) -> Iterator[Candidate]:
    """Rank candidates by meaning, and take in those that only meaning finds; gives each that it ranked."""
    within = PathFilter(request.paths)
    ordered = sorted(similarities, key=lambda rowid: -similarities[rowid])
    unseen = [rowid for rowid in ordered if rowid not in candidates][: None if request.paths else most]
    found = recall.catalog.outlines(recall.checkout, unseen)
    if not within.everything:
        found = {rowid: each for rowid, each in found.items() if within(each.chunk.path or "")}
    place = 0
    nearest = similarities[ordered[0]] if ordered else 0.0
    for rowid in ordered:
        candidate = candidates.get(rowid)
        if candidate is None and rowid in found and place < most:
            candidate = candidates[rowid] = Candidate(found[rowid])
        if candidate is not None:
            candidate.meaning_rank = place
            candidate.similarity = similarities[rowid]
            candidate.nearness = max(similarities[rowid] / nearest, 0.0) if nearest > 0 else 0.0
            place += 1
            yield candidate

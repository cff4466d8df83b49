"""``get_context``: what binds some files, most binding first.

Which documents bind is decided by ``conventions.binding``; here their evidence is collected (who
speaks of the file) and the passage of each is chosen that says most about it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from whykeeper.answers import GoverningItem
from whykeeper.results import result_item
from whykeeper_indexers.catalog import Catalog, StoredChunk
from whykeeper_indexers.code import symbols_of
from whykeeper_indexers.conventions import Governing, find_mentions, governing, resolve_imports, search_words
from whykeeper_indexers.search.budget import fit
from whykeeper_indexers.search.candidates import Candidate
from whykeeper_indexers.search.engine import Recall
from whykeeper_indexers.types import ConventionRecord, DecisionRecord, Kind, Role

__all__ = ["govern"]

MOST_DOCUMENTS = 20
"""Governing documents in an answer; the budget usually cuts earlier."""
SEARCHED = 60
"""Passages looked at for mentions of a file; they stand for some 30 documents."""
PROSE = (Kind.DECISION, Kind.CONVENTION, Kind.DOCUMENT, Kind.PLAN)


def govern(
    paths: Sequence[str], recall: Recall, budget: int
) -> tuple[list[GoverningItem], list[str], list[str]]:
    """Say what binds some files.

    Args:
        paths: Relative to the root; files or folders, which need not exist yet.
        recall: The checkout's view of its stores.
        budget: Most tokens of text.

    Returns:
        The governing passages, most binding first; the paths of the convention files that
        apply, most specific first; and notes.
    """
    catalog, checkout = recall.catalog, recall.checkout
    with catalog.snapshot():
        conventions, decisions = catalog.conventions(checkout), catalog.decisions(checkout)
        services = _real_services(catalog, checkout)
        best: dict[str, Governing] = {}
        passages: dict[str, StoredChunk] = {}
        notes: list[str] = []
        for path in paths:
            hits = _speaking(path, catalog, checkout)
            for found in _governing(path, catalog, checkout, conventions, decisions, services, hits):
                if found.path not in best or found.score > best[found.path].score:
                    best[found.path] = found
                    passages[found.path] = _passage(found.path, hits, catalog, checkout)
            if not catalog.file_entries(checkout, [path]) and not catalog.paths_like(checkout, f"{path}/", 1):
                notes.append(f"{path} is not in the index: what binds its place is given")
    ranked = sorted(best.values(), key=lambda each: (-each.score, each.path))[:MOST_DOCUMENTS]
    applying = [each.path for each in ranked if each.path in conventions]
    return _items(ranked, passages, recall, budget), _with_imports(applying, conventions), notes


def _governing(
    path: str,
    catalog: Catalog,
    checkout: int,
    conventions: Mapping[str, ConventionRecord],
    decisions: Mapping[str, DecisionRecord],
    services: Mapping[str, str],
    hits: Mapping[str, list[StoredChunk]],
) -> tuple[Governing, ...]:
    texts = {name: "\n".join(stored.chunk.text for stored in chunks) for name, chunks in hits.items()}
    for name in (*conventions, *decisions):
        if name not in texts:
            continue
        texts[name] = _whole(catalog.file_chunks(checkout, name))
    titles = {name: chunks[0].file.title for name, chunks in hits.items() if chunks and chunks[0].file}
    mentions = find_mentions(
        path,
        texts,
        symbols=_symbols(path, catalog, checkout),
        titles=titles,
        of=_documents(catalog, checkout),
    )
    return governing(path, conventions, decisions, services, mentions=mentions)


def _speaking(path: str, catalog: Catalog, checkout: int) -> dict[str, list[StoredChunk]]:
    """Passages of prose that share names or words with a file, by document, the best first."""
    words = " ".join(search_words(path, _symbols(path, catalog, checkout)))
    hits = catalog.search_words(checkout, words, kinds=PROSE, limit=SEARCHED)
    by_document: defaultdict[str, list[StoredChunk]] = defaultdict(list)
    for stored in catalog.chunks(checkout, [hit.rowid for hit in hits]):
        if stored.chunk.path and stored.chunk.path != path:
            by_document[stored.chunk.path].append(stored)
    return dict(by_document)


def _symbols(path: str, catalog: Catalog, checkout: int) -> list[str]:
    chunks = catalog.file_chunks(checkout, path)
    return [
        name for stored in chunks if stored.chunk.role is Role.SYMBOL for name in symbols_of(stored.chunk)
    ]


def _documents(catalog: Catalog, checkout: int) -> int:
    return catalog.count_files(checkout, PROSE)


def _whole(chunks: Iterable[StoredChunk]) -> str:
    return "\n".join(stored.chunk.text for stored in chunks)


def _real_services(catalog: Catalog, checkout: int) -> dict[str, str]:
    """Documents that describe a folder, where that folder holds code."""
    documents = catalog.service_documents(checkout)
    with_code = catalog.folders_with(checkout, Kind.CODE)
    return {path: folder for path, folder in documents.items() if folder in with_code}


def _passage(
    document: str, hits: Mapping[str, list[StoredChunk]], catalog: Catalog, checkout: int
) -> StoredChunk:
    if document in hits:
        return hits[document][0]
    return catalog.file_chunks(checkout, document)[0]


def _items(
    ranked: Sequence[Governing], passages: Mapping[str, StoredChunk], recall: Recall, budget: int
) -> list[GoverningItem]:
    # Scores of binding may be negative; an answer's are relative to its best and positive.
    top = ranked[0].score if ranked else 0.0
    candidates = [Candidate(passages[each.path], score=2.0 ** (each.score - top)) for each in ranked]
    results, _ = fit(candidates, budget, recall.encoder)
    reasons = {each.path: each.reason for each in ranked}
    return [
        GoverningItem(**result_item(result).model_dump(), because=reasons[result.path or ""])
        for result in results
    ]


def _with_imports(applying: Sequence[str], conventions: Mapping[str, ConventionRecord]) -> list[str]:
    imports = resolve_imports(conventions)
    named = [name for path in applying for name in (path, *imports.get(path, ()))]
    return list(dict.fromkeys(named))

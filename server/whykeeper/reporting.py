"""``memory_status`` and ``status``: how fresh the memory is, and what is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from whykeeper.answers import StatusAnswer
from whykeeper_indexers.errors import RepositoryError
from whykeeper_indexers.scan import explain
from whykeeper_indexers.types import Exclusion

if TYPE_CHECKING:
    from whykeeper.memory import Memory

__all__ = ["file_report", "status_report"]

MAX_NOTES = 20


def status_report(memory: Memory) -> StatusAnswer:
    """Describe one checkout's memory."""
    indexer, store = memory.indexer, memory.store
    statistics = store.catalog.statistics(indexer.checkout)
    progress = indexer.progress
    index: dict[str, Any] = {
        "state": "complete" if indexer.complete and not memory.busy else "indexing",
        "phase": progress.phase if progress.phase != "idle" or not store.busy else "meaning",
        "files": statistics.files,
        "chunks": sum(statistics.chunks.values()),
        "by_kind": {kind.value: count for kind, count in statistics.chunks.items()},
        "encoded": {kind.value: count for kind, count in statistics.encoded.items()},
        "waiting": {kind.value: count for kind, count in statistics.waiting.items() if count},
        "commits": statistics.commits,
        "head": statistics.head,
        "excluded": dict(statistics.excluded),
        "redactions": statistics.redactions,
    }
    if progress.total:
        index["progress"] = f"{progress.done} of {progress.total} files"
    problems = [indexer.problem, store.problem, store.encoding.problem if store.encoding else None]
    notes = [
        *(f"problem: {problem}" for problem in problems if problem),
        *memory.repository.notes,
        *memory.loaded.notes,
        *indexer.notes,
        *store.notes,
        *(note for found in statistics.notes.values() for note in found),
    ]
    return StatusAnswer(
        checkout=str(memory.repository.root),
        index=index,
        watch=_watch(memory),
        model=store.encoder.description(),
        stores={"folder": str(store.folder), "vectors": "open" if store.vectors else "opening"},
        notes=list(dict.fromkeys(notes))[:MAX_NOTES],
    )


def file_report(memory: Memory, paths: list[str]) -> list[dict[str, Any]]:
    """Say for any path whether it is in the index and, if not, why."""
    return [_one_file(memory, path) for path in paths]


def _one_file(memory: Memory, path: str) -> dict[str, Any]:
    try:
        relative = memory.relative(path)
    except RepositoryError:
        relative = path
    known = next(iter(memory.store.catalog.file_entries(memory.indexer.checkout, [relative])), None)
    report: dict[str, Any] = {"path": relative, "indexed": False, "kind": None, "reason": None, "detail": ""}
    if known is not None and known.exclusion is None:
        chunks = memory.store.catalog.file_chunks(memory.indexer.checkout, relative)
        kind = chunks[0].chunk.kind.value if chunks else None
        return report | {
            "indexed": True,
            "kind": kind,
            "chunks": len(chunks),
            "redactions": len(known.redactions),
        }
    decided = known.exclusion if known is not None else explain(memory.repository, memory.options, path)
    if isinstance(decided, Exclusion):
        return report | {"reason": decided.reason.value, "detail": decided.detail}
    return report | {"reason": "waiting to be indexed"}


def _watch(memory: Memory) -> dict[str, Any]:
    watcher = memory.watcher
    if watcher is None:
        return {"state": "off", "why": "[watch] enabled = false; every question looks at the files' stats"}
    state = watcher.state
    return {"state": state.mode, "folders": state.folders, **({"note": state.note} if state.note else {})}

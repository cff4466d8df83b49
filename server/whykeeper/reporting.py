"""``memory_status`` and ``status``: how fresh the memory is, and what is wrong with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from whykeeper.answers import StatusAnswer
from whykeeper.gaps.report import unanswered
from whykeeper.reading import Source
from whykeeper.record_links import broken_links
from whykeeper.rule_conflicts import checkout_conventions, conflicts_of
from whykeeper.staleness import counts_of
from whykeeper_indexers.catalog import PathFilter
from whykeeper_indexers.decisions import decision_problems
from whykeeper_indexers.errors import RepositoryError
from whykeeper_indexers.scan import explain
from whykeeper_indexers.types import Exclusion, ExclusionReason, FileStat, SourceText

if TYPE_CHECKING:
    from whykeeper.memory import Memory
    from whykeeper_indexers.types import Kind, Redaction

__all__ = ["empty_kinds", "empty_paths", "file_report", "status_report"]

MAX_NOTES = 20
MOST_DECISION_PROBLEMS = 10
"""Named; the rest is counted."""
MOST_CONFLICTS = 5
"""Of rules, named; the rest is counted."""
_GLOB_CHARACTERS = frozenset("*?[")
MOST_REDACTIONS = 5
"""Named of one file; the rest is counted."""


def status_report(memory: Memory) -> StatusAnswer:
    """Describe one checkout's memory."""
    memory.note_mended()
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
        "bridged": {kind.value: count for kind, count in store.bridged.items()},
        "earlier": store.earlier.passages() if store.earlier else {},
        "commits": statistics.commits,
        "head": statistics.head,
        "excluded": dict(statistics.excluded),
        "redactions": statistics.redactions,
    }
    kept, unreadable = unanswered(memory)
    if kept:
        index["unanswered"] = kept
    if counts := counts_of(memory):
        index["freshness"] = counts
    if progress.total:
        index["progress"] = f"{progress.done} of {progress.total} files"
    problems = [indexer.problem, store.problem, store.encoding.problem if store.encoding else None]
    notes = [
        *(f"problem: {problem}" for problem in (*problems, unreadable) if problem),
        *memory.repository.notes,
        *memory.loaded.notes,
        *indexer.notes,
        *store.notes,
        *(store.earlier.problems if store.earlier else ()),
        *_of_files(statistics.notes),
        *_of_decisions(memory),
        *_of_conventions(memory),
    ]
    return StatusAnswer(
        checkout=str(memory.repository.root),
        index=index,
        watch=_watch(memory),
        model=store.encoder.description(),
        stores={"folder": str(store.folder), "vectors": "open" if store.vectors else "opening"},
        notes=list(dict.fromkeys(notes))[:MAX_NOTES],
    )


def _of_decisions(memory: Memory) -> list[str]:
    """Say what does not add up among the decision records."""
    catalog, checkout = memory.store.catalog, memory.indexer.checkout
    found = [
        *decision_problems(
            catalog.decisions(checkout), lambda path: bool(catalog.file_entries(checkout, [path]))
        ),
        *broken_links(memory),
    ]
    more = len(found) - MOST_DECISION_PROBLEMS
    return [
        *found[:MOST_DECISION_PROBLEMS],
        *([f"{more} more problem{'s' * (more > 1)} of decision records"] if more > 0 else []),
    ]


def _of_conventions(memory: Memory) -> list[str]:
    """Say which rules cannot be followed together, or not with what was decided."""
    catalog, checkout = memory.store.catalog, memory.indexer.checkout
    found = conflicts_of(catalog, checkout, checkout_conventions(catalog, checkout))
    more = len(found) - MOST_CONFLICTS
    return [
        *(f"conflict: {each.said}" for each in found[:MOST_CONFLICTS]),
        *([f"{more} more conflict{'s' * (more > 1)} among conventions and decisions"] if more > 0 else []),
    ]


def _of_files(notes: Mapping[str, Iterable[str]]) -> Iterator[str]:
    """Say each note once, with the files it is about."""
    about: defaultdict[str, list[str]] = defaultdict(list)
    for path, found in notes.items():
        for note in found:
            about[note].append(path)
    for note, paths in about.items():
        more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
        yield note if paths[0] in note else f"{paths[0]}{more}: {note}"


def file_report(memory: Memory, paths: list[str]) -> list[dict[str, Any]]:
    """Say for any path whether it is in the index and, if not, why."""
    with memory.store.catalog.snapshot():
        return [_one_file(memory, path) for path in paths]


def empty_paths(memory: Memory, paths: Sequence[str]) -> list[str]:
    """Name the files and folders of a filter that hold nothing indexed: most often they are mistyped."""
    globs = [path for path in paths if _GLOB_CHARACTERS.intersection(path)]
    entries = memory.store.catalog.file_entries(memory.indexer.checkout) if globs else ()
    indexed = [entry.path for entry in entries if entry.exclusion is None]
    return [
        *(
            f"nothing in {entry['path']} is indexed ({entry['reason']})"
            for entry in file_report(memory, [path for path in paths if path not in globs])
            if not entry["indexed"] and not entry.get("files")
        ),
        *(f"no indexed path matches {glob}" for glob in globs if not any(map(PathFilter([glob]), indexed))),
    ]


def empty_kinds(memory: Memory, kinds: Sequence[Kind]) -> list[str]:
    """Name the kinds of a filter of which nothing is recorded here, once all of it was read."""
    if not memory.indexer.complete:
        return []
    chunks = memory.store.catalog.statistics(memory.indexer.checkout).chunks
    named = " or ".join(kind.value for kind in kinds if not chunks.get(kind))
    return [f"no {named} is recorded here"] if named else []


def _one_file(memory: Memory, path: str) -> dict[str, Any]:
    try:
        relative = memory.relative(path)
    except RepositoryError:
        return _left_out(path, explain(memory.repository, memory.options, path))
    catalog, checkout = memory.store.catalog, memory.indexer.checkout
    known = next(iter(catalog.file_entries(checkout, [relative])), None)
    if known is not None and known.exclusion is None:
        return {
            "path": relative,
            "indexed": True,
            "kind": known.kind.value if known.kind else None,
            "reason": None,
            "detail": "; ".join([*_cut_out(known.redactions), *known.notes]),
            "chunks": known.chunks,
            "redactions": len(known.redactions),
        }
    if known is not None and known.exclusion is not None:
        return _left_out(relative, known.exclusion) | _secrets(memory, relative, known.exclusion)
    decided = explain(memory.repository, memory.options, path)
    if isinstance(decided, Exclusion) and decided.reason is ExclusionReason.FOLDER:
        return _folder(memory, relative, decided)
    return _left_out(relative or ".", decided)


def _left_out(path: str, decided: FileStat | Exclusion) -> dict[str, Any]:
    report = {"path": path, "indexed": False, "kind": None, "detail": ""}
    if isinstance(decided, Exclusion):
        return report | {"reason": decided.reason.value, "detail": decided.detail}
    return report | {"reason": "waiting to be indexed"}


def _secrets(memory: Memory, path: str, exclusion: Exclusion) -> dict[str, Any]:
    """Say what was cut out of a file of which nothing worth remembering was left."""
    if exclusion.reason is not ExclusionReason.UNSUPPORTED:
        return {}
    source = Source(memory.repository, memory.options).read(path)
    redactions = source.redactions if isinstance(source, SourceText) else ()
    found = {"detail": "; ".join(_cut_out(redactions)), "redactions": len(redactions)}
    return found if redactions else {}


def _cut_out(redactions: Sequence[Redaction]) -> list[str]:
    """Where secrets were cut out, and by which rules; never what they were."""
    shown = [f"{cut.rule} in line {cut.line}" for cut in redactions[:MOST_REDACTIONS]]
    rest = len(redactions) - len(shown)
    said = ", ".join(shown) + (f" and {rest} more" if rest else "")
    return [f"cut out: {said}"] if shown else []


def _folder(memory: Memory, path: str, decided: Exclusion) -> dict[str, Any]:
    """Count what is indexed below a folder that was asked for."""
    below = memory.store.catalog.file_entries(memory.indexer.checkout)
    prefix = f"{path}/" if path else ""
    inside = sum(entry.exclusion is None and entry.path.startswith(prefix) for entry in below)
    said = {0: "no file in it is indexed", 1: "1 file in it is indexed"}
    detail = said.get(inside, f"{inside:,} files in it are indexed")
    return _left_out(path or ".", replace(decided, detail=detail)) | {"files": inside}


def _watch(memory: Memory) -> dict[str, Any]:
    watcher = memory.watcher
    if watcher is None:
        return {"state": "off", "why": "[watch] enabled = false; every question looks at the files' stats"}
    state = watcher.state
    return {"state": state.mode, "folders": state.folders, **({"note": state.note} if state.note else {})}

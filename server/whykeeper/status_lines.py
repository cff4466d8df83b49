"""The state of a memory in a few lines, for a person and for a model alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import Any

__all__ = ["status_lines"]

_SHA_SHOWN = 12


def status_lines(answer: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Say how fresh and complete an index is.

    Args:
        answer: What ``memory_status`` returned; whatever is missing is passed over.

    Yields:
        A name and what is to be said under it; lines of one name follow each other.
    """
    index = answer.get("index") or {}
    yield "checkout", str(answer.get("checkout", ""))
    yield from (("index", line) for line in _index(index))
    if meaning := _meaning(index, answer.get("model") or {}, answer.get("stores") or {}):
        yield "meaning", meaning
    if left_out := _counts(index.get("excluded")):
        yield "left out", left_out
    if cut := index.get("redactions"):
        yield "secrets", f"{cut:,} cut out of what is indexed"
    if kept := index.get("unanswered"):
        yield "unanswered", f"{_counted(kept, 'question')}: `whykeeper gaps` shows what is worth writing"
    if freshness := _counts(index.get("freshness")):
        yield "documents", f"{freshness}: `whykeeper stale` shows what no longer holds"
    for name, say in (("watch", _watch), ("model", _model), ("stores", _stores)):
        if answer.get(name):
            yield name, say(answer[name])


def _index(index: Mapping[str, Any]) -> Iterator[str]:
    under_way = f": {index['phase']}" if index.get("phase", "idle") != "idle" else ""
    progress = f", {index['progress']}" if index.get("progress") else ""
    counted = [_counted(index[name], noun) for name, noun in _COUNTED.items() if index.get(name) is not None]
    yield f"{index.get('state', 'unknown')}{under_way}{progress}"
    if counted:
        yield ", ".join(counted)
    if kinds := _counts(index.get("by_kind")):
        yield kinds
    if index.get("head"):
        yield f"commit {str(index['head'])[:_SHA_SHOWN]}"


_COUNTED = {"files": "file", "chunks": "passage", "commits": "commit"}


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def _meaning(index: Mapping[str, Any], model: Mapping[str, Any], stores: Mapping[str, Any]) -> str:
    encoded = sum((index.get("encoded") or {}).values())
    waiting = sum((index.get("waiting") or {}).values())
    if not encoded and not waiting:
        return ""
    if stores.get("vectors") == "opening":
        # Whose they are, and which are wanting, shows when they are open.
        return f"by words only until the vectors are open; {_counted(encoded, 'vector')} kept"
    # Without the folders it lies in.
    by = f" of {PurePath(model['model']).name}" if model.get("model") else ""
    failed = "; the model failed" if str(model.get("state", "")).startswith("failed") else ""
    if not waiting:
        state = "" if failed else "complete, "
        return f"{state}{_counted(encoded, 'vector')}{by}{failed}"
    of = f"{encoded:,} of {_counted(encoded + waiting, 'vector')}{by}{failed}"
    return f"{of}; still to do: {_counts(index['waiting'])}{_earlier(index)}"


def _earlier(index: Mapping[str, Any]) -> str:
    """What the model used before still answers for."""
    counts = (index.get("earlier") or {}).items()
    return "".join(f"; until then {count:,} are compared by {name}" for name, count in counts)


def _watch(watch: Mapping[str, Any]) -> str:
    folders = f", {_counted(watch['folders'], 'folder')}" if watch.get("folders") else ""
    why = watch.get("note") or watch.get("why")
    return f"{watch.get('state', 'unknown')}{folders}" + (f" ({why})" if why else "")


def _model(model: Mapping[str, Any]) -> str:
    tiers = model.get("tiers") or {}
    alike = len(set(tiers.values())) == 1
    named = ", ".join(f"{name} {state}" for name, state in tiers.items())
    said = next(iter(tiers.values())) if alike else named or str(model.get("state", "unknown"))
    note = f" ({model['note']})" if model.get("note") else ""
    return f"{model.get('model', 'model')}: {said}{note}"


def _stores(stores: Mapping[str, Any]) -> str:
    vectors = f" (vectors {stores['vectors']})" if stores.get("vectors") else ""
    return f"{stores.get('folder', '')}{vectors}"


def _counts(counts: Mapping[str, int] | None) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in (counts or {}).items() if count)

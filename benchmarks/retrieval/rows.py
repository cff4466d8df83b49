"""The evaluation sets' rows, and what an answer to one of them scores."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.retrieval.metrics import ndcg, recall, reciprocal_rank, strict_ndcg
from benchmarks.retrieval.units import Reply, Unit, targets_of

__all__ = [
    "HAND_WRITTEN",
    "Score",
    "load",
    "score_code",
    "score_files",
    "score_hand",
    "score_scope",
    "units_of",
]

HAND_WRITTEN = ("credentials", "events", "log4brains", "beads", "pysdk", "zod")


@dataclass(frozen=True, slots=True)
class Score:
    """What one row scored.

    Attributes:
        row: Its id.
        repo: ``owner/name``.
        group: Its type.
        values: Metric to value; for ``absent`` only ``confident``.
        took_ms: Round trip of the call, seen from the client.
    """

    row: str
    repo: str
    group: str
    values: Mapping[str, float]
    took_ms: float


def load(folder: Path, names: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Read the rows of some sets."""
    for name in names:
        for line in (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            yield json.loads(line)


def score_hand(
    row: dict[str, Any], answer: dict[str, Any], links: Mapping[str, str], took_ms: float
) -> Score:
    """Score an answer to a hand-written question.

    Args:
        row: Of one of the hand-written sets.
        answer: What ``search_memory`` returned.
        links: Symbolic link to target, in that repository: a hit on one is a hit on the other.
        took_ms: Round trip.
    """
    confident = float(bool(answer["confident"] and answer["results"]))
    if row["type"] == "absent":
        return Score(row["id"], row["repo"], "absent", {"confident": confident}, took_ms)
    field = "commit" if row["type"] == "history" else "path"
    grades = {item[field]: item["grade"] for item in row["relevant"] if item.get(field)}
    ranked = _distinct(answer["results"], field, links)
    values = {
        "ndcg@10": ndcg(ranked, grades),
        "recall@5": recall(ranked, grades),
        "mrr@10": reciprocal_rank(ranked, grades),
        "hit@5": float(bool(set(ranked[:5]) & set(grades))),
        "confident": confident,
    }
    return Score(row["id"], row["repo"], row["type"], values, took_ms)


def score_scope(
    row: dict[str, Any], answer: dict[str, Any], links: Mapping[str, str], took_ms: float
) -> Score:
    """Score what ``get_context`` says governs a file."""
    grades = {item["path"]: item["grade"] for item in row["relevant"]}
    ranked = _distinct(answer["governing"], "path", links)
    values = {
        "ndcg@10": ndcg(ranked, grades),
        "recall@5": recall(ranked, grades),
        "mrr@10": reciprocal_rank(ranked, grades),
    }
    return Score(row["id"], row["repo"], "scope", values, took_ms)


def score_code(row: dict[str, Any], reply: Reply) -> Score:
    """Score code search strictly, as the set's source does: the raw list of ten chunks."""
    chunks = [(unit.path, unit.first, unit.last) for unit in reply.units]
    values = {"ndcg@10": strict_ndcg(chunks, targets_of(row))}
    return Score(row["id"], row["repo"], "code-search", values, reply.took_ms)


def score_files(row: dict[str, Any], reply: Reply, links: Mapping[str, str]) -> Score:
    """Score any engine's answer to a hand-written question, by the files it names."""
    grades = {item["path"]: item["grade"] for item in row["relevant"] if item.get("path")}
    ranked = list(dict.fromkeys(links.get(unit.path, unit.path) for unit in reply.units))
    values = {"ndcg@10": ndcg(ranked, grades), "recall@5": recall(ranked, grades)}
    return Score(row["id"], row["repo"], row["type"], values, reply.took_ms)


def units_of(answer: Mapping[str, Any]) -> list[Unit]:
    """Read the results of ``search_memory`` that stand in files."""
    found = []
    for item in answer["results"]:
        if item.get("path"):
            first, last = item.get("lines") or (0, 0)
            found.append(Unit(item["path"], first, last, item["text"]))
    return found


def _distinct(results: Sequence[Mapping[str, Any]], field: str, links: Mapping[str, str]) -> list[str]:
    named = (item.get(field) for item in results)
    return list(dict.fromkeys(links.get(name, name) for name in named if name))

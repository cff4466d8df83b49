"""What each part of the ranking is worth: the sets asked again with one part switched off.

In this process, over the stores of an index: everything the engine reads of them for a question is read
once and remembered, so that a variant costs no more than fusing, ranking and cutting. The engine itself is
not copied: it runs as it is, and a part is switched off where it is defined. The features come from the
registries of the ranking; the constants are those that weigh everything else.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast
from unittest.mock import patch

from benchmarks.reporting import bootstrap_interval, markdown_table
from benchmarks.retrieval.rows import Score, score_code, score_hand, units_of
from benchmarks.retrieval.units import Reply
from benchmarks.sandbox import BenchmarkError
from whykeeper.checkouts import repository_folder
from whykeeper.config import load_config
from whykeeper.locations import locations
from whykeeper.results import result_item
from whykeeper.wiring import make_encoder, vector_settings
from whykeeper_indexers.index.earlier import ModelChoice
from whykeeper_indexers.index.store import RepositoryStore
from whykeeper_indexers.scan import open_repository
from whykeeper_indexers.search import analysis, code_ranking, fusion, ranking
from whykeeper_indexers.search.engine import search
from whykeeper_indexers.search.recall import Recall, SearchRequest
from whykeeper_indexers.types import Kind

__all__ = ["ablate", "opened_stores", "table"]

BUDGET = 20_000
READY_LIMIT_S = 90.0
WHOLE = "everything"
REGISTRIES = (ranking.FEATURES, code_ranking.CODE_FEATURES)
_CONSTANTS: dict[str, list[tuple[Any, str, float]]] = {
    "words only": [(fusion, "MEANING_WEIGHT", 0.0)],
    "meaning only": [(fusion, "WORD_WEIGHT", 0.0), (fusion, "STRENGTH_WEIGHT", 0.0)],
    "without strength of words": [(fusion, "STRENGTH_WEIGHT", 0.0)],
    "without nearness": [(fusion, "NEAR_ENOUGH", 1e-9)],
    "without comparing token by token": [(ranking, "AGREEMENT_WEIGHT", 0.0)],
    "without agreeing passages": [
        (ranking, "AGREEING_CHUNK", 0.0),
        (code_ranking, "AGREEING_CHUNK", 0.0),
        (code_ranking, "AGREEING", 0.0),
    ],
    "without asking what a question asks for": [
        (analysis, "ASKS_FOR_CODE", 1.0),
        (analysis, "ASKS_FOR_PROSE", 1.0),
    ],
    "any number of results of one file": [(ranking, "PER_FILE", 10**6)],
    "with every version of a document": [(ranking, "SAME_WORDS", 2.0)],
}
"""What is no feature of a registry: the constants that switch it off, and where they are."""
_NOT_REMEMBERED = frozenset({"snapshot", "warm", "count_tokens", "trim_to_tokens"})
Variants = dict[str, dict[str, list[Score]]]


class _Remembering:
    """An object whose methods answer a second time from memory; its properties are passed on."""

    def __init__(self, subject: object) -> None:
        self._subject = subject
        self._answers: dict[Any, Any] = {}

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._subject, name)
        if not callable(value) or name in _NOT_REMEMBERED:
            return value

        def remembered(*positional: Any, **named: Any) -> Any:
            key = (name, _frozen(positional), _frozen(named))
            if key not in self._answers:
                self._answers[key] = value(*positional, **named)
            answer = self._answers[key]
            # A caller may change the container it was given.
            return answer.copy() if isinstance(answer, (dict, list, set)) else answer

        return remembered


def _frozen(value: Any) -> Any:
    if isinstance(value, Mapping):
        return tuple((key, _frozen(part)) for key, part in value.items())
    if isinstance(value, (list, tuple)):
        return tuple(map(_frozen, value))
    if isinstance(value, (set, frozenset)):
        return frozenset(value)
    return value.tobytes() if hasattr(value, "tobytes") else value


def variants() -> dict[str, Callable[[ExitStack], None]]:
    """Name every part that can be switched off, and how."""
    found: dict[str, Callable[[ExitStack], None]] = {WHOLE: lambda _: None}
    for name, constants in _CONSTANTS.items():
        found[name] = _with_constants(constants)
    for registry in REGISTRIES:
        for name in registry:
            found[f"without “{name}”"] = _without_feature(registry, name)
    return found


def _with_constants(constants: Sequence[tuple[Any, str, float]]) -> Callable[[ExitStack], None]:
    def switch(stack: ExitStack) -> None:
        for module, name, value in constants:
            _patch(stack, module, name, value)

    return switch


def _without_feature(registry: dict[str, Any], name: str) -> Callable[[ExitStack], None]:
    def switch(stack: ExitStack) -> None:
        stack.enter_context(patch.dict(registry, {name: lambda *_: 1.0}))

    return switch


def _patch(stack: ExitStack, module: Any, name: str, value: float) -> None:
    if not hasattr(module, name):
        raise BenchmarkError(f"{module.__name__} has no {name} any more: name here what took its place")
    stack.enter_context(patch.object(module, name, value))


@dataclass(frozen=True, slots=True)
class _Question:
    row: dict[str, Any]
    request: SearchRequest
    is_code: bool


def ablate(
    checkout: Path,
    rows: Sequence[tuple[str, dict[str, Any]]],
    env: Mapping[str, str],
    links: Mapping[str, str],
) -> Variants:
    """Score every variant over the questions about one repository.

    Args:
        checkout: Indexed; no daemon may have its stores open.
        rows: Of the hand-written and code sets; others are passed over.
        env: Names the data folder.
        links: Symbolic links to their targets.

    Returns:
        Scores by variant and by set.
    """
    questions = [_question(name, row) for name, row in rows if name in {"hand", "code"}]
    scores: Variants = {}
    with opened_stores(checkout, env) as recall:
        for variant, switch in variants().items():
            by_set: defaultdict[str, list[Score]] = defaultdict(list)
            with ExitStack() as stack:
                switch(stack)
                for question in questions:
                    name = "code" if question.is_code else "hand"
                    by_set[name].append(_score(question, recall, links))
            scores[variant] = dict(by_set)
    return scores


def _question(name: str, row: dict[str, Any]) -> _Question:
    if name == "code":
        paths = (row["root"],) if row["root"] else ()
        return _Question(row, SearchRequest(row["query"], 10, BUDGET, (Kind.CODE,), paths), True)
    return _Question(row, SearchRequest(row["query"], 20, BUDGET), False)


def _score(question: _Question, recall: Recall, links: Mapping[str, str]) -> Score:
    answer = search(question.request, recall)
    if answer.mode != "hybrid":
        raise BenchmarkError(f"an answer was {answer.mode}: {answer.notes}")
    results = [result_item(each).model_dump(mode="json") for each in answer.results]
    told = {"confident": answer.confident, "results": results}
    if question.is_code:
        return score_code(question.row, Reply(units_of(told), 0.0))
    return score_hand(question.row, told, links, 0.0)


@contextmanager
def opened_stores(checkout: Path, env: Mapping[str, str]) -> Iterator[Recall]:
    """The checkout's stores, opened here, with a memory in front of each."""
    folders = locations(env)
    repository = open_repository(checkout)
    config = load_config(repository.root, folders.config_dir, {}).config
    encoder = make_encoder(config, folders)
    folder = repository_folder(folders.data_dir, repository)
    store = RepositoryStore(folder, encoder, vector_settings(config), ModelChoice())
    try:
        store.start()
        encoder.warm()
        number = store.catalog.checkout(repository.root)
        deadline = time.monotonic() + READY_LIMIT_S
        while True:
            recall = Recall(number, store.catalog, store.vectors, encoder, store.stand_ins)
            if store.vectors is not None and all(encoder.ready_for(kind) for kind in Kind):
                break
            if time.monotonic() > deadline:
                raise BenchmarkError(f"{checkout.name}: not ready in {READY_LIMIT_S:.0f} s; is it indexed?")
            time.sleep(0.2)
        yield replace(
            recall,
            catalog=cast("Any", _Remembering(recall.catalog)),
            vectors=cast("Any", _Remembering(recall.vectors)),
            encoder=cast("Any", _Remembering(recall.encoder)),
        )
    finally:
        store.close()
        encoder.close()


def table(found: Sequence[Variants]) -> str:
    """Lay out what each part is worth: what the sets lose without it.

    Args:
        found: Of every repository.
    """
    sets = [name for name in ("hand", "code") if any(name in each[WHOLE] for each in found)]
    head = ["variant"]
    for name in sets:
        head += [f"{name}: nDCG@10", "difference [95 %]"]
    rows = [[variant, *_cells(found, variant, sets)] for variant in found[0]]
    return markdown_table(head, rows)


def _cells(found: Sequence[Variants], variant: str, sets: Sequence[str]) -> list[str]:
    cells = []
    for name in sets:
        whole, now = _ndcg(found, WHOLE, name), _ndcg(found, variant, name)
        differences = [after - before for before, after in zip(whole, now, strict=True)]
        cells.append(f"{sum(now) / len(now):.3f}")
        if variant == WHOLE:
            cells.append("–")
        elif any(differences):
            low, high = bootstrap_interval(differences)
            cells.append(f"{sum(differences) / len(differences):+.3f} [{low:+.3f}, {high:+.3f}]")
        else:
            cells.append("none")
    return cells


def _ndcg(found: Sequence[Variants], variant: str, name: str) -> list[float]:
    """Of questions about what stands in files: commits and absent ones have measures of their own."""
    return [
        score.values["ndcg@10"]
        for each in found
        for score in each[variant].get(name, ())
        if score.group not in {"history", "absent"}
    ]

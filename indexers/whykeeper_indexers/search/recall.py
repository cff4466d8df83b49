"""What is asked, and where the answer is looked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from whykeeper_indexers.catalog import Catalog
from whykeeper_indexers.encoder.by_kind import KindEncoder
from whykeeper_indexers.search.open_paths import OpenFile
from whykeeper_indexers.types import Kind
from whykeeper_indexers.vectors import StandIn, VectorStore

__all__ = ["GROUPS", "Recall", "SearchRequest", "depth"]

DEPTH = 30
"""Candidates a kind and retriever: deeper ones were never in an answer's first ten."""
CODE_DEPTH = 50
"""The same for code, whose names bring up what words and meaning place lower: nDCG@10 of code search is
0.005 higher than with 30."""

GROUPS = dict.fromkeys(Kind, "prose") | {Kind.CODE: "code", Kind.COMMIT: "history"}
"""Kinds whose scores compare: one model encodes them, one full-text table holds them. Each group is
ranked by itself, and its ranks are what is fused."""


def depth(group: str) -> int:
    """Candidates that a retriever gives of a kind in this group."""
    return CODE_DEPTH if group == GROUPS[Kind.CODE] else DEPTH


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """What is asked, and how much may come back.

    Attributes:
        query: The question.
        limit: Most results.
        budget: Most tokens of what is shown, notes aside.
        kinds: Only these; all when empty.
        paths: Only below these folders, files or globs; everywhere when empty.
        near: What the caller has open: what is near it is preferred.
    """

    query: str
    limit: int = 10
    budget: int = 1_500
    kinds: tuple[Kind, ...] = ()
    paths: tuple[str, ...] = ()
    near: tuple[OpenFile, ...] = ()


@dataclass(frozen=True, slots=True)
class Recall:
    """Where to look: one checkout's view of its repository's stores.

    Attributes:
        checkout: Whose files count as there.
        catalog: Words, and everything known of a chunk.
        vectors: Meanings; None while the store is opening.
        encoder: Encodes the question, counts tokens.
        stand_ins: Answer for passages whose vectors are still awaited.
    """

    checkout: int
    catalog: Catalog
    vectors: VectorStore | None
    encoder: KindEncoder
    stand_ins: Sequence[StandIn] = ()

    def bridged(self, kinds: Sequence[Kind], *, ready: bool = True) -> dict[StandIn, dict[Kind, int]]:
        """What stands in for passages of these kinds and can, or cannot yet, be asked; and for how many."""
        counts = {
            each: {kind: count for kind, count in each.vectors.counts().items() if kind in kinds}
            for each in self.stand_ins
            if each.ready is ready
        }
        return {each: found for each, found in counts.items() if found}

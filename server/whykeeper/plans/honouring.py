"""What binds a plan's work: the decisions and conventions that memory has for its files and its goal."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from whykeeper.code_span import code_span
from whykeeper.context import ContextRequest, context_of
from whykeeper_indexers.errors import WhykeeperError
from whykeeper_indexers.printable import one_line

if TYPE_CHECKING:
    from whykeeper.answers import GoverningItem
    from whykeeper.memory import Memory

__all__ = ["honoured"]

_log = logging.getLogger(__name__)

MOST_DECISIONS: Final = 8
"""A plan that honours everything says nothing of any."""
MOST_CONVENTIONS: Final = 4
_BUDGET: Final = 3_000
"""Tokens of passages that are looked through; none of their text is taken."""
_WILD: Final = re.compile(r"[*?\[{].*$")
_OVER: Final = frozenset({"superseded", "deprecated", "rejected", "declined", "withdrawn"})


def honoured(memory: Memory, paths: Sequence[str], goal: str) -> tuple[list[str], list[str]]:
    """Look up what binds some files and a goal.

    Args:
        memory: Of the checkout.
        paths: Files, folders and globs.
        goal: In words.

    Returns:
        Entries for the plan, and notes on what could not be looked up.
    """
    places = list(dict.fromkeys(_place(path) for path in paths))
    request = ContextRequest([place for place in places if place], one_line(goal), _BUDGET)
    if not request.paths and not request.task:
        return [], []
    try:
        found = context_of(request, memory.recall(), memory.repository.root)
    except WhykeeperError as error:
        _log.warning("nothing was looked up for a plan: %s", error)
        return [], [f"decisions and conventions could not be looked up: {error.message}"]
    records = memory.store.catalog.decisions(memory.indexer.checkout)
    decisions = list(dict.fromkeys(_decisions([*found.governing, *found.related])))
    known = [path for path in decisions if path in records][:MOST_DECISIONS]
    listed = [f"{code_span(path)}: {one_line(records[path].title)}" for path in known]
    return [*listed, *map(code_span, found.conventions[:MOST_CONVENTIONS])], []


def _decisions(items: Sequence[GoverningItem]) -> Iterator[str]:
    for each in items:
        if each.kind == "decision" and each.path and (each.status or "").lower() not in _OVER:
            yield each.path


def _place(path: str) -> str:
    """The folder or file that a glob is about."""
    literal = _WILD.sub("", path)
    return literal.rstrip("/") if literal == path else literal.rpartition("/")[0]

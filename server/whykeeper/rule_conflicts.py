"""Conventions that disagree with one another or with decisions, worked out once for each state of them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from weakref import WeakKeyDictionary

from whykeeper_indexers.catalog import Catalog
from whykeeper_indexers.conventions import (
    Conflict,
    Rule,
    bound_by_links,
    choices_of,
    disagreements,
    forbidden_by_rules,
    named_out_of_force,
    overridden,
    refusals_of,
    refused_by_decisions,
    rules_of,
)
from whykeeper_indexers.types import ConventionRecord, Kind, Scope, ScopeMode

__all__ = ["checkout_conventions", "conflicts_of", "file_rules"]

PROSE = (Kind.DECISION, Kind.CONVENTION, Kind.DOCUMENT, Kind.PLAN)
MOST_FILES = 300
"""Convention files compared; where there are more, most are copies for tests."""
_FILES_KEPT = 256

_State = tuple[tuple[str, str], ...]
_known: WeakKeyDictionary[Catalog, dict[int, tuple[_State, tuple[Conflict, ...]]]] = WeakKeyDictionary()
_lock = threading.Lock()
_parsed = lru_cache(maxsize=_FILES_KEPT)(rules_of)


def checkout_conventions(catalog: Catalog, checkout: int) -> Mapping[str, ConventionRecord]:
    """Give the convention files of a checkout by path, bound where links to them lie, or overridden."""
    read = partial(catalog.source_text, checkout, kinds=PROSE)
    return overridden(
        bound_by_links(catalog.conventions(checkout), catalog.folded_links(checkout), read), read
    )


def file_rules(catalog: Catalog, checkout: int, path: str) -> tuple[Rule, ...]:
    """Give the rules of a convention file, or of a document that one imports; none of anything else."""
    text = catalog.source_text(checkout, path, PROSE)
    return _parsed(text, path) if text else ()


def conflicts_of(
    catalog: Catalog, checkout: int, conventions: Mapping[str, ConventionRecord]
) -> tuple[Conflict, ...]:
    """Find what conventions of a checkout cannot both be followed.

    Args:
        catalog: The repository's.
        checkout: Whose.
        conventions: Its convention files (``checkout_conventions``).
    """
    with catalog.snapshot():
        state = tuple(catalog.digests(checkout, (Kind.CONVENTION, Kind.DECISION)).items())
        with _lock:
            known = _known.setdefault(catalog, {}).get(checkout)
        if known is not None and known[0] == state:
            return known[1]
        found = _find(catalog, checkout, conventions)
    with _lock:
        _known.setdefault(catalog, {})[checkout] = (state, found)
    return found


def _find(
    catalog: Catalog, checkout: int, conventions: Mapping[str, ConventionRecord]
) -> tuple[Conflict, ...]:
    paths = list(conventions)[:MOST_FILES]
    everywhere = [rule for path in paths for rule in file_rules(catalog, checkout, path)]
    unasked = [rule for rule in everywhere if _binds_unasked(conventions[rule.path])]
    decisions = catalog.decisions(checkout)
    contents = catalog.decision_contents(checkout) if decisions and unasked else {}
    refusals = refusals_of(decisions, contents) if contents else ()
    choices = choices_of(decisions, contents, {each.name for each in refusals}) if contents else ()
    found = (
        *disagreements(unasked, _scopes(conventions)),
        *named_out_of_force(everywhere, decisions),
        *refused_by_decisions(unasked, refusals, _scopes(conventions), _lines(catalog, checkout)),
        *forbidden_by_rules(unasked, choices, _scopes(conventions), _lines(catalog, checkout)),
    )
    return tuple({each.said: each for each in found}.values())


def _binds_unasked(record: ConventionRecord) -> bool:
    return record.scope.mode in {ScopeMode.ALWAYS, ScopeMode.PATHS}


def _scopes(conventions: Mapping[str, ConventionRecord]) -> Callable[[str], Scope]:
    return lambda path: conventions[path].scope


def _lines(catalog: Catalog, checkout: int) -> Callable[[str, str], int]:
    def line_of(path: str, words: str) -> int:
        wanted = words.lower()
        lines = catalog.source_text(checkout, path, PROSE).split("\n")
        return next((number for number, line in enumerate(lines, 1) if wanted in line.lower()), 1)

    return line_of

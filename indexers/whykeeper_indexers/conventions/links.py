"""Convention files that lie in one place and are linked to from others: they bind where the links lie.

``AGENTS.md`` is often a link to ``.agents/AGENTS.md`` or ``docs/agents.md``, and agents follow it.
"""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from whykeeper_indexers.conventions.form import ConventionFile, Fields
from whykeeper_indexers.conventions.parse import with_aliases
from whykeeper_indexers.conventions.registry import FORMS, convention_for
from whykeeper_indexers.conventions.scope import is_within
from whykeeper_indexers.types import ConventionRecord, Scope, ScopeMode

__all__ = ["bound_by_links"]

_UNASKED = frozenset({ScopeMode.ALWAYS, ScopeMode.PATHS})


def bound_by_links(
    records: Mapping[str, ConventionRecord], links: Mapping[str, str], read: Callable[[str], str]
) -> Mapping[str, ConventionRecord]:
    """Have convention files bind where links to them lie, too.

    Args:
        records: Convention files by path.
        links: Symbolic links within the checkout, each with the path it leads to.
        read: Gives the text of a document; empty for anything else.

    Returns:
        The records, with other documents that tools read by a link's name.
    """
    named: defaultdict[str, list[str]] = defaultdict(list)
    for link, target in sorted(links.items()):
        if convention_for(link) is not None:
            named[posixpath.normpath(target)].append(link)
    if not named:
        return records
    found = dict(records)
    for target, names in named.items():
        linked = [(tool, name) for name in names if (tool := convention_for(name))]
        # What a convention file imports is known; of another document it is read here.
        body = "" if target in records else read(target)
        if target not in records and not body:
            continue
        readings = [FORMS[tool].read(ConventionFile(name, Fields(), body)) for tool, name in linked]
        scopes = [each.scope for each in readings]
        if target in records:
            found[target] = replace(records[target], scope=_united([records[target].scope, *scopes]))
        else:
            found[target] = ConventionRecord(linked[0][0], _united(scopes), readings[0].imports)
    return with_aliases(found, {name: target for target, names in named.items() for name in names})


def _united(scopes: Sequence[Scope]) -> Scope:
    """One scope that binds what any of these binds without being asked for."""
    unasked = [each for each in scopes if each.mode in _UNASKED]
    if len(set(scopes)) == 1 or not unasked:
        return scopes[0]
    folders = {each.folder for each in unasked if each.mode is ScopeMode.ALWAYS}
    outermost = sorted(each for each in folders if not any(_below(each, other) for other in folders))
    globs = [
        glob
        for each in unasked
        if each.mode is ScopeMode.PATHS and not any(is_within(top, f"{each.folder}/") for top in outermost)
        for glob in each.globs
    ]
    if len(outermost) == 1 and not globs:
        return Scope(outermost[0])
    return Scope("", (*(f"{folder}/**" for folder in outermost), *globs), ScopeMode.PATHS)


def _below(folder: str, other: str) -> bool:
    return folder != other and is_within(other, folder)

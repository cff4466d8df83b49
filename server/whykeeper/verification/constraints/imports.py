"""What files may import: each import is held against the rule by the files that it means, and by its name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from whykeeper.verification.constraints.schema import STANDARD_LIBRARY, ImportsRule
from whykeeper.verification.constraints.violation import Violation, Where
from whykeeper_indexers.code.imports import Import
from whykeeper_indexers.conventions.globs import matches
from whykeeper_indexers.imports import Resolved

__all__ = ["globs", "violations"]

_SLASHED = frozenset({"typescript", "tsx", "javascript"})
"""Their names have slashes where others have dots, and dots that separate nothing."""
_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)+/")
_SEPARATORS = re.compile(r"::|[.\\:]")


def globs(rule: ImportsRule) -> Sequence[str]:
    """Give those of the files that import; what is forbidden is there in the best case never."""
    return rule.from_ or tuple(glob for layer in rule.layers or () for glob in layer)


def violations(rule: ImportsRule, where: Where) -> Iterator[Violation]:
    """Give the imports that break a rule."""
    importing = globs(rule)
    paths = [path for path in where.paths if path in where.side.paths and matches(importing, path)]
    facts = where.side.all_facts(paths)
    for path in paths:
        language = facts[path].language
        for imported in facts[path].imports if path in facts else ():
            resolved = where.side.imports.resolve(path, imported, language)
            broken = _broken(rule, path, imported, resolved, language)
            if broken:
                yield _violation(rule, path, imported, resolved, broken)


def _violation(
    rule: ImportsRule, path: str, imported: Import, resolved: Resolved, broken: Sequence[str | None]
) -> Violation:
    target = resolved.module or imported.target
    of = f" ({broken[0]})" if broken[0] else ""
    why = ", which is not among what it may import" if rule.only is not None else ""
    why = ", from a layer above its own" if rule.layers is not None else why
    # Of several modules that one statement takes from a package, each may be new.
    parts = ", ".join(filter(None, broken)) if imported.names else ""
    subject = f"{target}: {parts}" if parts else target
    return Violation(path, imported.line, f"imports {imported.target}{of}{why}", subject)


def _broken(
    rule: ImportsRule, path: str, imported: Import, resolved: Resolved, language: str | None
) -> list[str | None]:
    """Give the files with which an import breaks a rule, None for something from outside; empty for none."""
    if rule.layers is not None:
        return _upwards(rule.layers, path, resolved)
    names = _names(imported, resolved, language)
    units: Sequence[str | None] = resolved.files or (None,)
    if rule.forbid is None:
        allowed = (*(rule.only or ()), *(rule.from_ or ()))
        return [file for file in units if not _takes_in(allowed, file, names, resolved)]
    if matches(rule.forbid, path):
        # What is forbidden to others is free among itself.
        return []
    return [
        file
        for file in units
        if _takes_in(rule.forbid, file, names, resolved) and not _takes_in(rule.allow, file, names, resolved)
    ]


def _upwards(layers: Sequence[Sequence[str]], path: str, resolved: Resolved) -> list[str | None]:
    own = _layer(layers, path)
    if own is None:
        return []
    others = ((file, _layer(layers, file)) for file in resolved.files)
    return [file for file, other in others if other is not None and other < own]


def _layer(layers: Sequence[Sequence[str]], path: str) -> int | None:
    return next((at for at, each in enumerate(layers) if matches(each, path)), None)


def _names(imported: Import, resolved: Resolved, language: str | None) -> tuple[str, ...]:
    """What an import may be called in a rule: the module, and what is taken of it."""
    module = resolved.module or imported.target
    if language in _SLASHED:
        return (module,)
    named = (f"{module}.{name}" for name in imported.names if name != "*")
    return tuple(dict.fromkeys((module, *map(_as_path, (module, *named)))))


def _takes_in(entries: Sequence[str], file: str | None, names: Sequence[str], resolved: Resolved) -> bool:
    """Whether the last entry that speaks of an import takes it in."""
    found = False
    for entry in entries:
        plain = entry.removeprefix("!")
        if plain == STANDARD_LIBRARY:
            speaks = resolved.standard
        else:
            speaks = (file is not None and matches((plain,), file)) or any(
                matches((pattern,), name) for pattern in (plain, _as_path(plain)) for name in names
            )
        if speaks:
            found = not entry.startswith("!")
    return found


def _as_path(name: str) -> str:
    """A name with slashes between its parts, as paths are matched; a path stays what it is."""
    return (
        name
        if name.startswith("@") or ("/" in name and _HOST.match(name) is None)
        else _SEPARATORS.sub("/", name)
    )

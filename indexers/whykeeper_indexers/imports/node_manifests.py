"""What ``tsconfig.json`` and ``package.json`` say of where modules lie."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from whykeeper_indexers.imports.types import joined

__all__ = ["Aliases", "aliases_of", "entries_of", "parsed"]

_STRING = r'("(?:[^"\\\n]|\\.)*(?:"|$))'
_NOISE = re.compile(_STRING + r"|//[^\n]*|/\*(?:[^*]|\*(?!/))*(?:\*/)?", re.MULTILINE)
_LAST_COMMA = re.compile(_STRING + r"|,(?=\s*[}\]])", re.MULTILINE)
"""Whatever is opened is closed by the end at the latest, so that no text is searched more than once."""
_MOST_NESTED = 200


@dataclass(frozen=True, slots=True)
class Aliases:
    """What a compiler's configuration calls files.

    Attributes:
        base: The folder that bare names are looked up in; None for none.
        paths: Names, with one ``*`` at most, and the places that they stand for.
    """

    base: str | None = None
    paths: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return self.base is not None or bool(self.paths)

    def places(self, target: str) -> Iterator[str]:
        """Where a name may lie, the likeliest first."""
        for pattern in sorted(self.paths, key=len, reverse=True):
            filled = _wild(pattern, target)
            if filled is not None:
                yield from (place.replace("*", filled) for place in self.paths[pattern])
        if self.base is not None:
            yield joined(self.base, target) or ""


def parsed(text: str) -> Mapping[str, object]:
    """Read JSON that may have comments and a comma too many; empty for what is no object."""
    plain = _NOISE.sub(lambda found: found[1] or " ", text)
    try:
        read = json.loads(_LAST_COMMA.sub(lambda found: found[1] or "", plain))
    except (ValueError, RecursionError):
        return {}
    return read if isinstance(read, dict) else {}


def aliases_of(settings: Mapping[str, object], folder: str) -> Aliases:
    """Read the aliases of a configuration.

    Args:
        settings: What the file says.
        folder: Where it lies.
    """
    options = settings.get("compilerOptions")
    if not isinstance(options, dict):
        return Aliases()
    written = options.get("baseUrl")
    base = joined(folder, written) if isinstance(written, str) else None
    paths = options.get("paths")
    found = {}
    for name, places in paths.items() if isinstance(paths, dict) else ():
        listed = [each for each in places if isinstance(each, str)] if isinstance(places, list) else []
        found[name] = tuple(filter(None, (joined(folder if base is None else base, each) for each in listed)))
    return Aliases(base, found)


def entries_of(table: object, name: str, folder: str) -> Iterator[str]:
    """Where ``exports`` or ``imports`` of a package says that a name lies, of every condition, in order."""
    if isinstance(table, dict) and any(str(key).startswith((".", "#")) for key in table):
        for pattern, value in sorted(table.items(), key=lambda each: -len(each[0])):
            filled = _wild(pattern, name)
            if filled is not None:
                yield from (place.replace("*", filled) for place in _strings(value, folder))
    elif name == ".":
        yield from _strings(table, folder)


def _strings(value: object, folder: str) -> Iterator[str]:
    todo, seen = [value], 0
    while todo and seen < _MOST_NESTED:
        seen += 1
        each = todo.pop(0)
        if isinstance(each, str):
            yield joined(folder, each) or ""
        elif isinstance(each, dict):
            todo += each.values()
        elif isinstance(each, list):
            todo += each


def _wild(pattern: str, name: str) -> str | None:
    """What stands for the ``*`` of a pattern; None where it does not fit."""
    head, star, tail = pattern.partition("*")
    if not star:
        return "" if name == pattern else None
    fits = name.startswith(head) and name.endswith(tail) and len(name) >= len(head) + len(tail)
    return name[len(head) : len(name) - len(tail)] if fits else None

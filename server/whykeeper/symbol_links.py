"""Which file's symbol a document means by a name: by its spelling and by what stands before it.

A name that fits several files means none: that a document is about another file is worse said than not.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence
from functools import cache

from whykeeper_indexers.catalog import Catalog
from whykeeper_indexers.path_roles import is_sample, is_test

__all__ = ["SHORTEST", "SymbolNames"]

SHORTEST = 5
"""Characters of a symbol by which a document is taken to name a file: shorter ones are words."""
_PARTS = re.compile(r"\.|::|#|->")


class SymbolNames:
    """Looks up whose names are meant, in one checkout.

    Args:
        catalog: Of the repository.
        checkout: Its number there.
    """

    def __init__(self, catalog: Catalog, checkout: int) -> None:
        self._catalog = catalog
        self._checkout = checkout
        self._defining = cache(self._look_up)

    def files(self, target: str, document: str) -> list[str]:
        """The file whose symbol a document means; several for a name that cannot be told apart.

        Args:
            target: As written, with or without what qualifies it.
            document: Where it stands.
        """
        return list(dict.fromkeys(path for path, _ in self._meant(target, document)))

    def is_meant(self, target: str, document: str, path: str, symbol: str) -> bool:
        """Whether a document means this symbol of a file, and no other file's."""
        found = self._meant(target, document)
        return (path, symbol) in found and all(other == path for other, _ in found)

    def like_named(self, target: str) -> list[str]:
        """The files that define a name, whatever stands before it there."""
        return list(dict.fromkeys(path for path, _ in self._defining(_parts(target)[-1])))

    def _meant(self, target: str, document: str) -> list[tuple[str, str]]:
        *above, name = _parts(target)
        there = [
            (path, symbol) for path, symbol in self._defining(name) if not _is_foreign_test(path, document)
        ]
        closely = [(path, symbol) for path, symbol in there if _fits(target, symbol, path)]
        if closely or not self._may_be_loose(above, name):
            return closely
        members = bool(above) and _is_type(above[-1])
        return [pair for pair in there if not members or len(_parts(pair[1])) > 1]

    def _may_be_loose(self, above: Sequence[str], name: str) -> bool:
        """Whether a name may mean a definition whose class or module it does not say."""
        if not above:
            return _is_coined(name)
        if _is_type(above[-1]):
            # Of a class of the repository: inherited. Of one that it lacks (``Promise.all``): foreign.
            return bool(self._defining(above[-1]))
        return len(above) == 1 and _is_coined(name)

    def _look_up(self, name: str) -> list[tuple[str, str]]:
        return self._catalog.definers(self._checkout, name)


def _fits(target: str, symbol: str, path: str) -> bool:
    """Whether a name as written says a symbol with its class, or with its module, or is all of it.

    Args:
        target: As written; case counts.
        symbol: Qualified, as the file defines it.
        path: The file.
    """
    *above, name = _parts(target)
    *owners, own = _parts(symbol) or [""]
    if name != own:
        return False
    if not above or above[-1] in owners[-1:]:
        return bool(above) or not owners
    return not owners and above[-1] in _modules(path)


def _is_coined(name: str) -> bool:
    """Tell a name that was made up from a word of the language."""
    plain = name.strip("_$")
    return "_" in plain or (not plain.isupper() and any(letter.isupper() for letter in plain[1:]))


def _parts(name: str) -> list[str]:
    return [part for part in _PARTS.split(name) if part]


def _is_type(name: str) -> bool:
    return name.lstrip("_$")[:1].isupper()


def _modules(path: str) -> set[str]:
    """By which names code of a file is qualified: its own, and those of the folders it is in."""
    folder, file = posixpath.split(path)
    stem = file.partition(".")[0]
    return {part.replace("-", "_") for part in (*folder.split("/"), stem)}


def _is_foreign_test(path: str, document: str) -> bool:
    """Whether a file is a test or an example, and the document does not stand beside it."""
    if not _is_tried(path):
        return False
    shared = posixpath.commonpath([posixpath.dirname(path) or ".", posixpath.dirname(document) or "."])
    return not _is_tried(f"{shared}/")


def _is_tried(path: str) -> bool:
    return is_test(path) or is_sample(path)

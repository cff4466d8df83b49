"""What is to be explained: a path, a symbol, or lines, as people and agents name them."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from whykeeper.paths import relative_to_root, shortened
from whykeeper.reading import Source
from whykeeper_indexers.catalog import Catalog
from whykeeper_indexers.code import Definition, definitions, symbols_of
from whykeeper_indexers.errors import NotFoundError, QueryError, RepositoryError
from whykeeper_indexers.scan import Repository
from whykeeper_indexers.types import Kind, LineRange, SourceText

__all__ = ["Target", "TargetReader", "defining_paths"]

MOST_NAMED = 8
"""Of the definitions that an ambiguous name has."""
LONGEST = 4_096
SEARCHED = 50
"""Passages of code looked at for the definition of a name."""

_LINES = re.compile(r"(?::|#L)(\d{1,7})(?::\d+)?(?:[-–](?:L)?(\d{1,7}))?$")
_SYMBOL = re.compile(r"[\w$~?!<>=+*/%&|^.:#-]+")


@dataclass(frozen=True, slots=True)
class Target:
    """What is to be explained.

    Attributes:
        path: Relative to the root; empty for the root itself.
        lines: Of the file as it is now; None for all of it.
        symbol: Qualified name, where one was asked for or holds the lines.
        by_symbol: It was the symbol that was asked for.
        folder: It is a folder.
        there: It is in the working tree.
    """

    path: str
    lines: LineRange | None = None
    symbol: str | None = None
    by_symbol: bool = False
    folder: bool = False
    there: bool = True


class TargetReader:
    """Reads what is to be explained, in one checkout.

    Args:
        repository: The checkout.
        source: Its files.
        catalog: Of its repository.
        checkout: Its number there.
    """

    def __init__(self, repository: Repository, source: Source, catalog: Catalog, checkout: int) -> None:
        self._root = repository.root
        self._source = source
        self._catalog = catalog
        self._checkout = checkout

    def read(self, asked: str) -> Target:
        """Read a target.

        Raises:
            QueryError: It is empty, or a name with several definitions; the message lists them.
            NotFoundError: There is no such path, symbol or line.
            RepositoryError: It is a path outside the checkout.
        """
        wanted = asked.strip()
        hint = "give a path, path:12-30, path::symbol or a symbol"
        if not wanted:
            raise QueryError("nothing to explain was named", hint)
        if len(wanted) > LONGEST:
            said = f"{shortened(wanted, 80)} is no path or symbol: it has {len(wanted):,} characters"
            raise QueryError(said, hint)
        if self._exists(wanted):
            return self._path(wanted)
        path, _, symbol = wanted.partition("::")
        if symbol and self._exists(path):
            return self._symbol_in(self._path(path), symbol)
        lines = _LINES.search(wanted)
        if lines is not None and self._exists(wanted[: lines.start()]):
            return self._lines(self._path(wanted[: lines.start()]), lines)
        if (stored := self._catalog.chunk_by_id(self._checkout, wanted)) is not None and stored.chunk.path:
            return self._holding(Target(stored.chunk.path, stored.chunk.lines))
        return self._symbol(wanted, wanted[: lines.start()] if lines else wanted)

    def _exists(self, path: str) -> bool:
        try:
            return bool(path) and os.path.lexists(self._root / relative_to_root(path, self._root))
        except (RepositoryError, ValueError):
            return False

    def _path(self, given: str) -> Target:
        path = relative_to_root(given, self._root)
        if path.split("/", 1)[0] == ".git":
            raise NotFoundError(f"{path} is git's own: no commit holds it", "ask for a file of the project")
        place = self._root / path
        return Target(path, folder=place.is_dir() and not place.is_symlink())

    def _lines(self, file: Target, found: re.Match[str]) -> Target:
        first, last = int(found[1]), int(found[2] or found[1])
        text = self._text(file.path)
        total = None if text is None else text.count("\n") + bool(text and not text.endswith("\n"))
        if file.folder or not 1 <= first <= last or (total is not None and first > total):
            counted = f"{total:,} line{'' if total == 1 else 's'}" if total else "no lines"
            said = f"{file.path} has {counted}"
            raise NotFoundError(
                f"{said}, and not {found[0].lstrip(':#L')}", f"ask for {file.path}, or lines of it"
            )
        return self._holding(replace(file, lines=LineRange(first, min(last, total or last))))

    def _holding(self, target: Target) -> Target:
        """Name the innermost symbol that holds the lines."""
        assert target.lines is not None
        around = [
            each
            for each in self._definitions(target.path)
            if each.lines.start <= target.lines.start and target.lines.end <= each.lines.end
        ]
        inmost = min(around, key=lambda each: each.lines.end - each.lines.start, default=None)
        return replace(target, symbol=inmost.symbol) if inmost else target

    def _symbol_in(self, file: Target, name: str) -> Target:
        found = _named(self._definitions(file.path), name)
        if not found:
            raise NotFoundError(
                f"{file.path} defines no {shortened(name, 80)}",
                f"ask for {file.path}, or search_memory for the name",
            )
        if len({each.symbol for each in found}) > 1:
            raise _ambiguous(name, [(file.path, each) for each in found])
        return self._defined(file.path, found)

    def _symbol(self, asked: str, name: str) -> Target:
        if not _SYMBOL.fullmatch(name):
            return self._gone(asked, name)
        found = [
            (path, each)
            for path in defining_paths(self._catalog, self._checkout, name)
            for each in _named(self._definitions(path), name)
        ]
        exact = [pair for pair in found if _same_case(pair[1].symbol, name)] or found
        if not exact:
            return self._gone(asked, name)
        if len({(path, each.symbol) for path, each in exact}) > 1:
            raise _ambiguous(name, exact)
        return self._defined(exact[0][0], [each for _, each in exact])

    def _defined(self, path: str, found: Sequence[Definition]) -> Target:
        """A symbol with several definitions in one file (overloads) is all of them, or the first alone."""
        start = min(each.lines.start for each in found)
        end = max(each.lines.end for each in found)
        spread = sum(each.lines.end - each.lines.start + 1 for each in found)
        lines = LineRange(start, end) if end - start < 2 * spread else found[0].lines
        return Target(path, lines, found[0].symbol, by_symbol=True)

    def _gone(self, asked: str, name: str) -> Target:
        """A path that is not there any more may have a history; what never was a path has none."""
        if "/" in name or re.search(r"\.\w{1,8}$", name):
            return Target(relative_to_root(name, self._root), there=False)
        below = f"{name}/"
        if any(each.startswith(below) for each in self._catalog.paths_of_history(self._checkout)):
            return Target(name, there=False)
        raise NotFoundError(
            f"there is no path, symbol or id {shortened(asked, 120)!r}",
            "search_memory finds what documents and commits say of it; path::symbol names one exactly",
        )

    def _definitions(self, path: str) -> Sequence[Definition]:
        source = self._source.read(path)
        return definitions(source) if isinstance(source, SourceText) else ()

    def _text(self, path: str) -> str | None:
        return self._source.text(path)


def defining_paths(catalog: Catalog, checkout: int, name: str) -> list[str]:
    """Find the files that define a name, qualified or not.

    Args:
        catalog: Of the repository.
        checkout: Its number there.
        name: Case does not count.
    """
    # Small neighbours share a passage, which the catalog knows by the last of their names alone.
    rows = catalog.symbols(checkout, name.replace("::", "."))
    hits = catalog.search_words(checkout, name, kinds=(Kind.CODE,), limit=SEARCHED)
    stored = catalog.chunks(checkout, list(dict.fromkeys([*rows, *(hit.rowid for hit in hits)])))
    wanted = _parts(name.lower())
    paths = [
        each.chunk.path
        for each in stored
        if each.chunk.path
        and any(_parts(symbol.lower())[-len(wanted) :] == wanted for symbol in symbols_of(each.chunk))
    ]
    return list(dict.fromkeys(paths))


def _named(found: Sequence[Definition], name: str) -> list[Definition]:
    wanted = _parts(name.lower())
    return [each for each in found if _parts(each.symbol.lower())[-len(wanted) :] == wanted] if wanted else []


def _same_case(symbol: str, name: str) -> bool:
    wanted = _parts(name)
    return _parts(symbol)[-len(wanted) :] == wanted


def _parts(symbol: str) -> list[str]:
    return [part for part in re.split(r"[.:#]+", symbol) if part]


def _ambiguous(name: str, found: Sequence[tuple[str, Definition]]) -> QueryError:
    places = list(dict.fromkeys(f"{path}::{each.symbol}" for path, each in found))
    more = f" and {len(places) - MOST_NAMED} more" if len(places) > MOST_NAMED else ""
    return QueryError(
        f"{shortened(name, 80)} is defined in {len(places)} places: {', '.join(places[:MOST_NAMED])}{more}",
        "name one of them",
    )

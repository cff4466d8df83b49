"""Paths as a person types them, made into paths a repository knows."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from whykeeper_indexers.errors import QueryError

__all__ = ["repository_paths"]


def repository_paths(paths: Iterable[str], checkout: Path, cwd: Path) -> list[str]:
    """Make paths relative to the checkout's root, with forward slashes.

    A path is read from the working directory, or from the root where that is no part of the checkout.
    Links in the folders above are followed, so that it does not matter how a person came to the
    working directory; the last component is kept, because it may be the link in question. A path
    that a link leads out of the checkout keeps its name, and one outside stays absolute: the daemon says
    what is wrong with it.

    Raises:
        QueryError: A path is empty: most often a variable of a script that holds nothing.
    """
    paths = tuple(paths)
    if not all(path.strip() for path in paths):
        raise QueryError("a path is empty", "name a file or folder; . is the whole repository")
    return [_repository_path(path, checkout, cwd) for path in paths]


def _repository_path(path: str, checkout: Path, cwd: Path) -> str:
    root = _real(checkout)
    start = cwd if _real(cwd).is_relative_to(root) else root
    plain = Path(os.path.normpath(start / Path(path).expanduser()))
    named = _real(plain.parent) / plain.name if plain.name else plain
    if _real(named) == root:
        return "."
    if not named.is_relative_to(root):
        named = next((each for each in _as_typed(path, root, start) if each.is_relative_to(root)), named)
    return named.relative_to(root).as_posix() if named.is_relative_to(root) else str(named)


def _as_typed(path: str, root: Path, start: Path) -> Iterator[Path]:
    """The path with links left as they are, but for those by which a person came to the checkout."""
    plain = Path(os.path.normpath(start / Path(path).expanduser()))
    yield Path(os.path.normpath(start.resolve() / Path(path).expanduser()))
    for above in plain.parents:
        if above.resolve() == root:
            yield root / plain.relative_to(above)


def _real(path: Path) -> Path:
    """Follow links; unlike `Path.resolve`, no further than they lead anywhere."""
    return Path(os.path.realpath(path))

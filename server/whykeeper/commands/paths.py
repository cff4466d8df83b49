"""Paths as a person types them, made into paths a repository knows."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

__all__ = ["repository_paths"]


def repository_paths(paths: Iterable[str], checkout: Path, cwd: Path) -> list[str]:
    """Make paths relative to the checkout's root, with forward slashes.

    A path is read from the working directory, or from the root where that is no part of the checkout.
    Links in the folders above are followed, so that it does not matter how a person came to the
    working directory; the last component is kept, because it may be the link in question. A path
    outside the checkout stays absolute: the daemon says what is wrong with it.
    """
    return [_repository_path(path, checkout, cwd) for path in paths]


def _repository_path(path: str, checkout: Path, cwd: Path) -> str:
    root = checkout.resolve()
    start = cwd if cwd.resolve().is_relative_to(root) else root
    plain = Path(os.path.normpath(start / Path(path).expanduser()))
    named = plain.parent.resolve() / plain.name if plain.name else plain
    if named.resolve() == root:
        return "."
    return named.relative_to(root).as_posix() if named.is_relative_to(root) else str(named)

"""Dependencies in ``composer.json``, ``Gemfile`` and the projects of .NET."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from whykeeper_indexers.dependencies.node import KEY
from whykeeper_indexers.dependencies.types import Dependency, ManifestError, placed

__all__ = ["composer", "dotnet", "gemfile"]

_GEM = re.compile(r"^\s*gem[\s(]+[\"']([\w.-]{1,100})[\"']")
_PACKAGE = re.compile(r"<Package(?:Reference|Version)\s[^>\n]{0,200}?Include\s*=\s*\"([\w.-]{1,120})\"")


def composer(text: str) -> Iterator[Dependency]:
    """Read a ``composer.json``; the platform itself (``php``, ``ext-…``) is none."""
    try:
        manifest = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ManifestError(f"this is no JSON: {error}") from error
    tables = (
        [manifest.get(field) for field in ("require", "require-dev")] if isinstance(manifest, dict) else []
    )
    names = [name for table in tables if isinstance(table, dict) for name in table if "/" in name]
    yield from placed(names, text, KEY)


def gemfile(text: str) -> Iterator[Dependency]:
    """Read a ``Gemfile``."""
    return _by_line(_GEM, text)


def dotnet(text: str) -> Iterator[Dependency]:
    """Read a project of .NET, or ``Directory.Packages.props``."""
    return _by_line(_PACKAGE, text)


def _by_line(pattern: re.Pattern[str], text: str) -> Iterator[Dependency]:
    for number, line in enumerate(text.split("\n"), 1):
        if found := pattern.search(line[:1_000]):
            yield Dependency(number, found[1])

"""Dependencies in ``Cargo.toml``, of every target and of a workspace."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Any

from whykeeper_indexers.dependencies.types import Dependency, ManifestError, placed

__all__ = ["cargo"]

_WRITTEN = re.compile(r"[\w-]+")
_TABLES = ("dependencies", "dev-dependencies", "build-dependencies")


def cargo(text: str) -> Iterator[Dependency]:
    """Read a ``Cargo.toml``; a crate under another name counts by its own."""
    try:
        manifest = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ManifestError(f"this is no TOML: {error}") from error
    targets = manifest.get("target")
    parents = [manifest, manifest.get("workspace"), *(targets.values() if isinstance(targets, dict) else ())]
    names = [
        _crate(name, value)
        for parent in parents
        if isinstance(parent, dict)
        for table in _TABLES
        for name, value in (parent[table].items() if isinstance(parent.get(table), dict) else ())
    ]
    yield from placed(names, text, _WRITTEN)


def _crate(name: str, value: Any) -> str:
    renamed = value.get("package") if isinstance(value, dict) else None
    return renamed if isinstance(renamed, str) else name

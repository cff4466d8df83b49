"""Dependencies in ``package.json``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from whykeeper_indexers.dependencies.types import Dependency, ManifestError, placed

__all__ = ["KEY", "package_json"]

KEY = re.compile(r'"([^"\\]{1,214})"\s*:')
"""A name in JSON, as a field has it."""
_FIELDS = ("dependencies", "devDependencies", "peerDependencies", "optionalDependencies")


def package_json(text: str) -> Iterator[Dependency]:
    """Read a ``package.json``."""
    try:
        manifest = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ManifestError(f"this is no JSON: {error}") from error
    tables = [manifest.get(field) for field in _FIELDS] if isinstance(manifest, dict) else []
    names = [name for table in tables if isinstance(table, dict) for name in table]
    yield from placed(names, text, KEY)

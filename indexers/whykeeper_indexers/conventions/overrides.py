"""``AGENTS.override.md``: where one has something to say, the ``AGENTS.md`` beside it says nothing.

So Codex reads them. The file beside it then binds only whoever asks for it or imports it.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping
from dataclasses import replace

from whykeeper_indexers.types import ConventionRecord, ScopeMode

__all__ = ["overridden"]

_OVERRIDE = "AGENTS.override.md"
_REPLACED = ("AGENTS.md", "AGENT.md")


def overridden(
    records: Mapping[str, ConventionRecord], read: Callable[[str], str]
) -> dict[str, ConventionRecord]:
    """Let no file bind by itself that an override of the same folder replaces.

    Args:
        records: Convention files by path.
        read: Gives the text of one; an empty override replaces nothing.
    """
    folders = [
        posixpath.dirname(path)
        for path in records
        if posixpath.basename(path) == _OVERRIDE and read(path).strip()
    ]
    replaced = {posixpath.join(folder, name) for folder in folders for name in _REPLACED}
    return {
        path: replace(record, scope=replace(record.scope, mode=ScopeMode.ON_REQUEST))
        if path in replaced
        else record
        for path, record in records.items()
    }

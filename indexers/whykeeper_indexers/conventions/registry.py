"""The one list of convention forms, in the order in which they bind when equally near."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from whykeeper_indexers.conventions import (
    agents_md,
    claude,
    cline,
    contributing,
    copilot,
    cursor,
    gemini,
    junie,
    kiro,
    roo,
    whykeeper,
    windsurf,
)
from whykeeper_indexers.conventions.form import ConventionForm

__all__ = ["FORMS", "convention_for"]

FORMS: Mapping[str, ConventionForm] = MappingProxyType(
    {
        form.TOOL: form
        for form in (
            agents_md,
            whykeeper,
            claude,
            cursor,
            copilot,
            windsurf,
            kiro,
            cline,
            roo,
            gemini,
            junie,
            contributing,
        )
    }
)


@lru_cache(maxsize=65_536)
def convention_for(path: str) -> str | None:
    """Name the tool whose convention file a path is, by the path alone.

    Args:
        path: Relative to the root.

    Returns:
        The tool's name, a key of ``FORMS``; None for any other file.
    """
    return next((tool for tool, form in FORMS.items() if form.recognises(path)), None)

"""The registry of forms, the most particular first: the first one that recognises a file reads it."""

from __future__ import annotations

from collections.abc import Mapping

from whykeeper_indexers.decisions.forms import (
    adr_tools,
    cosmos,
    log4brains,
    madr_2,
    madr_3,
    madr_4,
    nygard,
    nygard_rst,
    rfc,
)
from whykeeper_indexers.decisions.forms.base import Form

__all__ = ["FORMS"]

FORMS: Mapping[str, Form] = {
    "log4brains": log4brains,
    "rfc": rfc,
    "madr-4": madr_4,
    "madr-3": madr_3,
    "madr-2": madr_2,
    "adr-tools": adr_tools,
    "cosmos": cosmos,
    "nygard-rst": nygard_rst,
    "nygard": nygard,
}

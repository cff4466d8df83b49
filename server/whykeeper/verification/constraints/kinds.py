"""Every kind of constraint: one module each, and one line here."""

from __future__ import annotations

from collections.abc import Mapping

from whykeeper.verification.constraints import (
    dependencies,
    imports,
    names,
    patterns,
    places,
    text,
    together,
)
from whykeeper.verification.constraints.violation import Kind

__all__ = ["KINDS"]

KINDS: Mapping[str, Kind] = {
    "imports": imports,
    "dependencies": dependencies,
    "patterns": patterns,
    "text": text,
    "together": together,
    "names": names,
    "places": places,
}
"""By the field that names the kind."""

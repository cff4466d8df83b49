"""The protocol's own conformance suite."""

from __future__ import annotations

from benchmarks.clients.outcome import Outcome, skipped
from benchmarks.clients.subject import Subject

__all__ = ["drive"]

PACKAGE = "@modelcontextprotocol/conformance 0.2.0-alpha.12"


def drive(_subject: Subject) -> list[Outcome]:
    """Leave it out, and say why."""
    why = "it tests servers over HTTP alone, and whykeeper serves no HTTP yet"
    return [skipped(PACKAGE, "both", "server scenarios", why)]

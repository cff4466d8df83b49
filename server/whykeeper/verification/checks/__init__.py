"""Every check, in the order in which they are run: one module each, and one line here."""

from __future__ import annotations

from collections.abc import Mapping

from whykeeper.verification.checks import (
    boundaries,
    constraints,
    decisions,
    documents,
    duplicates,
    plan,
    secrets,
    tests,
    undone,
)
from whykeeper.verification.subject import Check

__all__ = ["CHECKS"]

CHECKS: Mapping[str, Check] = {
    plan.NAME: plan.check,
    constraints.NAME: constraints.check,
    "duplicates": duplicates.check,
    "boundaries": boundaries.check,
    "undone": undone.check,
    decisions.NAME: decisions.check,
    documents.NAME: documents.check,
    "tests": tests.check,
    "secrets": secrets.check,
}
"""By the name that findings, settings and waivers have for it."""

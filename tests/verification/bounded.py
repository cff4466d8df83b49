"""What a test of boundaries asks: all that is found, or the one thing."""

from __future__ import annotations

from collections.abc import Mapping

from tests.verification.conftest import Verified

from whykeeper.verification.answer import FindingItem
from whykeeper.verification.findings import Severity

__all__ = ["Texts", "found_in", "only"]

Texts = Mapping[str, str | None]


def found_in(verified: Verified, before: Mapping[str, str], after: Texts) -> list[FindingItem]:
    answer = verified(before, after, "boundaries")
    assert answer.notes == []
    return answer.findings


def only(findings: list[FindingItem], rule: str, severity: Severity) -> FindingItem:
    assert [(each.rule, each.severity) for each in findings] == [(f"boundaries/{rule}", severity)]
    return findings[0]

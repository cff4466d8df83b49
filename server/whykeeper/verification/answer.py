"""What a verification answers, as it goes over the wire; see ``answers``."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, WithJsonSchema
from pydantic.json_schema import SkipJsonSchema

from whykeeper.verification.findings import Finding, Severity

__all__ = ["EvidenceItem", "FindingItem", "VerifyAnswer", "finding_item"]

_Severity = Annotated[Severity, WithJsonSchema({"type": "string"})]


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class EvidenceItem(_Answer):
    """What a finding rests on."""

    path: str
    lines: tuple[int, int] | None = None
    text: str = ""


_Evidence = Annotated[list[EvidenceItem], WithJsonSchema({"type": "array", "items": {"type": "object"}})]
"""Told of in few words: every session pays for the schema, and what evidence holds can be seen."""


class FindingItem(_Answer):
    """One finding.

    Attributes:
        id: Names it in waivers.
        rule: ``check/rule``.
        waived: The waiver's reason, where somebody waived it.
    """

    check: SkipJsonSchema[str]
    rule: SkipJsonSchema[str]
    id: str
    severity: _Severity
    path: str
    line: int | None = None
    end_line: SkipJsonSchema[int | None] = None
    message: str
    evidence: _Evidence = []
    hint: str = ""
    waived: SkipJsonSchema[str | None] = None


class VerifyAnswer(_Answer):
    """Findings, the heaviest first.

    Attributes:
        what: What was compared.
        files: How many files differ.
        counts: Findings by severity, waived ones apart.
        checks: Checks that were run.
        waived: Findings that waivers leave out.
        times: Milliseconds that each check took.
    """

    findings: list[FindingItem]
    what: str
    files: SkipJsonSchema[int] = 0
    counts: SkipJsonSchema[dict[str, int]] = {}
    checks: SkipJsonSchema[list[str]] = []
    waived: SkipJsonSchema[list[FindingItem]] = []
    notes: list[str] = []
    times: SkipJsonSchema[dict[str, float]] = {}
    took_ms: SkipJsonSchema[float] = 0.0


def finding_item(finding: Finding, waived: str | None = None) -> FindingItem:
    """Give a finding as it goes over the wire."""
    return FindingItem(
        check=finding.check,
        rule=finding.rule,
        id=finding.id,
        severity=finding.severity,
        path=finding.path,
        line=finding.line,
        end_line=finding.end_line,
        message=finding.message,
        evidence=[
            EvidenceItem(path=each.path, lines=each.lines, text=each.text) for each in finding.evidence
        ],
        hint=finding.hint,
        waived=waived,
    )

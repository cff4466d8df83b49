"""Findings for a person at a terminal, the heaviest first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from whykeeper.rendering import Output
from whykeeper.verification.answer import EvidenceItem, FindingItem, VerifyAnswer
from whykeeper.verification.findings import Severity
from whykeeper.verification.reports.report import MOST_EVIDENCE, grouped, shortened, summary, where

__all__ = ["write"]

_STYLE: Final[Mapping[Severity, str]] = {
    Severity.ERROR: "bold red",
    Severity.WARNING: "yellow",
    Severity.NOTE: "cyan",
}


def write(answer: VerifyAnswer, output: Output) -> None:
    """Write findings under what they weigh, each with its evidence and what to do."""
    for severity, items in grouped(answer.findings).items():
        for item in items:
            _finding(item, severity, output)
    if answer.waived:
        output.line(f"waived ({len(answer.waived):,}):", "dim")
        for item in answer.waived:
            output.line(f"   {where(item)}  {item.message}  ({item.waived})", "dim")
        output.line()
    if answer.counts.get(Severity.ERROR):
        output.line(summary(answer), "bold red")
    else:
        output.line(summary(answer), "bold" if answer.findings else "green")
    output.notes(answer.notes)


def _finding(item: FindingItem, severity: Severity, output: Output) -> None:
    output.line(f"{severity}  {where(item)}", _STYLE[severity])
    output.line(f"   {item.message}")
    for each in shortened(item).evidence:
        output.line(f"   see {_evidence(each)}", "dim")
    if (more := len(item.evidence) - MOST_EVIDENCE) > 0:
        output.line(f"   {more} more of these with --json", "dim")
    if item.hint:
        output.line(f"   -> {item.hint}")
    output.line(f"   {item.rule}, id {item.id}", "dim")
    output.line()


def _evidence(item: EvidenceItem) -> str:
    at = where(item)
    return f"{at}: {item.text}" if item.text else at

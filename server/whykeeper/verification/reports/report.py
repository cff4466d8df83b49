"""What the modules of this package describe: one way of showing findings."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Protocol

from whykeeper.rendering import Output, counted
from whykeeper.verification.answer import EvidenceItem, FindingItem, VerifyAnswer
from whykeeper.verification.findings import Severity

__all__ = ["MOST_EVIDENCE", "Report", "grouped", "shortened", "summary", "where"]

MOST_EVIDENCE: Final = 3
"""Of a finding, where it is read and not looked up."""
_MOST_TEXT: Final = 200
"""Characters of what evidence says: it is read where it stands."""


class Report(Protocol):
    """Shows findings in one form. What it shows of a repository is untrusted, and escaped for that form."""

    def __call__(self, answer: VerifyAnswer, output: Output) -> None:
        """Write the whole report."""


def summary(answer: VerifyAnswer) -> str:
    """Say in one sentence what was compared and what was found."""
    found = ", ".join(counted(answer.counts[each], each) for each in Severity if answer.counts.get(each))
    waived = f", {len(answer.waived):,} waived" if answer.waived else ""
    files = counted(answer.files, "file")
    checks = counted(len(answer.checks), "check")
    return f"{answer.what}: {files} changed, {checks} run: {found or 'nothing found'}{waived}."


def where(item: FindingItem | EvidenceItem) -> str:
    """Say where a finding is, or what it rests on."""
    if isinstance(item, EvidenceItem):
        first, last = item.lines or (None, None)
    else:
        first, last = item.line, item.end_line
    if first is None:
        return item.path
    return f"{item.path}:{first}-{last}" if last and last != first else f"{item.path}:{first}"


def shortened(item: FindingItem) -> FindingItem:
    """Give a finding with as much evidence as is worth reading beside it."""
    evidence = [
        each.model_copy(update={"text": f"{each.text[:_MOST_TEXT]} […]"})
        if len(each.text) > _MOST_TEXT
        else each
        for each in item.evidence[:MOST_EVIDENCE]
    ]
    return item.model_copy(update={"evidence": evidence})


def grouped(items: Iterable[FindingItem]) -> dict[Severity, list[FindingItem]]:
    """Put findings under what they weigh, the heaviest first."""
    found = list(items)
    by_severity = {severity: [each for each in found if each.severity == severity] for severity in Severity}
    return {severity: those for severity, those in by_severity.items() if those}

"""Findings as an agent reads them, and how many of them a budget holds."""

from __future__ import annotations

from collections import Counter

from whykeeper.rendering import counted
from whykeeper.verification.answer import FindingItem, VerifyAnswer
from whykeeper.verification.findings import Severity
from whykeeper.verification.reports.report import shortened, summary, where
from whykeeper_indexers.printable import one_line, printable
from whykeeper_indexers.search.budget import TokenCounter

__all__ = ["fitted", "verification_markdown"]


def verification_markdown(answer: VerifyAnswer) -> str:
    """Render findings, the heaviest first, under a line on what was compared."""
    lines = [one_line(summary(answer)), *(f"Note: {one_line(note)}" for note in answer.notes)]
    for number, item in enumerate(answer.findings, start=1):
        lines += ["", *_lines(item, number)]
    return "\n".join(lines)


def fitted(answer: VerifyAnswer, budget: int, counter: TokenCounter) -> VerifyAnswer:
    """Keep the heaviest findings that fit a budget as they are shown, and say in a note what was left out.

    Args:
        answer: Its findings have the heaviest first; the first is always kept.
        budget: Tokens for the findings.
        counter: Counts them.
    """
    kept: list[FindingItem] = []
    left = budget
    for number, item in enumerate(answer.findings, start=1):
        short = _printable(shortened(item))
        left -= counter.count_tokens("\n".join(_lines(short, number)))
        if left < 0 and kept:
            break
        kept.append(short)
    rest = answer.findings[len(kept) :]
    notes = [
        *map(printable, answer.notes),
        *([f"{counted(len(answer.waived), 'finding')} waived in the repository"] if answer.waived else []),
        *([_left_out(rest)] if rest else []),
    ]
    said = {"findings": kept, "waived": [], "notes": notes, "what": printable(answer.what)}
    return answer.model_copy(update=said)


def _printable(item: FindingItem) -> FindingItem:
    """Give a finding that can be sent: half a character of a file's name could not be."""
    evidence = [
        each.model_copy(update={"path": printable(each.path), "text": printable(each.text)})
        for each in item.evidence
    ]
    said = {name: printable(getattr(item, name)) for name in ("path", "message", "hint")}
    return item.model_copy(update={**said, "evidence": evidence})


def _left_out(rest: list[FindingItem]) -> str:
    weights = Counter(each.severity for each in rest)
    named = ", ".join(counted(weights[each], each) for each in Severity if weights[each])
    return f"left out for the budget: {named}; mend these and call again, or give a larger budget_tokens"


def _lines(item: FindingItem, number: int) -> list[str]:
    lines = [f"{number}. {item.severity} {where(item)}: {item.message} [{item.rule}, id {item.id}]"]
    for each in item.evidence:
        text = f": {each.text}" if each.text else ""
        lines.append(f"   see {where(each)}{text}")
    if item.hint:
        lines.append(f"   to do: {item.hint}")
    return list(map(one_line, lines))

"""Findings as Markdown: a comment on a pull request, and what an agent reads.

What comes from the repository can bring neither markup, mentions, links nor references of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from whykeeper.rendering import Output
from whykeeper.verification.answer import EvidenceItem, FindingItem, VerifyAnswer
from whykeeper.verification.findings import Severity
from whykeeper.verification.reports.report import grouped, shortened, summary, where
from whykeeper_indexers.printable import one_line
from whykeeper_indexers.search.framing import fence

__all__ = ["MOST_CHARACTERS", "escaped", "verify_markdown", "write"]

MOST_CHARACTERS: Final = 65_000
"""Of a report: a comment on GitHub has 65,536 at most, and whoever posts it puts a marker above."""

_MARKUP: Final = re.compile(r"[\\`*_\[\]|<>~$&@#^]")
"""What means something inside of a line: none of these texts begins one."""
_LINKED: Final = re.compile(r"(?i)\b(https?|ftp|www|GH)(?=[:.-])")
"""What GitHub makes a link of without brackets."""
_APART: Final = "&#8203;"
"""A space of no width: a backslash keeps neither a mention nor a reference from being one."""
_SPECIAL: Final = {"@": f"@{_APART}", "#": f"#{_APART}", "<": "&lt;", ">": "&gt;", "&": "&amp;"}
_HEADINGS: Final[Mapping[Severity, str]] = {
    Severity.ERROR: "Errors",
    Severity.WARNING: "Warnings",
    Severity.NOTE: "Notes",
}
_SHARE_OF_NOTES: Final = 4
_ROOM_FOR_REST: Final = 100
"""For the line that counts what is left out."""


def write(answer: VerifyAnswer, output: Output) -> None:
    """Write a report that fits a comment."""
    output.raw(verify_markdown(answer))


def verify_markdown(answer: VerifyAnswer, limit: int = MOST_CHARACTERS) -> str:
    """Render findings, the heaviest first; what does not fit is counted at the end.

    Args:
        answer: What was found.
        limit: Most characters.
    """
    head = f"**whykeeper**: {escaped(summary(answer))}"
    notes = _fitting([[f"> note: {escaped(note)}  "] for note in answer.notes], limit // _SHARE_OF_NOTES)
    if unsaid := len(answer.notes) - len(notes):
        notes.append([f"> and {unsaid:,} more notes"])
    blocks = list(_blocks(answer))
    left = limit - len(head) - sum(len(line) + 1 for block in notes for line in block) - _ROOM_FOR_REST
    shown = _fitting(blocks, left)
    lines = [head, *(line for block in shown for line in block)]
    if rest := len(blocks) - len(shown):
        lines += ["", f"*{rest:,} more left out: see the whole report.*"]
    return "\n".join([*lines, *([""] if notes else []), *(line for block in notes for line in block)])


def _fitting(blocks: Sequence[list[str]], room: int) -> list[list[str]]:
    """The first blocks of lines that fit."""
    kept = []
    for block in blocks:
        room -= sum(len(line) + 1 for line in block)
        if room < 0:
            break
        kept.append(block)
    return kept


def _blocks(answer: VerifyAnswer) -> Iterator[list[str]]:
    for severity, items in grouped(answer.findings).items():
        heading = ["", f"### {_HEADINGS[severity]} ({len(items):,})", ""]
        for item in items:
            yield [*heading, *_finding_lines(item)]
            heading = []
    heading = ["", f"### Waived ({len(answer.waived):,})", ""]
    for item in answer.waived:
        yield [*heading, f"- {_code(where(item))}: {escaped(item.message)} ({escaped(item.waived or '')})"]
        heading = []


def _finding_lines(item: FindingItem) -> list[str]:
    """Render one finding as a list item."""
    lines = [f"- {_code(where(item))} {escaped(item.message)}"]
    lines += [f"  - see {_evidence(each)}" for each in shortened(item).evidence]
    if item.hint:
        lines.append(f"  - to do: {escaped(item.hint)}")
    lines.append(f"  - {_code(item.rule)}, id {_code(item.id)}")
    return lines


def escaped(text: str) -> str:
    """Make a text stand for itself inside a line of Markdown."""
    plain = _MARKUP.sub(lambda found: _SPECIAL.get(found[0], f"\\{found[0]}"), one_line(text).strip())
    return _LINKED.sub(lambda found: f"{found[0]}{_APART}", plain)


def _code(text: str) -> str:
    shown = one_line(text)
    if "`" not in shown:
        return f"`{shown}`"
    around = fence(shown)
    return f"{around} {shown} {around}"


def _evidence(item: EvidenceItem) -> str:
    return _code(where(item)) + (f": {escaped(item.text)}" if item.text else "")

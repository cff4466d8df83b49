"""Answers as compact Markdown: what a model reads.

Each passage is fenced and labelled with its source, so that text from the repository can be told
from the tool's own words.
"""

from __future__ import annotations

from itertools import groupby

from whykeeper.answers import (
    ContextAnswer,
    ItemAnswer,
    ResultItem,
    SearchAnswerModel,
    StatusAnswer,
)
from whykeeper.status_lines import status_lines
from whykeeper_indexers.printable import one_line
from whykeeper_indexers.search.framing import (
    CUT,
    binding_line,
    fence,
    headline,
    place,
    rule_line,
    rules_heading,
    standing,
    under_line,
)

__all__ = ["context_markdown", "item_markdown", "search_markdown", "status_markdown"]

_NOTHING_YET = "Nothing is found yet: the repository is being indexed for the first time. Ask again soon."


def search_markdown(answer: SearchAnswerModel) -> str:
    """Render an answer to a question."""
    lines = []
    if not answer.results:
        lines.append("Nothing is recorded about this." if answer.complete else _NOTHING_YET)
    elif not answer.confident:
        lines.append("Nothing recorded is likely to answer this. The nearest passages:")
    lines += [f"Note: {one_line(note)}" for note in answer.notes]
    for number, item in enumerate(answer.results, start=1):
        lines += ["", f"{number}. {_headline(item)}", *_passage(item.text, item.truncated)]
    return "\n".join(lines).strip()


def context_markdown(answer: ContextAnswer) -> str:
    """Render what governs some paths."""
    lines = [f"Note: {one_line(note)}" for note in answer.notes]
    if not (answer.governing or answer.rules):
        nothing = "No recorded decision, convention or design note governs this."
        lines.append(nothing if answer.complete else _NOTHING_YET)
    if answer.conflicts:
        lines += ["", "Conflicts, which nobody has settled:", *(f"- {said}" for said in answer.conflicts)]
    if answer.enforced:
        lines += ["", f"Enforced by linters, so not repeated: {'; '.join(answer.enforced)}"]
    lines += _rules(answer)
    # What has no text and is not cut is told by its rules.
    bare = [each for each in answer.governing if each.text or each.truncated]
    for number, item in enumerate(bare, start=1):
        lines += [
            "",
            f"{number}. {_headline(item)}",
            binding_line(item.because),
            *_passage(item.text, item.truncated),
        ]
    if answer.related:
        lines += ["", "Related:"]
        for related in answer.related:
            lines += ["", f"- {_headline(related)}", *_passage(related.text, related.truncated)]
    return "\n".join(lines).strip()


def _rules(answer: ContextAnswer) -> list[str]:
    """The rules, file by file, each file's in a fence of its own."""
    governing = {each.path: each for each in answer.governing}
    lines: list[str] = []
    for path, group in groupby(answer.rules, lambda rule: rule.path):
        rules = list(group)
        said: list[str] = []
        under: str | None = None
        for rule in rules:
            if rule.under != under and rule.under:
                said.append(under_line(rule.under))
            under = rule.under
            said.append(rule_line(rule.line, rule.text, rule.also))
        around = fence("\n".join(said))
        file = governing.get(path)
        because, fresh = (file.because, file.freshness) if file else (None, None)
        lines += ["", rules_heading(path, because, rules[0].paths, fresh), around, *said, around]
    return lines


def item_markdown(answer: ItemAnswer) -> str:
    """Render one item whole."""
    head = place(answer.path, answer.lines, answer.commit)
    status = f" · status: {answer.status}" if answer.status else ""
    details = [f"{key.replace('_', ' ')}: {_listed(value)}" for key, value in answer.details.items() if value]
    notes = [f"Note: {one_line(note)}" for note in answer.notes]
    return "\n".join(
        [
            one_line(f"{answer.title} ({answer.kind}{status}) {head}"),
            *map(one_line, details),
            *notes,
            *_passage(answer.text, answer.truncated),
        ]
    )


def status_markdown(answer: StatusAnswer) -> str:
    """Render the state of the memory."""
    lines = [f"{name}: {said}" for name, said in status_lines(answer.model_dump())]
    lines += [f"Note: {one_line(note)}" for note in answer.notes]
    return "\n".join(lines)


def _headline(item: ResultItem) -> str:
    where = place(item.path, item.lines, item.commit)
    said = standing(item.status, item.superseded_by, item.amended_by, item.freshness)
    return headline(where, item.kind, item.title, item.id, said)


def _listed(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _passage(text: str, truncated: bool) -> list[str]:
    if not text:
        return []
    around = fence(text)
    return [around, text, *([CUT] if truncated else []), around]

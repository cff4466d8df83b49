"""Findings as GitHub's workflow commands, which annotate the lines of a pull request.

Source: https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from whykeeper.rendering import Output
from whykeeper.verification.answer import FindingItem, VerifyAnswer
from whykeeper.verification.findings import Severity
from whykeeper.verification.reports.report import summary
from whykeeper_indexers.printable import one_line

__all__ = ["write"]

_COMMANDS: Final[Mapping[Severity, str]] = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.NOTE: "notice",
}


def write(answer: VerifyAnswer, output: Output) -> None:
    """Write a command for each finding and each note, then what was compared."""
    for item in answer.findings:
        output.raw(_command(item))
    for note in answer.notes:
        output.raw(f"::notice title=whykeeper::{_data(note)}")
    # In front of the text stands a word of ours, so that no name in it is taken for a command.
    output.raw(f"whykeeper: {one_line(summary(answer))}")


def _command(item: FindingItem) -> str:
    lines = {"line": item.line, "endLine": item.end_line or item.line} if item.line else {}
    properties = {"file": item.path, **lines, "title": f"whykeeper: {item.rule}"}
    said = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    hint = f"\n{item.hint}" if item.hint else ""
    return f"::{_COMMANDS[item.severity]} {said}::{_data(item.message + hint)}"


def _data(text: str) -> str:
    # A line end of ours stays one; what else a text holds is made visible before it is escaped.
    visible = "\n".join(map(one_line, text.split("\n")))
    return visible.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(one_line(text)).replace(":", "%3A").replace(",", "%2C")

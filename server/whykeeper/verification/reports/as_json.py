"""Findings for programs: one object on one line."""

from __future__ import annotations

from whykeeper.rendering import Output
from whykeeper.verification.answer import VerifyAnswer

__all__ = ["write"]


def write(answer: VerifyAnswer, output: Output) -> None:
    """Write the whole answer."""
    output.json(answer.model_dump(mode="json"))

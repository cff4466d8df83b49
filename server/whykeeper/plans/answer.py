"""What a saved plan answers, as it goes over the wire; every session pays for these schemas."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict
from pydantic.json_schema import SkipJsonSchema

__all__ = ["PlanAnswer", "ResumeAnswer"]


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PlanAnswer(_Answer):
    """A plan that was saved.

    Attributes:
        plan: Its file.
        done: Steps that are done.
        steps: All of its steps, dropped ones aside.
        left: What is left, in order.
        honours: What binds it, where that has just been looked up.
        notes: What the caller should know.
    """

    plan: str
    done: SkipJsonSchema[int] = 0
    steps: SkipJsonSchema[int] = 0
    left: SkipJsonSchema[list[str]] = []
    honours: SkipJsonSchema[list[str]] = []
    notes: list[str] = []


class ResumeAnswer(_Answer):
    """Where the work stands, in words that fit the budget.

    Attributes:
        plan: The plan's file; None where none is followed, or several are.
        text: All of it.
    """

    plan: SkipJsonSchema[str | None] = None
    text: str

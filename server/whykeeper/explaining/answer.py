"""What an explanation is, as it goes over the wire."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema
from pydantic.json_schema import SkipJsonSchema

__all__ = ["ExplainAnswer", "Reason", "ReasonKind"]

ReasonKind = Literal["decision", "convention", "document", "plan", "comment", "commit"]
_Lines = Annotated[tuple[int, int], WithJsonSchema({"type": "array"})]


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Reason(_Answer):
    """Something recorded that tells why code is as it is, with its evidence.

    Attributes:
        id: By which ``read_memory`` gives the whole.
        because: How it is connected with what was asked about.
        superseded_by: The records that took a decision's place.
        amended_by: The records that changed it, or a part of it.
        date: Of a commit or decision, ISO 8601.
        issues: Issues and pull requests that a commit names.
        explains: Whether it says why, and not only that something was done.
        truncated: The text was cut to fit the budget.
    """

    id: str
    kind: Annotated[ReasonKind, WithJsonSchema({"type": "string"})]
    path: SkipJsonSchema[str | None] = None
    lines: SkipJsonSchema[_Lines | None] = None
    commit: SkipJsonSchema[str | None] = None
    title: str
    status: SkipJsonSchema[str | None] = None
    superseded_by: SkipJsonSchema[list[str] | None] = None
    amended_by: SkipJsonSchema[list[str] | None] = None
    date: SkipJsonSchema[str | None] = None
    author: SkipJsonSchema[str | None] = None
    issues: SkipJsonSchema[list[str]] = []
    because: str
    explains: SkipJsonSchema[bool] = True
    text: str
    truncated: SkipJsonSchema[bool] = False


class ExplainAnswer(_Answer):
    """Why code is as it is.

    Attributes:
        path: Of the file or folder; relative to the root.
        lines: Asked about; None for a whole file.
        symbol: That is asked about, or that holds the lines.
        confident: Something recorded says why.
        summary: What was looked at, and who made it so.
        last_commit: Who that was: of lines, the newest commit that changed more than their form or place.
        reasons: What gives a reason first, commits newest first.
        complete: As of an answer to a question.
    """

    path: SkipJsonSchema[str]
    lines: SkipJsonSchema[_Lines | None] = None
    symbol: SkipJsonSchema[str | None] = None
    confident: bool
    summary: str
    last_commit: SkipJsonSchema[str | None] = None
    reasons: list[Reason]
    complete: SkipJsonSchema[bool] = True
    took_ms: SkipJsonSchema[float]
    notes: Annotated[list[str], Field()] = []

"""What whykeeper answers, as it goes over the wire.

One set of models for the tools and for the command line's ``--json``, so that both promise the
same. Lines are 1-based and inclusive; paths are relative to the checkout's root. Every session
pays for the tools' schemas, so these say only what a reader could not tell from a field's name.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema
from pydantic.json_schema import SkipJsonSchema

__all__ = [
    "ContextAnswer",
    "GoverningItem",
    "ItemAnswer",
    "KindName",
    "ResultItem",
    "RuleItem",
    "SearchAnswerModel",
    "StatusAnswer",
]

KindName = Literal["decision", "convention", "document", "code", "commit", "plan"]
_Kind = Annotated[KindName, WithJsonSchema({"type": "string"})]
_Lines = Annotated[tuple[int, int], WithJsonSchema({"type": "array", "items": {"type": "integer"}})]


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ResultItem(_Answer):
    """One remembered passage, with its evidence.

    Attributes:
        superseded_by: The records that took a decision's place, where it has any.
        amended_by: The records that changed a decision, or a part of it.
        score: Relative to the best result, which is 1.
        truncated: The text was cut to fit the budget; ``read_memory`` gives the whole.
        signals: What moved its rank, where that was asked for.
    """

    id: str = Field(description="For read_memory.")
    kind: _Kind
    path: str | None = None
    lines: _Lines | None = None
    commit: str | None = None
    title: str
    status: str | None = Field(default=None, description="Of a decision.")
    superseded_by: SkipJsonSchema[list[str] | None] = None
    amended_by: SkipJsonSchema[list[str] | None] = None
    freshness: SkipJsonSchema[str | None] = None
    score: float
    text: str
    truncated: bool = False
    signals: SkipJsonSchema[dict[str, float] | None] = None


class SearchAnswerModel(_Answer):
    """Passages that answer a question, best first.

    Attributes:
        complete: False while the first index is under way, which a note says in words.
    """

    query: SkipJsonSchema[str]
    confident: bool
    complete: SkipJsonSchema[bool] = True
    mode: Literal["hybrid", "lexical"] = Field(description="lexical: by words alone, the model is loading.")
    took_ms: SkipJsonSchema[float]
    results: list[ResultItem]
    notes: list[str] = []


class GoverningItem(ResultItem):
    """A passage about a path or task, with why it binds; nothing is said of what is only related."""

    because: str | None = Field(default=None, description="Why it governs.")


class RuleItem(_Answer):
    """One rule of a convention file.

    Attributes:
        under: The headings it stands under.
        also: Where else the same is said.
        paths: Which of the paths asked about it binds, where that is not all.
    """

    text: str
    path: str
    line: int
    under: SkipJsonSchema[str | None] = None
    also: SkipJsonSchema[list[str] | None] = None
    paths: SkipJsonSchema[list[str] | None] = None


class ContextAnswer(_Answer):
    """What governs some paths or a task, most binding first.

    Attributes:
        rules: Of the convention files that apply, each once, by precedence; what linters enforce is left out.
        enforced: Linters and formatters that read the paths, each with its configuration's place.
        conflicts: What cannot both be followed, with both places.
        governing: Passages, most binding first.
        conventions: The convention files that apply, most specific first.
        related: For the task: what else is recorded.
        complete: As of an answer to a question.
    """

    paths: SkipJsonSchema[list[str]]
    task: SkipJsonSchema[str | None] = None
    rules: list[RuleItem] = []
    enforced: list[str] = Field(default=[], description="By linters.")
    conflicts: list[str] = []
    governing: list[GoverningItem]
    conventions: list[str] = Field(description="Files, most specific first.")
    related: list[GoverningItem] = Field(default=[], description="To the task.")
    complete: SkipJsonSchema[bool] = True
    took_ms: SkipJsonSchema[float]
    notes: list[str] = []


class ItemAnswer(_Answer):
    """One remembered item, whole."""

    id: str
    kind: _Kind
    path: str | None = None
    lines: _Lines | None = None
    commit: str | None = None
    title: str
    status: str | None = None
    text: str
    truncated: bool = False
    details: dict[str, Any] = {}
    notes: list[str] = []


class StatusAnswer(_Answer):
    """Is the index fresh, and what is wrong."""

    checkout: str
    index: dict[str, Any]
    watch: dict[str, Any]
    model: dict[str, Any]
    stores: dict[str, Any]
    notes: list[str] = []

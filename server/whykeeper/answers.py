"""What whykeeper answers, as it goes over the wire.

One set of models for the tools and for the command line's ``--json``, so that both promise the
same. Lines are 1-based and inclusive; paths are relative to the checkout's root.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["ContextAnswer", "GoverningItem", "ItemAnswer", "ResultItem", "SearchAnswerModel", "StatusAnswer"]

KindName = Literal["decision", "convention", "document", "code", "commit", "plan"]


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ResultItem(_Answer):
    """One remembered passage, with its evidence."""

    id: str = Field(description="Pass to read_memory for the whole item.")
    kind: KindName
    path: str | None = None
    lines: tuple[int, int] | None = None
    commit: str | None = None
    title: str
    status: str | None = Field(default=None, description="Of a decision: accepted, superseded …")
    freshness: str | None = None
    score: float = Field(description="Relative to the best result, which is 1.")
    text: str
    truncated: bool = False
    signals: dict[str, float] | None = None


class SearchAnswerModel(_Answer):
    """Passages that answer a question, best first."""

    query: str
    confident: bool = Field(description="False: nothing recorded is likely to answer this.")
    mode: Literal["hybrid", "lexical"] = Field(description="lexical: the model is still loading.")
    took_ms: float
    results: list[ResultItem]
    notes: list[str] = []


class GoverningItem(ResultItem):
    """A passage that binds a path."""

    because: str = Field(description="Why it binds: nearest folder, glob, mention …")


class ContextAnswer(_Answer):
    """What governs some paths or a task, most binding first."""

    paths: list[str]
    task: str | None = None
    governing: list[GoverningItem]
    conventions: list[str] = Field(description="Convention files that apply, most specific first.")
    related: list[ResultItem] = Field(default=[], description="For the task: what else is recorded.")
    took_ms: float
    notes: list[str] = []


class ItemAnswer(_Answer):
    """One remembered item, whole."""

    id: str
    kind: KindName
    path: str | None = None
    lines: tuple[int, int] | None = None
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

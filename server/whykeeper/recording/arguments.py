"""The recording tools' arguments: what each is, and what a model is told of it."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field

from whykeeper.recording.requests import EntryKind

__all__ = [
    "About",
    "Alternatives",
    "Amended",
    "Confirmation",
    "Confirmed",
    "Consequences",
    "Context",
    "Decision",
    "Entry",
    "EntryKinds",
    "Folder",
    "Heading",
    "Reason",
    "RecordId",
    "Replaced",
    "Status",
    "Superseded",
    "Title",
]


def _listed(value: object) -> object:
    """Take one name where a list of them is asked for: models often give it so."""
    return [value] if isinstance(value, str) else value


Entry = Annotated[str, Field(description="One rule or fact, and why; empty removes what it replaces.")]
EntryKinds = Annotated[EntryKind, Field(description="What it is.")]
About = Annotated[list[str], BeforeValidator(_listed), Field(description="Files, globs it is about.")]
Heading = Annotated[str | None, Field(description="To stand under.")]
Replaced = Annotated[str | None, Field(description="path:line, id or words.")]
Title = Annotated[str, Field(description="What was decided, in one line.")]
Context = Annotated[str, Field(description="Why there was something to decide.")]
Decision = Annotated[str, Field(description="What holds now, and why.")]
Alternatives = Annotated[dict[str, str], Field(description="Refused: name to why.")]
Consequences = Annotated[str, Field(description="What follows.")]
Confirmation = Annotated[str, Field(description="What shows it is kept: a test, a rule.")]
Status = Annotated[str | None, Field(description="Default accepted. With id: deprecated, rejected …")]
Reason = Annotated[str, Field(description="Of the new status.")]
Superseded = Annotated[
    list[str], BeforeValidator(_listed), Field(description="Records it replaces: path, number or name.")
]
Amended = Annotated[list[str], BeforeValidator(_listed), Field(description="Records it changes in part.")]
Confirmed = Annotated[bool, Field(description="It stands beside what was shown.")]
RecordId = Annotated[str | None, Field(description="Record to change; only what is given changes.")]
Folder = Annotated[str | None, Field(description="Other than the usual one.")]

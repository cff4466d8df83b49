"""What recording answers, as it goes over the wire; every session pays for these schemas."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, WithJsonSchema
from pydantic.json_schema import SkipJsonSchema

__all__ = ["RecordAnswer", "RelatedItem"]

_ITEMS = {"type": "array", "items": {"type": "object"}, "description": "Decide about these, call again."}


class RelatedItem(BaseModel):
    """Something recorded already that what is new may repeat, contradict or replace.

    Attributes:
        path: Where it stands.
        line: For an entry of a list.
        title: A record's title, or an entry's text.
        status: Of a decision.
        because: What makes it look so.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: str
    line: SkipJsonSchema[int | None] = None
    title: str
    status: SkipJsonSchema[str | None] = None
    because: str


class RecordAnswer(BaseModel):
    """What became of something to be recorded.

    Attributes:
        written: Files that were written, the record first; nothing was written where there is none.
        id: What people call the record.
        related: What has to be decided about first; nothing was written then.
        notes: What the caller should know.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    written: list[str] = Field(default=[], description="Files; none: nothing was written.")
    id: SkipJsonSchema[str | None] = None
    related: Annotated[list[RelatedItem], WithJsonSchema(_ITEMS)] = []
    notes: list[str] = []
    _compared: frozenset[str] | None = PrivateAttr(default=None)
    _held: bool = PrivateAttr(default=False)

    @property
    def compared(self) -> frozenset[str] | None:
        """The records that a new one was compared with; None where it was with none."""
        return self._compared

    @property
    def held(self) -> bool:
        """Whether nothing is to be written though nothing was found."""
        return self._held

    def after_comparing(self, paths: Iterable[str], *, held: bool) -> RecordAnswer:
        """The same, knowing what was compared; callers do not see that."""
        answer = self.model_copy()
        answer._compared, answer._held = frozenset(paths), held
        return answer

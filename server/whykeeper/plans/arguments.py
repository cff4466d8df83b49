"""The arguments of the tools for plans: what each is, and what a model is told of it."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field

__all__ = [
    "Against",
    "Checks",
    "Files",
    "Goal",
    "Honours",
    "Name",
    "Next",
    "Note",
    "Questions",
    "Reason",
    "State",
    "Steps",
    "Unchanged",
]


def _listed(value: object) -> object:
    """Take one entry where a list of them is asked for: models often give it so."""
    return [value] if isinstance(value, str) else value


_List = Annotated[list[str], BeforeValidator(_listed)]

Against = Annotated[str, Field(description="Default: the branch's open one; or none.")]
Name = Annotated[str | None, Field(description="Default: the branch's open one.")]
Goal = Annotated[str, Field(description="Of a new plan: what will be true.")]
Reason = Annotated[str, Field(description="Why.")]
Steps = Annotated[_List, Field(description="Words and `files`; later '2 done', '3 doing'.")]
Files = Annotated[_List, Field(description="Paths, globs to change.")]
Unchanged = Annotated[_List, Field(description="Paths or what must not change.")]
Checks = Annotated[_List, Field(description="`command`, test or statement.")]
Honours = Annotated[_List, Field(description="Decisions; looked up if none.")]
Questions = Annotated[_List, Field(description="Open.")]
Note = Annotated[str, Field(description="Found out.")]
Next = Annotated[str, Field(description="You do next.")]
State = Annotated[str, Field(description="done, dropped.")]

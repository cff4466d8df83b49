"""A plan of work, as its file says it."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from whykeeper_indexers.conventions.globs import matching

__all__ = ["FOLDER", "Acceptance", "Item", "Note", "Plan", "PlanState", "Step", "StepState", "named_by"]

FOLDER: Final = ".whykeeper/plans"
"""Where plans lie; what is in it is indexed even where git ignores it."""
_WILD: Final = re.compile(r"[*?\[{}@+!(]")


class StepState(StrEnum):
    """How far a step has come."""

    TODO = "todo"
    DOING = "doing"
    DONE = "done"
    DROPPED = "dropped"

    @property
    def left(self) -> bool:
        """Whether there is something to do."""
        return self in (StepState.TODO, StepState.DOING)


class PlanState(StrEnum):
    """Whether a plan is being followed."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


class Item(NamedTuple):
    """One entry of a section.

    Attributes:
        text: In one line, without its mark.
        line: Where it begins, 1-based.
        paths: Files and globs that it names, relative to the root.
    """

    text: str
    line: int
    paths: tuple[str, ...] = ()


class Step(NamedTuple):
    """One step.

    Attributes:
        number: Its place, from 1.
        text: What is done, in one line.
        state: How far it has come.
        line: Where it stands, 1-based.
        paths: Files and globs that it names.
    """

    number: int
    text: str
    state: StepState
    line: int
    paths: tuple[str, ...] = ()


class Acceptance(NamedTuple):
    """What shows that the work is done.

    Attributes:
        text: As it is written.
        line: Where it stands, 1-based.
        command: To run; empty for none.
        test: A test, by its path; empty for none. With neither it is a statement that somebody judges.
    """

    text: str
    line: int
    command: str = ""
    test: str = ""


class Note(NamedTuple):
    """What was found out on the way.

    Attributes:
        text: In one line.
        line: Where it stands, 1-based.
        at: When, as it is written; empty where it does not say.
        commit: What was checked out then, shortened; empty where it does not say.
    """

    text: str
    line: int
    at: str = ""
    commit: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan of work.

    Attributes:
        path: Its file.
        title: What it is called.
        state: Whether it is followed.
        branch: The branch it belongs to; empty where it names none.
        opened: When it was made.
        closed: When it was closed.
        started_at: The commit that was checked out then.
        goal: What will be true.
        reason: Why.
        steps: In order.
        files: What is expected to change.
        kept: What must not change.
        acceptance: What shows that it is done.
        honoured: Decisions and conventions that bind the work.
        questions: What is open.
        notes: Oldest first, as they stand.
        problems: What of the file could not be read.
    """

    path: str
    title: str
    state: PlanState = PlanState.OPEN
    branch: str = ""
    opened: str = ""
    closed: str = ""
    started_at: str = ""
    goal: str = ""
    reason: str = ""
    steps: tuple[Step, ...] = ()
    files: tuple[Item, ...] = ()
    kept: tuple[Item, ...] = ()
    acceptance: tuple[Acceptance, ...] = ()
    honoured: tuple[Item, ...] = ()
    questions: tuple[Item, ...] = ()
    notes: tuple[Note, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def slug(self) -> str:
        """What people call it."""
        return posixpath.basename(self.path).removesuffix(".md")

    @property
    def open(self) -> bool:
        """Whether it is followed."""
        return self.state is PlanState.OPEN

    @property
    def globs(self) -> tuple[str, ...]:
        """Every file that it expects to change: of its own list and of its steps."""
        of_steps = (path for each in self.steps for path in each.paths)
        return tuple(dict.fromkeys((*(path for each in self.files for path in each.paths), *of_steps)))

    @property
    def commands(self) -> tuple[str, ...]:
        """What can be run to accept it."""
        return tuple(dict.fromkeys(each.command for each in self.acceptance if each.command))

    @property
    def done(self) -> int:
        """How many steps are done."""
        return sum(each.state is StepState.DONE for each in self.steps)

    @property
    def last_note(self) -> Note | None:
        """The newest note that says when it was written."""
        return max((each for each in self.notes if each.at), key=lambda each: each.at, default=None)


def named_by(globs: tuple[str, ...], path: str) -> str | None:
    """Give the glob, file or folder that a path is meant by; None where none means it."""
    return next((glob for glob in globs if _means(glob, path)), None)


def _means(glob: str, path: str) -> bool:
    # Most are plain names, and thousands of paths are held against them. Frameworks have folders such as
    # `[id]` and `(shop)`: a name stands for itself whatever else it may mean.
    name = glob.removeprefix("./").strip("/")
    if path == name or path.startswith(f"{name.removesuffix('/**')}/"):
        return True
    return bool(_WILD.search(glob)) and matching((glob,), path) is not None

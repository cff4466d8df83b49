"""What a caller wants planned, or changed in a plan, checked as far as it can be without the repository."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Final

from whykeeper.code_span import code_span
from whykeeper.plans.items import OUTCOME, PROGRAMS, is_path
from whykeeper.plans.model import PlanState, StepState
from whykeeper.plans.reading import MARKS, TICK
from whykeeper.recording.entry_text import entry_text, unmarked, visible
from whykeeper.recording.requests import one_line, plain
from whykeeper_indexers.errors import QueryError

__all__ = ["PlanRequest", "StepChange", "check_entry", "path_entry", "step_changes", "title_of", "written"]

MOST_TEXT: Final = 20_000
"""Of all parts together: a plan that nobody reads to its end is followed by nobody."""
MOST_ENTRY: Final = 2_000
MOST_ENTRIES: Final = 100
"""Of one list."""
MOST_TITLE: Final = 80
_LISTS: Final = ("steps", "files", "unchanged", "checks", "honours", "questions")
_STATES: Final = ", ".join(PlanState)
_KNOWN_STEP: Final = re.compile(
    r"(?:step )?#?(?P<number>\d{1,3})\s*[.:)]?\s*(?:is |=\s*)?(?P<state>todo|doing|done|dropped)\b"
    r"\s*(?:[:;,–—-]+\s*(?P<why>\S.*))?",
    re.IGNORECASE | re.DOTALL,
)
_STATE: Final = "(?:todo|doing|done|dropped)"
_ITEM_OF_STEP: Final = re.compile(
    rf"\s*(?P<number>\d{{1,3}})[.)]\s+(?={_STATE}\s*(?:$|[:;,–—-]))", re.IGNORECASE
)
_NUMBER: Final = re.compile(r"\d{1,3}")
_SEVERAL: Final = re.compile(
    rf"(?:steps? )?\d{{1,3}}(?:(?:\s*,\s*|\s+and\s+)\d{{1,3}})+\s+(?P<state>{_STATE})", re.IGNORECASE
)
_ONE_BY_ONE: Final = re.compile(rf"\d{{1,3}}\s+{_STATE}(?:\s*[,;]\s*\d{{1,3}}\s+{_STATE})+", re.IGNORECASE)
_PATH_FIRST: Final = re.compile(r"(?P<path>[^\s`]+?)(?P<rest>\s*(?::|–|—|\s-\s|(?<=\s)\().*)?", re.DOTALL)
_TASKS: Final = frozenset(
    re.findall(
        r"\S+",
        "bench build check clippy compile docs e2e exec fmt lint run test typecheck verify vet x",
    )
)
"""What is often the second word of one."""
_MOST_BARE: Final = 2
"""Words of a command without a flag or a path; with more it is a sentence."""


@dataclass(frozen=True, slots=True)
class PlanRequest:
    """A plan to make, or a change of one.

    Attributes:
        plan: Its name; None for the open one of this branch, or for a new one that is named by its goal.
        goal: What will be true. Makes a new plan where the name is of none that is there.
        reason: Why.
        steps: New ones in words, or ``2 done`` for one that is there.
        files: Files and globs expected to change, each with what for after a colon.
        unchanged: What must not change.
        checks: What shows that it is done.
        honours: Decisions and conventions; none to have them looked up.
        questions: What is open.
        note: What was found out.
        next: What is about to be done.
        state: To close it, or to open it again; empty to leave it.
    """

    plan: str | None = None
    goal: str = ""
    reason: str = ""
    steps: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    honours: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    note: str = ""
    next: str = ""
    state: str = ""

    def __post_init__(self) -> None:
        for name in _LISTS:
            texts = getattr(self, name)
            if name == "steps":
                # `2. done` is said of a step, and no item of a list that says `done`.
                texts = [_ITEM_OF_STEP.sub(r"\g<number> ", each) for each in texts]
            given = map(written, texts)
            object.__setattr__(self, name, tuple(each for each in given if each))
        for name in ("goal", "reason", "note", "next"):
            object.__setattr__(self, name, written(getattr(self, name)))
        object.__setattr__(self, "plan", one_line(visible(self.plan or "")) or None)
        object.__setattr__(self, "state", self.state.strip().lower())

    @property
    def says_nothing(self) -> bool:
        """Whether nothing is to be written."""
        return not any(getattr(self, each.name) for each in fields(self) if each.name != "plan")

    def texts(self) -> Iterator[str]:
        """Everything that would be written."""
        yield from (self.plan or "", self.goal, self.reason, self.note, self.next)
        for name in _LISTS:
            yield from getattr(self, name)

    def checked(self) -> PlanRequest:
        """Say what is missing or too much.

        Raises:
            QueryError: The caller left something out, or gave too much.
        """
        if self.says_nothing:
            raise QueryError(
                "there is nothing to save", "give a goal and steps for a new plan; or steps, note or next"
            )
        if self.state and self.state not in set(PlanState):
            raise QueryError(f"{self.state[:40]!r} is no state of a plan", f"states are {_STATES}")
        if sum(map(len, self.texts())) > MOST_TEXT:
            raise QueryError(
                f"more than {MOST_TEXT:,} characters", "leave out what nobody needs for the work"
            )
        for name in _LISTS:
            given = getattr(self, name)
            if len(given) > MOST_ENTRIES:
                raise QueryError(f"more than {MOST_ENTRIES} {name}", "make two plans of it")
            if any(len(each) > MOST_ENTRY for each in given):
                raise QueryError(
                    f"one of the {name} has more than {MOST_ENTRY:,} characters", "say it shorter"
                )
        return self


@dataclass(frozen=True, slots=True)
class StepChange:
    """What becomes of a step.

    Attributes:
        number: Of one that is there; 0 for one that is called by its text, or is new.
        text: Its text; empty for one that is called by its number.
        state: Its state; None where none was given.
        why: What was said to it.
    """

    number: int
    text: str
    state: StepState | None
    why: str = ""


def written(text: str) -> str:
    """A text as it goes into the file: nothing unseen, no heading or tag that swallows what follows it."""
    bare = unmarked(plain(visible(text)).replace("\r\n", "\n").replace("\r", "\n"))
    return entry_text(bare, ()) if bare else ""


def step_changes(texts: Iterable[str]) -> Iterator[StepChange]:
    """Read what was said of steps; several may be named at once."""
    for text in texts:
        if several := _SEVERAL.fullmatch(text):
            yield from (step_change(f"{number} {several['state']}") for number in _NUMBER.findall(text))
        elif _ONE_BY_ONE.fullmatch(text):
            yield from map(step_change, re.split(r"\s*[,;]\s*", text))
        else:
            yield step_change(text)


def step_change(text: str) -> StepChange:
    """Read what was said of one step."""
    if known := _KNOWN_STEP.fullmatch(text):
        return StepChange(int(known["number"]), "", StepState(known["state"].lower()), known["why"] or "")
    ticked = TICK.match(text)
    if ticked is None:
        return StepChange(0, text, None)
    mark = {"X": "x", "~": "/", ">": "/"}.get(ticked["mark"], ticked["mark"])
    state = next(state for state, each in MARKS.items() if each == mark)
    return StepChange(0, text[ticked.end() :], state)


def path_entry(text: str) -> str:
    """An entry that begins with a file or a glob, which is marked as code."""
    match = _PATH_FIRST.fullmatch(text)
    if match is None or not (is_path(match["path"]) or "/" in match["path"]):
        return text
    return code_span(match["path"]) + (match["rest"] or "")


def check_entry(text: str) -> str:
    """An acceptance check; a command or a test that was given bare is marked as code."""
    if "`" in text or "\n" in text:
        return text
    bare = OUTCOME.sub("", text)
    if is_path(bare.split("::")[0]) or _is_command(bare.split()):
        return code_span(bare)
    return text


def _is_command(words: Sequence[str]) -> bool:
    """Whether words that nobody marked as code can be nothing but a command: one that is run is no guess."""
    if not words or not (words[0] in PROGRAMS or words[0].startswith("./")):
        return False
    telling = any(word.startswith("-") or "/" in word or is_path(word) for word in words)
    return len(words) <= _MOST_BARE or words[1] in _TASKS or telling


def title_of(goal: str) -> str:
    """A title of one line, from a goal."""
    line = one_line(re.split(r"(?<=[.!?;])\s|\n", goal, maxsplit=1)[0]).rstrip(".;")
    if len(line) <= MOST_TITLE:
        return line
    return line[:MOST_TITLE].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"

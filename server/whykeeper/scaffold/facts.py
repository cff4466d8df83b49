"""What a survey finds: one statement, and where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from whykeeper.code_span import code_span
from whykeeper.scaffold.tree import Tree
from whykeeper_indexers.secrets import redact

__all__ = ["Ecosystem", "Fact", "Matter", "code", "role_of"]

MOST_SPELLED = 120
"""Characters of what is quoted from a file."""


class Matter(StrEnum):
    """What a fact is about."""

    ENTRY = "entry point"
    PART = "part"
    RUNS = "where it runs"
    TEST = "test"
    CHECK = "check"
    LINT = "lint"
    FORMAT = "format"
    TYPES = "check types"
    BUILD = "build"
    RUN = "run"
    DEVELOP = "develop"


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that a file says.

    Attributes:
        matter: What it is about.
        text: In Markdown, on one line.
        path: The file.
        line: From 1; 0 where the file as a whole says it.
    """

    matter: Matter
    text: str
    path: str
    line: int = 0

    @property
    def source(self) -> str:
        """Where it stands, as it is written behind the statement."""
        return f"`{self.path}:{self.line}`" if self.line else f"`{self.path}`"


class Ecosystem(Protocol):
    """One way of building software: a module with this function."""

    def read(self, tree: Tree) -> Iterator[Fact]:
        """Say what its files tell."""


_ROLES = {
    "test": Matter.TEST,
    "tests": Matter.TEST,
    "test-all": Matter.TEST,
    "unit": Matter.TEST,
    "unittest": Matter.TEST,
    "lint": Matter.LINT,
    "lints": Matter.LINT,
    "check": Matter.CHECK,
    "format": Matter.FORMAT,
    "fmt": Matter.FORMAT,
    "typecheck": Matter.TYPES,
    "type-check": Matter.TYPES,
    "types": Matter.TYPES,
    "mypy": Matter.TYPES,
    "build": Matter.BUILD,
    "compile": Matter.BUILD,
    "run": Matter.RUN,
    "start": Matter.RUN,
    "serve": Matter.RUN,
    "dev": Matter.DEVELOP,
}
"""What a command of this name is for, wherever people name commands."""


def role_of(name: str) -> Matter | None:
    """What a command is for, by its whole name; None for any other."""
    return _ROLES.get(name.lower())


def code(text: str) -> str:
    """Quote a text from a file as code, on one line, without its secrets, whatever it holds."""
    # Secrets show in a command that its quotation marks in the file hid; and half of one looks like none.
    line = " ".join(redact(text)[0].split())
    line = line if len(line) <= MOST_SPELLED else line[: MOST_SPELLED - 1] + "…"
    return code_span(line)

"""What the modules of this package describe: one coding agent's way of listing servers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal

__all__ = ["Client", "FileFormat", "Hooks", "Scope", "Surroundings"]

FileFormat = Literal["jsonc", "toml"]


class Scope(StrEnum):
    """Whose configuration is edited."""

    PROJECT = "project"
    USER = "user"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What decides where configuration files are.

    Attributes:
        home: The user's home folder.
        env: The process's environment.
        platform: As ``sys.platform`` names it.
        root: The repository's root; None outside one.
    """

    home: Path
    env: Mapping[str, str]
    platform: str
    root: Path | None


@dataclass(frozen=True, slots=True)
class Hooks:
    """Where an agent lists the programs that it runs at certain moments, and how.

    Attributes:
        project_file: Its file in a repository, relative to the root.
        user_file: Where its file for all of a user's projects is.
        events: What the agent calls a moment, by what `whykeeper hook` calls it.
        entry: Makes the item of an event's list that runs a command, given its time limit in seconds.
        opening: What else a new file must say.
    """

    project_file: str
    user_file: Callable[[Surroundings], Path]
    events: Mapping[str, str]
    entry: Callable[[str, int], Mapping[str, Any]]
    opening: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Client:
    """One coding agent.

    Attributes:
        name: What a person types.
        title: What it calls itself.
        file_format: Of its configuration file.
        key: The table of servers in it.
        project_file: Its file in a repository, relative to the root.
        user_file: Where its file for all of a user's projects is.
        project_note: What remains for the user to do after a project-wide registration.
        hooks: How it runs programs of ours; None where it cannot.
    """

    name: str
    title: str
    file_format: FileFormat
    key: str
    project_file: str
    user_file: Callable[[Surroundings], Path]
    project_note: str = ""
    hooks: Hooks | None = None

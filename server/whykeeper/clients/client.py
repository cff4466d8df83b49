"""What the modules of this package describe: one coding agent's way of listing servers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Literal

__all__ = ["Client", "FileFormat", "Scope", "Surroundings"]

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
    """

    name: str
    title: str
    file_format: FileFormat
    key: str
    project_file: str
    user_file: Callable[[Surroundings], Path]
    project_note: str = ""

"""A command line whose daemon is a table of answers."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from whykeeper.cli import main
from whykeeper.commands.runtime import Runtime

Progress = Callable[[dict[str, Any]], None]


@dataclass
class FakeDaemon:
    """Answers each verb with what a test put in, or with one after another of what an iterator gives.

    Keeps what it was asked.
    """

    answers: dict[str, Any] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)
    asked: list[tuple[Path | None, str, dict[str, Any]]] = field(default_factory=list)
    running: bool = False

    def call(
        self, checkout: Path | None, verb: str, params: dict[str, Any], on_progress: Progress | None = None
    ) -> dict[str, Any]:
        self.asked.append((checkout, verb, params))
        for event in self.events if on_progress else []:
            assert on_progress is not None
            on_progress(event)
        answer = self.answers.get(verb, {})
        answer = next(answer) if isinstance(answer, Iterator) else answer
        if isinstance(answer, BaseException):
            raise answer
        result: dict[str, Any] = answer
        return result

    @property
    def params(self) -> dict[str, Any]:
        return self.asked[-1][2]


@dataclass
class Ran:
    """What a command line printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class CommandLine:
    """Runs command lines in a folder."""

    def __init__(self, cwd: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.daemon = FakeDaemon()
        self.capsys = capsys
        self.runtime = Runtime(
            call=self.daemon.call,
            daemon_running=lambda: self.daemon.running,
            env=os.environ,
            cwd=cwd,
            program="/opt/bin/whykeeper",
        )

    def change(self, **values: Any) -> None:
        self.runtime = replace(self.runtime, **values)

    def __call__(self, *arguments: str | Path) -> Ran:
        self.capsys.readouterr()
        code = main([str(argument) for argument in arguments], self.runtime)
        printed = self.capsys.readouterr()
        return Ran(code, printed.out, printed.err)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder that looks like a checkout's root."""
    root = tmp_path / "checkout"
    (root / ".git").mkdir(parents=True)
    return root.resolve()


@pytest.fixture
def whykeeper(checkout: Path, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    """A command line in a checkout."""
    return CommandLine(checkout, capsys)

"""Acceptance commands: what running them came to, and on which state of the repository.

A command stands in a file that anybody may have written. So the command line alone runs it, in the terminal
and with the rights of whoever agreed to it; the daemon, whose sessions may have fewer, only remembers.
"""

from __future__ import annotations

import hashlib
import json
import logging
import threading
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from whykeeper.passwords import without_passwords
from whykeeper.plans.model import FOLDER
from whykeeper_indexers.change import Tree
from whykeeper_indexers.secrets import redact

__all__ = ["Outcome", "Run", "RunStore", "run_of", "state_of"]

_log = logging.getLogger(__name__)

MOST_RUNS: Final = 300
MOST_TAIL: Final = 2_000
"""Characters of what a command printed last."""
_FILE: Final = "acceptance-runs.json"


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a command.

    Attributes:
        command: As it was run.
        state: Of the repository, before it; see `state_of`.
        code: Its exit code; None where the time limit ended it.
        took_s: How long it took.
        at: When it began, in UTC.
        tail: What it printed last.
    """

    command: str
    state: str
    code: int | None
    took_s: float
    at: str
    tail: str = ""

    @property
    def passed(self) -> bool:
        """Whether it succeeded."""
        return self.code == 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is known of a command.

    Attributes:
        run: On this state, else its last; None where it was never run.
        current: Whether that was on this state.
    """

    run: Run | None
    current: bool


def state_of(tree: Tree) -> str:
    """Name a state of the repository by its files; plans aside, for they go on while nothing else changes."""
    digest = hashlib.sha256()
    for path, blob in sorted(tree.blobs.items()):
        if not path.startswith(f"{FOLDER}/"):
            digest.update(f"{path}\0{blob}\0".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()[:32]


def run_of(given: Mapping[str, Any]) -> Run:
    """Read a run as the command line tells it; secrets are cut out of what it printed."""
    code = given.get("code")
    tail = str(given.get("tail") or "")[-MOST_TAIL:]
    return Run(
        command=str(given.get("command") or ""),
        state=str(given.get("state") or ""),
        code=code if isinstance(code, int) else None,
        took_s=float(given.get("took_s") or 0.0),
        at=str(given.get("at") or ""),
        tail=without_passwords(redact(tail)[0]),
    )


class RunStore:
    """The last runs of a repository's acceptance commands; derived, like all that lies beside it.

    Args:
        folder: Of the repository's stores.
    """

    def __init__(self, folder: Path) -> None:
        self._file = folder / _FILE
        self._lock = threading.Lock()

    def remember(self, runs: Iterable[Run]) -> None:
        """Keep runs; of one command on one state the last."""
        with self._lock:
            kept = {(each.command, each.state): each for each in self._read()}
            for run in runs:
                kept.pop((run.command, run.state), None)
                kept[run.command, run.state] = run
            aside = self._file.with_suffix(".new")
            listed = [asdict(each) for each in list(kept.values())[-MOST_RUNS:]]
            aside.write_text(json.dumps(listed), encoding="utf-8")
            aside.replace(self._file)

    def outcomes(self, commands: Iterable[str], state: str) -> dict[str, Outcome]:
        """Say of each command what it came to."""
        with self._lock:
            runs = self._read()
        return {command: _outcome(command, state, runs) for command in commands}

    def _read(self) -> list[Run]:
        try:
            listed = json.loads(self._file.read_text(encoding="utf-8"))
            return [Run(**each) for each in listed]
        except FileNotFoundError:
            return []
        except (OSError, ValueError, TypeError) as error:
            _log.warning("what acceptance commands came to cannot be read, and is forgotten: %s", error)
            return []


def _outcome(command: str, state: str, runs: Iterable[Run]) -> Outcome:
    own = [each for each in runs if each.command == command]
    current = next((each for each in reversed(own) if each.state == state), None)
    return Outcome(current or (own[-1] if own else None), current is not None)

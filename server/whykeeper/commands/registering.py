"""What ``install`` and ``uninstall`` have in common."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from whykeeper.clients.client import Client, Scope, Surroundings
from whykeeper.commands.runtime import Runtime
from whykeeper_indexers.errors import UserError

if TYPE_CHECKING:
    from whykeeper.clients.receipts import Receipts
    from whykeeper.clients.registration import Plan

__all__ = ["Done", "Launch", "Request", "launch_command", "make", "surroundings"]

_PROGRAM = "whykeeper"


class Request:
    """Which client's file is meant.

    Args:
        runtime: The command line's world.
        client: The agent.
        user: For all of the user's projects.
        repo: What ``--repo`` named.
    """

    def __init__(self, runtime: Runtime, client: Client, *, user: bool, repo: str | None) -> None:
        from whykeeper.clients.receipts import Receipts

        self.runtime = runtime
        self.client = client
        self.scope = Scope.USER if user else Scope.PROJECT
        self.surroundings = surroundings(runtime, None if user else runtime.checkout(repo))
        self.receipts: Receipts = Receipts(runtime.locations.data_dir)


@dataclass(frozen=True, slots=True)
class Launch:
    """How a client will start whykeeper, and what to say about that."""

    command: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a plan."""

    changed: bool
    report: dict[str, Any]


def surroundings(runtime: Runtime, root: Path | None) -> Surroundings:
    """Describe where this user's configuration files are."""
    home = runtime.env.get("USERPROFILE" if runtime.platform == "win32" else "HOME")
    return Surroundings(Path(home) if home else Path.home(), runtime.env, runtime.platform, root)


def launch_command(runtime: Runtime, scope: Scope) -> Launch:
    """Choose the command that is written down.

    A project's file is shared, so it names the program alone, which everyone finds on their own
    ``PATH``. A user's file names its full path, because agents started from a desktop have a
    shorter ``PATH`` than a terminal.
    """
    on_path = shutil.which(_PROGRAM, path=runtime.env.get("PATH", ""))
    absolute = _running_program(runtime) or on_path
    if scope is Scope.PROJECT and on_path:
        return Launch(_PROGRAM)
    if absolute is None:
        raise UserError("cannot tell where the whykeeper program is", "install it so that it is on your PATH")
    if scope is Scope.USER:
        return Launch(absolute)
    note = f"whykeeper is not on your PATH, so its place on this machine is written: {absolute}"
    return Launch(absolute, (note, "before the file is shared, put whykeeper on the PATH and run this again"))


def _running_program(runtime: Runtime) -> str | None:
    suffix = ".exe" if runtime.platform == "win32" else ""
    started = runtime.cwd / runtime.program
    beside = Path(sys.executable).parent / f"{_PROGRAM}{suffix}"
    candidates = [started] if started.stem == _PROGRAM else []
    return next((str(path) for path in (*candidates, beside) if path.is_file()), None)


def make(request: Request, plan: Plan, *, yes: bool, dry_run: bool, as_json: bool, question: str) -> Done:
    """Show a plan, ask, and carry it out."""
    changes = plan.changes
    if changes and not as_json:
        request.runtime.output.diff(plan.diff())
        request.runtime.output.notes(plan.notes)
    agreed = changes and not dry_run and request.runtime.confirm(question, yes=yes)
    if agreed:
        plan.apply(request.receipts)
    report = {
        "client": request.client.name,
        "scope": request.scope.value,
        "path": str(plan.file.path),
        "changed": agreed,
        "diff": plan.diff(),
        "notes": list(plan.notes),
    }
    return Done(agreed, report)

"""What the verbs reach the world through; a test gives them one of its own."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from whykeeper.checkout import client_checkout
from whykeeper_indexers.errors import RepositoryError, UserError

if TYPE_CHECKING:
    from whykeeper.daemon.ownership import Owner
    from whykeeper.locations import Locations
    from whykeeper.rendering import Output

__all__ = ["ControlCall", "Progress", "Runtime", "default_runtime"]

Progress = Callable[[dict[str, Any]], None]


class ControlCall(Protocol):
    """Asks the daemon for one verb; see `whykeeper.control.call`."""

    def __call__(
        self, checkout: Path | None, verb: str, params: dict[str, Any], on_progress: Progress | None = None
    ) -> dict[str, Any]:
        """Return the verb's result."""


@dataclass(frozen=True, slots=True)
class Runtime:
    """The world of one command line.

    Attributes:
        call: Asks the daemon, starting it when there is none.
        daemon_running: Whether one answers already.
        env: The process's environment.
        cwd: The working directory.
        program: How this program was started, as ``sys.argv[0]``.
        platform: As ``sys.platform`` names it.
        can_ask: Whether a person sits at the terminal.
    """

    call: ControlCall
    daemon_running: Callable[[], bool]
    env: Mapping[str, str]
    cwd: Path
    program: str
    platform: str = sys.platform
    can_ask: bool = False

    @property
    def locations(self) -> Locations:
        """The folders whykeeper keeps its files in."""
        from whykeeper.locations import locations

        return locations(self.env)

    @property
    def output(self) -> Output:
        """Standard output."""
        from whykeeper.rendering import Output

        return Output(sys.stdout, self.env)

    def serving_alone(self) -> Owner | None:
        """Return the process that serves its own client only, without a daemon."""
        from whykeeper.daemon.ownership import serving_alone

        return serving_alone(str(self.locations.data_dir))

    def checkout(self, repo: str | None) -> Path:
        """Return the checkout a verb is about.

        Args:
            repo: What ``--repo`` named; None for the checkout around the working directory, or that folder.

        Raises:
            RepositoryError: There is none.
        """
        found, why = self.find_checkout(repo)
        if found is None:
            raise RepositoryError(why, "change to a project's folder, or name one with --repo PATH")
        return found

    def find_checkout(self, repo: str | None) -> tuple[Path | None, str]:
        """Return the checkout a verb is about, or None and why there is none."""
        found, why = client_checkout(repo, {}, str(self.cwd))
        return (None if found is None else Path(found)), why or ""

    def confirm(self, question: str, *, yes: bool) -> bool:
        """Ask a person, unless ``--yes`` answered already.

        Raises:
            UserError: There is nobody to ask.
        """
        if yes:
            return True
        if not self.can_ask:
            raise UserError(
                "not a terminal, so nobody can be asked; nothing was changed", "add --yes to agree"
            )
        import click

        return click.confirm(question, default=False, err=True)


def default_runtime() -> Runtime:
    """Make the real one."""
    return Runtime(
        call=_call,
        daemon_running=_daemon_running,
        env=os.environ,
        cwd=_working_directory(),
        program=sys.argv[0],
        can_ask=_is_terminal(),
    )


def _call(
    checkout: Path | None, verb: str, params: dict[str, Any], on_progress: Progress | None = None
) -> dict[str, Any]:
    from whykeeper.control import call

    return call(checkout, verb, params, on_progress)


def _daemon_running() -> bool:
    from whykeeper.control import daemon_running

    return daemon_running()


def _is_terminal() -> bool:
    return bool(sys.stdin and sys.stdin.isatty() and sys.stderr and sys.stderr.isatty())


def _working_directory() -> Path:
    try:
        return Path.cwd()
    except OSError as error:
        raise RepositoryError("the working directory no longer exists", "change to one that does") from error

"""The command line as a whole: its verbs, loaded when they are needed."""

from __future__ import annotations

import difflib
import os
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module

import click

from whykeeper.commands.runtime import Runtime, default_runtime
from whykeeper.error_border import DONE, guard

__all__ = ["VERBS", "VerbGroup", "root", "run"]

VERBS: Mapping[str, str] = {
    "init": "whykeeper.commands.init",
    "index": "whykeeper.commands.index",
    "search": "whykeeper.commands.search",
    "context": "whykeeper.commands.context",
    "explain": "whykeeper.commands.explain",
    "read": "whykeeper.commands.read",
    "status": "whykeeper.commands.status",
    "gaps": "whykeeper.commands.gaps",
    "links": "whykeeper.commands.links",
    "stale": "whykeeper.commands.stale",
    "plan": "whykeeper.commands.plan",
    "resume": "whykeeper.commands.resume",
    "verify": "whykeeper.commands.verify",
    "constraints": "whykeeper.commands.constraints",
    "watch": "whykeeper.commands.watch",
    "install": "whykeeper.commands.install",
    "uninstall": "whykeeper.commands.uninstall",
    "hook": "whykeeper.commands.hook",
    "serve": "whykeeper.commands.serve",
    "daemon": "whykeeper.commands.daemon",
    "doctor": "whykeeper.commands.doctor",
    "purge": "whykeeper.commands.purge",
    "version": "whykeeper.commands.version",
}
"""Every verb and its module, which holds it as ``command``."""


class VerbGroup(click.Group):
    """Verbs in their own order, each module imported when its verb is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Name every verb."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Load one verb."""
        if cmd_name not in VERBS:
            return None
        command = import_module(VERBS[cmd_name]).command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the verb that was typed, naming the nearest one where there is none."""
        if args and args[0] not in VERBS and not args[0].startswith("-"):
            near = difflib.get_close_matches(args[0], VERBS, n=1)
            suggestion = f" Did you mean {near[0]!r}?" if near else ""
            raise click.UsageError(f"No such command {args[0]!r}.{suggestion}", ctx)
        return super().resolve_command(ctx, args)


_HELP = """The memory of a project, for the coding agents that work on it.

Index a repository, ask it why it is as it is, and register it with your agent:

\b
    whykeeper init
    whykeeper index
    whykeeper search "why is it done like this?"
    whykeeper install claude
"""


@click.group(cls=VerbGroup, help=_HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="whykeeper", message="%(prog)s %(version)s")
def root() -> None:
    """Hold the verbs together."""


def run(arguments: Sequence[str], runtime: Runtime | None = None) -> int:
    """Run one command line and return its exit code."""
    _make_streams_safe()
    return guard(
        lambda: _invoke(list(arguments), runtime or default_runtime()), runtime.env if runtime else os.environ
    )


def _invoke(arguments: list[str], runtime: Runtime) -> int:
    """Run without click's own border, which would answer a closed pipe with code 1."""
    try:
        with root.make_context("whykeeper", arguments, obj=runtime) as context:
            code = root.invoke(context)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except click.Abort as abort:
        raise KeyboardInterrupt from abort
    return code if isinstance(code, int) else DONE


def _make_streams_safe() -> None:
    """Let no character end a command because a console's encoding lacks it."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")

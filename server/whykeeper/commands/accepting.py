"""``verify --run``: a plan's acceptance commands, shown, agreed to and run in this terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from whykeeper.commands.runtime import Runtime
from whykeeper_indexers.errors import UserError
from whykeeper_indexers.printable import one_line

__all__ = ["accepted", "run_options"]

_Function = TypeVar("_Function", bound=Callable[..., Any])
TIME_LIMIT_S = 600

_RUN = (
    click.option(
        "--run", is_flag=True, help="Show the plan's acceptance commands, ask, and run them in this terminal."
    ),
    click.option("-y", "--yes", is_flag=True, help="With --run or --calibrate: agree to what is shown."),
    click.option(
        "--time-limit",
        "limit_s",
        type=click.IntRange(1, 86_400),
        default=TIME_LIMIT_S,
        metavar="SECONDS",
        help=f"For each command of --run; default: {TIME_LIMIT_S}.",
    ),
)


def run_options(command: _Function) -> _Function:
    """Give a command the options of `accepted`."""
    for option in reversed(_RUN):
        command = option(command)
    return command


def accepted(
    runtime: Runtime, checkout: Path, params: Mapping[str, Any], *, yes: bool, limit_s: int
) -> list[dict[str, Any]]:
    """Run what was not run on this state yet, once somebody has seen it and agreed.

    Args:
        runtime: The command line's world.
        checkout: Where they are run.
        params: What is verified.
        yes: Whether ``--yes`` agreed already.
        limit_s: Seconds for each.

    Returns:
        What they came to, for the daemon to remember.

    Raises:
        UserError: Something else than the working tree is verified, or there is nobody to ask.
    """
    if params.get("kind") != "working tree":
        raise UserError(
            "--run runs commands in the working tree, which is not what is verified",
            "leave COMMITS, --staged and --patch out; --since-merge-base may stay",
        )
    answer = runtime.call(checkout, "plan_commands", {"plan": params.get("plan") or ""})
    wanted = [each["command"] for each in answer.get("commands") or [] if not _passed(each)]
    odd = [each for each in wanted if one_line(each) != each or "[redacted:" in each]
    for command in odd:
        _say(f"not run, for what it shows is not what it is: {command}")
    wanted = [each for each in wanted if each not in odd]
    if not wanted and odd:
        return []
    if not wanted:
        _say("there is no acceptance command to run: " + _why_none(answer))
        return []
    _say(f"{answer.get('path')} asks for these commands, which would be run in {checkout}:")
    for command in wanted:
        _say(f"    {command}")
    if not runtime.confirm("Run them?", yes=yes):
        return []
    ran = [_run(runtime, checkout, command, str(answer.get("state")), limit_s) for command in wanted]
    after = runtime.call(checkout, "plan_commands", {"plan": params.get("plan") or ""})
    if after.get("state") != answer.get("state"):
        _say(
            "files have changed meanwhile: what the commands came to counts for the state before; "
            "have git ignore what they write, or run them again"
        )
    return ran


def _run(runtime: Runtime, checkout: Path, command: str, state: str, limit_s: int) -> dict[str, Any]:
    from whykeeper.plans.running import run_command

    _say(f"running {command}")
    ran = run_command(command, checkout, runtime.env, limit_s)
    code = ran["code"]
    if code == 0:
        _say(f"passed, {ran['took_s']:.1f} s")
    else:
        if ran["tail"].strip():
            _say(_lines(ran["tail"]))
        _say(f"ended after {limit_s} s" if code is None else f"failed with {code}, {ran['took_s']:.1f} s")
    return {**ran, "state": state}


def _passed(each: Mapping[str, Any]) -> bool:
    return bool(each.get("current")) and each.get("code") == 0


def _why_none(answer: Mapping[str, Any]) -> str:
    if not answer.get("path"):
        return next(iter(answer.get("notes") or []), "no plan is open here")
    commands: Sequence[Any] = answer.get("commands") or []
    return "all have passed on this state" if commands else f"{answer['path']} names none"


def _lines(text: str) -> str:
    return "\n".join(f"    {one_line(line)}" for line in text.rstrip().splitlines()[-20:])


def _say(text: str) -> None:
    shown = "\n".join(map(one_line, text.split("\n")))
    click.echo(shown, file=sys.stderr)

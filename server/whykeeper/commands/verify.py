"""``whykeeper verify``."""

from __future__ import annotations

from typing import Any

import click

from whykeeper.commands.options import json_option, repo_option
from whykeeper.commands.progress import shown_progress
from whykeeper.commands.runtime import Runtime
from whykeeper.commands.verifying import FAIL_ON, FORMATS, change_options, exit_code, params_of, show

__all__ = ["command"]


@click.command()
@change_options
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", help="Default: text.")
@click.option(
    "--output",
    "files",
    multiple=True,
    metavar="FILE",
    help="Write the report into FILE, in the form its ending names: .txt .json .md .sarif; may be repeated.",
)
@click.option(
    "--fail-on",
    type=click.Choice(FAIL_ON),
    default="error",
    help="Exit with 1 where something found weighs this or more; default: error.",
)
@repo_option
@json_option
@click.pass_obj
def command(
    runtime: Runtime,
    /,
    form: str,
    files: tuple[str, ...],
    fail_on: str,
    repo: str | None,
    as_json: bool,
    **change: Any,
) -> int:
    """Hold a change against everything remembered.

    Without an argument: the working tree, new files too, against the last commit. COMMITS is A..B, or one
    commit, which is compared with its parent. Exit code 1 where something found weighs an error.
    """
    checkout = runtime.checkout(repo)
    with shown_progress() as report:
        answer = runtime.call(checkout, "verify", params_of(change), report)
    show(runtime, answer, "json" if as_json else form, files)
    return exit_code(answer, fail_on)

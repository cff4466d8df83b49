"""``whykeeper verify``."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click

from whykeeper.commands.accepting import accepted, run_options
from whykeeper.commands.options import json_option, repo_option
from whykeeper.commands.progress import shown_progress
from whykeeper.commands.runtime import Runtime
from whykeeper.commands.verifying import (
    FAIL_ON,
    FORMATS,
    change_options,
    exit_code,
    params_of,
    show,
    show_waived,
    waiver_params,
)

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
@click.option(
    "--waive",
    "waived",
    multiple=True,
    metavar="ID",
    help="Waive this finding of the change; may be repeated.",
)
@click.option("--reason", metavar="TEXT", help="Of a waiver: why the project lives with it.")
@click.option(
    "--until", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="Of a waiver: the last day it holds."
)
@run_options
@repo_option
@json_option
@click.pass_obj
def command(
    runtime: Runtime,
    /,
    form: str,
    files: tuple[str, ...],
    fail_on: str,
    waived: tuple[str, ...],
    reason: str | None,
    until: datetime | None,
    run: bool,
    yes: bool,
    limit_s: int,
    repo: str | None,
    as_json: bool,
    **change: Any,
) -> int:
    """Hold a change against everything remembered.

    Without an argument: the working tree, new files too, against the last commit. COMMITS is A..B, or one
    commit, which is compared with its parent. Exit code 1 where something found weighs an error.
    """
    checkout = runtime.checkout(repo)
    if waived or reason or until:
        waiver = waiver_params(waived, reason, until)
        with shown_progress() as report:
            answer = runtime.call(checkout, "waive", {**params_of(change), **waiver}, report)
        show_waived(runtime, answer, as_json=as_json)
        return 0
    params = params_of(change)
    if run:
        params["ran"] = accepted(runtime, checkout, params, yes=yes, limit_s=limit_s)
    with shown_progress() as report:
        answer = runtime.call(checkout, "verify", params, report)
    show(runtime, answer, "json" if as_json else form, files)
    return exit_code(answer, fail_on)

"""``whykeeper verify``."""

from __future__ import annotations

from typing import Any

import click

from whykeeper.commands.accepting import accepted, run_options
from whykeeper.commands.calibrating import show_calibration
from whykeeper.commands.options import json_option, repo_option
from whykeeper.commands.progress import shown_progress
from whykeeper.commands.runtime import Runtime
from whykeeper.commands.verifying import (
    FAIL_ON,
    FORMATS,
    change_options,
    exit_code,
    params_of,
    refuse_change,
    show,
    show_waived,
    waiver_options,
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
@waiver_options
@click.option(
    "--calibrate",
    is_flag=True,
    help="Replay the last 200 commits, and propose what findings should weigh here.",
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
    calibrate: bool,
    run: bool,
    yes: bool,
    limit_s: int,
    repo: str | None,
    as_json: bool,
    **options: Any,
) -> int:
    """Hold a change against everything remembered.

    Without an argument: the working tree, new files too, against the last commit. COMMITS is A..B, or one
    commit, which is compared with its parent. Exit code 1 where something found weighs an error.
    """
    checkout = runtime.checkout(repo)
    if calibrate:
        refuse_change(options)
        show_calibration(runtime, checkout, yes=yes, as_json=as_json)
        return 0
    asked, waiver = params_of(options, checkout, runtime.env), waiver_params(options)
    if waiver is not None:
        with shown_progress() as report:
            answer = runtime.call(checkout, "waive", {**asked, **waiver}, report)
        show_waived(runtime, answer, as_json=as_json)
        return 0
    if run:
        asked["ran"] = accepted(runtime, checkout, asked, yes=yes, limit_s=limit_s)
    with shown_progress() as report:
        answer = runtime.call(checkout, "verify", asked, report)
    show(runtime, answer, "json" if as_json else form, files)
    return exit_code(answer, fail_on)

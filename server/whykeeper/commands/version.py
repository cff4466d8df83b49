"""``whykeeper version``."""

from __future__ import annotations

import click

import whykeeper
from whykeeper.commands.options import json_option, repo_option
from whykeeper.commands.runtime import Runtime

__all__ = ["command"]


@click.command()
@repo_option
@json_option
@click.pass_obj
def command(runtime: Runtime, repo: str | None, as_json: bool) -> None:  # noqa: ARG001
    """Print the version."""
    if as_json:
        runtime.output.json({"version": whykeeper.__version__})
    else:
        click.echo(f"whykeeper {whykeeper.__version__}")

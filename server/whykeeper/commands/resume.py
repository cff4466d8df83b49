"""``whykeeper resume``."""

from __future__ import annotations

import click

from whykeeper.commands.options import json_option, repo_option
from whykeeper.commands.runtime import Runtime

__all__ = ["command"]


@click.command()
@click.argument("name", required=False)
@repo_option
@json_option
@click.pass_obj
def command(runtime: Runtime, name: str | None, repo: str | None, as_json: bool) -> None:
    """Say where the work stands: what is done, left and next.

    It reads the open plan of this branch, and tells which commits did which step, what was decided since,
    what others changed, and what is not committed. NAME is another plan. A session of an agent begins so.
    """
    answer = runtime.call(runtime.checkout(repo), "resume", {"plan": name})
    if as_json:
        runtime.output.json(answer)
        return
    for line in str(answer.get("text") or "").split("\n"):
        runtime.output.line(line)

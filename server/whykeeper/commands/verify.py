"""``whykeeper verify``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from whykeeper.commands.options import json_option, repo_option
from whykeeper.commands.progress import shown_progress
from whykeeper.commands.runtime import Runtime
from whykeeper_indexers.errors import UserError

__all__ = ["command"]

FOUND = 1
"""The exit code where something weighs an error."""


@click.command()
@click.argument("commits", required=False, metavar="[COMMITS]")
@click.option("--staged", is_flag=True, help="What is in git's index, and not the working tree.")
@click.option("--patch", metavar="FILE", help="A patch, applied to the base; - reads standard input.")
@click.option("--base", metavar="COMMIT", help="Compare with this commit; default: HEAD.")
@click.option(
    "--since-merge-base",
    "merge_base",
    metavar="BRANCH",
    help="Compare with the commit at which this branch left BRANCH.",
)
@click.option("--check", "checks", multiple=True, metavar="NAME", help="Only this check; may be repeated.")
@repo_option
@json_option
@click.pass_obj
def command(
    runtime: Runtime,
    commits: str | None,
    staged: bool,
    patch: str | None,
    base: str | None,
    merge_base: str | None,
    checks: tuple[str, ...],
    repo: str | None,
    as_json: bool,
) -> int:
    """Hold a change against everything remembered.

    Without an argument: the working tree, new files too, against the last commit. COMMITS is A..B, or one
    commit, which is compared with its parent. Exit code 1 where something found weighs an error.
    """
    checkout = runtime.checkout(repo)
    params = _source(commits, staged=staged, patch=patch, base=base, merge_base=merge_base)
    with shown_progress() as report:
        answer = runtime.call(checkout, "verify", {**params, "checks": list(checks)}, report)
    if as_json:
        runtime.output.json(answer)
    else:
        _show(runtime, answer)
    return FOUND if (answer.get("counts") or {}).get("error") else 0


def _source(
    commits: str | None, *, staged: bool, patch: str | None, base: str | None, merge_base: str | None
) -> dict[str, Any]:
    if sum(map(bool, (commits, staged, patch))) > 1:
        raise UserError("COMMITS, --staged and --patch exclude one another", "name one change")
    if commits and (base or merge_base):
        raise UserError("COMMITS says what is compared already", "leave --base and --since-merge-base out")
    against = {"base": merge_base or base or "HEAD", "merge_base": merge_base is not None}
    if commits:
        start, dots, end = commits.partition("..")
        if not dots:
            return {"kind": "range", "base": "", "head": commits}
        parted = end.startswith(".")
        return {
            "kind": "range",
            "base": start or "HEAD",
            "head": end.lstrip(".") or "HEAD",
            "merge_base": parted,
        }
    if patch:
        return {"kind": "patch", "patch": _read(patch), **against}
    return {"kind": "index" if staged else "working tree", **against}


def _read(patch: str) -> str:
    if patch == "-":
        return sys.stdin.buffer.read().decode("utf-8", "surrogateescape")
    try:
        return Path(patch).read_bytes().decode("utf-8", "surrogateescape")
    except OSError as error:
        raise UserError(f"{patch} cannot be read: {error.strerror}", "name a file, or - for input") from error


def _show(runtime: Runtime, answer: dict[str, Any]) -> None:
    output = runtime.output
    for finding in answer.get("findings") or []:
        place = f"{finding['path']}:{finding['line']}" if finding.get("line") else finding["path"]
        output.line(f"{finding['severity']}  {place}  {finding['message']}")
    output.notes(answer.get("notes") or [])

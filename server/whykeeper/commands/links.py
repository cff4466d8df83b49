"""``whykeeper links``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from whykeeper.commands.options import json_option, repo_option
from whykeeper.commands.paths import repository_paths
from whykeeper.commands.runtime import Runtime
from whykeeper_indexers.errors import NotFoundError

__all__ = ["command"]

_SHA_SHOWN = 10


@click.command()
@click.argument("paths", nargs=-1, required=True)
@repo_option
@json_option
@click.pass_obj
def command(runtime: Runtime, paths: tuple[str, ...], repo: str | None, as_json: bool) -> None:
    """Show what joins PATHS with documents or code.

    Of a file of code: the documents that name it, by path, glob or symbol, and those that the same commits
    changed. Of a document: what it names, and whether that is there.
    """
    checkout = runtime.checkout(repo)
    answer = runtime.call(checkout, "links", {"paths": repository_paths(paths, checkout, runtime.cwd)})
    if as_json:
        runtime.output.json(answer)
        return
    shown = [each for each in answer.get("links") or [] if not each.get("problem")]
    for number, found in enumerate(shown):
        if number:
            runtime.output.line()
        _show(runtime, found)
    problems = [str(each["problem"]) for each in answer.get("links") or [] if each.get("problem")]
    if problems:
        raise NotFoundError("; ".join(problems), "name files or folders of the repository")


def _show(runtime: Runtime, found: Mapping[str, Any]) -> None:
    output = runtime.output
    output.line(str(found.get("path")), "bold")
    if not any(found.get(part) for part in ("named_by", "names", "changed_with")):
        output.line("   nothing is linked with it")
    for each in found.get("named_by") or []:
        status = f", {each['status']}" if each.get("status") else ""
        formerly = f", when it was {each['formerly']}" if each.get("formerly") else ""
        output.line(f"   named by {each.get('path')} [{each.get('kind')}{status}]{formerly}")
        for place in each.get("places") or []:
            output.line(f"      line {place.get('line')}: {place.get('name')} ({place.get('kind')})", "dim")
    for each in found.get("names") or []:
        named = f"{each.get('name')} ({each.get('kind')})"
        output.line(f"   line {each.get('line')} names {named}: {_state(each['state'])}")
    for each in found.get("changed_with") or []:
        newest = str(each.get("newest"))[:_SHA_SHOWN]
        output.line(f"   changed with {each.get('path')} in {each.get('commits')} commits, last in {newest}")


def _state(state: Any) -> str:
    if not isinstance(state, Mapping):
        return str(state)
    commit = f" (commit {str(state['commit'])[:_SHA_SHOWN]})" if state.get("commit") else ""
    return f"{state.get('state')}: {state.get('what')}{commit}"

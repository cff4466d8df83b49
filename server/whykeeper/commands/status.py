"""``whykeeper status``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from whykeeper.commands.options import json_option, repo_option
from whykeeper.commands.paths import repository_paths
from whykeeper.commands.runtime import Runtime
from whykeeper.status_lines import status_lines
from whykeeper_indexers.errors import QueryError

__all__ = ["command"]


@click.command()
@click.option("--files", is_flag=True, help="Say of each PATH whether it is indexed and, if not, why.")
@click.argument("paths", nargs=-1)
@repo_option
@json_option
@click.pass_obj
def command(runtime: Runtime, files: bool, paths: tuple[str, ...], repo: str | None, as_json: bool) -> None:
    """Show how fresh the index is, and what is missing from it."""
    if files != bool(paths):
        raise QueryError(
            "--files needs the paths to look up" if files else "paths need --files",
            "as in: whykeeper status --files README.md dist/bundle.js",
        )
    checkout = runtime.checkout(repo)
    if files:
        wanted = repository_paths(paths, checkout, runtime.cwd)
        answer = runtime.call(checkout, "status_files", {"paths": wanted})
    else:
        answer = runtime.call(checkout, "status", {})
    if as_json:
        runtime.output.json(answer)
    elif files:
        for entry in answer.get("files") or []:
            _show_file(runtime, entry)
    else:
        runtime.output.labelled(status_lines(answer))
        runtime.output.notes(answer.get("notes") or [])


def _show_file(runtime: Runtime, entry: Mapping[str, Any]) -> None:
    detail = f" ({entry['detail']})" if entry.get("detail") else ""
    if entry.get("indexed"):
        from whykeeper.rendering import counted

        cut = entry.get("redactions") or 0
        count = entry.get("chunks") or 0
        passages = counted(count, "passage") if count else "nothing in it to remember"
        secrets = f", {counted(cut, 'secret')} cut out" if cut else ""
        kind = entry.get("kind") or "text"
        runtime.output.line(f"{entry['path']}: indexed as {kind}, {passages}{secrets}{detail}")
        return
    runtime.output.line(f"{entry['path']}: not indexed: {entry.get('reason') or 'unknown'}{detail}")

"""``whykeeper explain``."""

from __future__ import annotations

import os
import re
from pathlib import Path

import click

from whykeeper.commands.options import budget_option, json_option, repo_option
from whykeeper.commands.paths import repository_paths
from whykeeper.commands.runtime import Runtime
from whykeeper_indexers.errors import QueryError

__all__ = ["command"]

_PATH = re.compile(r"(?P<path>.+?)(?P<rest>(?:::|:\d|#L\d).*)?", re.DOTALL)

_HINT = "name a path, path:12-30, a symbol or path::symbol"
_LONGEST = 4_096
"""No system takes a longer path."""


@click.command()
@click.argument("target")
@budget_option
@repo_option
@json_option
@click.pass_obj
def command(runtime: Runtime, target: str, budget: int | None, repo: str | None, as_json: bool) -> None:
    """Say why TARGET is as it is.

    TARGET is a path, lines of it (path:12-30), a symbol, or path::symbol. Shows the decisions and documents
    that name it, the comments that give reasons, and the commits that made it so.
    """
    if not target.strip():
        raise QueryError("TARGET is empty", _HINT)
    if len(target) > _LONGEST or "\0" in target:
        raise QueryError(f"TARGET is no path or symbol: it has {len(target):,} characters", _HINT)
    checkout = runtime.checkout(repo)
    params: dict[str, object] = {"target": _from_root(target, checkout, runtime.cwd)}
    if budget is not None:
        params["budget"] = budget
    answer = runtime.call(checkout, "explain", params)
    output = runtime.output
    if as_json:
        output.json(answer)
        return
    output.line(str(answer.get("summary") or ""), "bold")
    if answer.get("reasons"):
        output.line()
        output.results([_result(each) for each in answer["reasons"]])
    output.notes(answer.get("notes") or [])


def _from_root(target: str, checkout: Path, cwd: Path) -> str:
    """Make a path that is meant from the working directory relative to the root; a symbol stays."""
    found = _PATH.fullmatch(target)
    assert found is not None
    path, rest = found["path"], found["rest"] or ""
    if "/" not in path and not os.path.lexists(cwd / path):
        return target
    (relative,) = repository_paths([path], checkout, cwd)
    return relative + rest


def _result(reason: dict[str, object]) -> dict[str, object]:
    issues = reason.get("issues")
    named = ", ".join(map(str, issues)) if isinstance(issues, list) else ""
    facts = (reason.get("date"), reason.get("author"), named, reason.get("because"))
    return {**reason, "because": " · ".join(str(each) for each in facts if each)}

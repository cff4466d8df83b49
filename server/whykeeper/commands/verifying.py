"""What ``verify`` is asked by its options, and how its answer is shown."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from whykeeper.verification.change_text import commits_params
from whykeeper_indexers.errors import StorageError, UserError

if TYPE_CHECKING:
    from whykeeper.commands.runtime import Runtime

__all__ = [
    "FAIL_ON",
    "FORMATS",
    "change_options",
    "exit_code",
    "params_of",
    "refuse_change",
    "show",
    "show_waived",
    "waiver_options",
    "waiver_params",
]

FORMATS: Final = ("text", "json", "markdown", "sarif", "github")
"""The names of ``reports.REPORTS``, which costs too much to import for a line of help."""
FAIL_ON: Final = ("error", "warning", "never")
FOUND: Final = 1
"""The exit code where something weighs as much as ``--fail-on`` says."""

_Function = TypeVar("_Function", bound=Callable[..., Any])

_CHANGE: Final = (
    click.argument("commits", required=False, metavar="[COMMITS]"),
    click.option("--staged", is_flag=True, help="What is in git's index, and not the working tree."),
    click.option("--patch", metavar="FILE", help="A patch, applied to the base; - reads standard input."),
    click.option("--base", metavar="COMMIT", help="Compare with this commit; default: HEAD."),
    click.option(
        "--since-merge-base",
        "merge_base",
        metavar="BRANCH",
        help="Compare with the commit at which this branch left BRANCH.",
    ),
    click.option("--check", "checks", multiple=True, metavar="NAME", help="Only this one; may be repeated."),
    click.option(
        "--plan", metavar="NAME", help="Hold it against this plan, or none; default: the branch's open one."
    ),
)


_WAIVER: Final = (
    click.option(
        "--waive", "waived", multiple=True, metavar="ID", help="Waive this finding; may be repeated."
    ),
    click.option("--reason", metavar="TEXT", help="Of a waiver: why the project lives with it."),
    click.option(
        "--until",
        type=click.DateTime(["%Y-%m-%d"]),
        metavar="DATE",
        help="Of a waiver: the last day it holds.",
    ),
)


def change_options(command: _Function) -> _Function:
    """Give a command the options that say what is verified; `params_of` reads them."""
    for option in reversed(_CHANGE):
        command = option(command)
    return command


def waiver_options(command: _Function) -> _Function:
    """Give a command the options that make a waiver; `waiver_params` reads them."""
    for option in reversed(_WAIVER):
        command = option(command)
    return command


def params_of(options: Mapping[str, Any], checkout: Path, env: Mapping[str, str]) -> dict[str, Any]:
    """Turn those options into what the daemon is asked.

    Args:
        options: Those of `change_options`.
        checkout: The repository.
        env: The process's environment: while git commits, it names the index that is committed.

    Raises:
        UserError: They exclude one another, or a patch cannot be read.
    """
    source = _source(options)
    if source["kind"] == "index" and (tree := _tree_to_commit(checkout, env)):
        source = {**source, "kind": "range", "head": tree}
    return {**source, "checks": list(options["checks"]), "plan": options["plan"] or ""}


def refuse_change(options: Mapping[str, Any]) -> None:
    """Refuse what names a change or a finding where the history is replayed.

    Raises:
        UserError: Something does.
    """
    if any(options.values()):
        raise UserError(
            "--calibrate replays the history, and takes no change", "leave out all but --yes and --json"
        )


def _tree_to_commit(checkout: Path, env: Mapping[str, str]) -> str:
    """What git is about to commit from another index than its own, as for `git commit -a`; else empty."""
    index = env.get("GIT_INDEX_FILE")
    if not index or (checkout / index).resolve() == (checkout / ".git" / "index").resolve():
        return ""
    from whykeeper_indexers.git import run_git

    variables = {"GIT_INDEX_FILE": str((checkout / index).resolve())}
    return run_git(checkout, ["write-tree"], variables=variables).decode("ascii").strip()


def _source(options: Mapping[str, Any]) -> dict[str, Any]:
    commits, staged, patch = options["commits"], options["staged"], options["patch"]
    base, merge_base = options["base"], options["merge_base"]
    if sum(map(bool, (commits, staged, patch))) > 1:
        raise UserError("COMMITS, --staged and --patch exclude one another", "name one change")
    if commits and (base or merge_base):
        raise UserError("COMMITS says what is compared already", "leave --base and --since-merge-base out")
    if commits:
        return commits_params(commits)
    against = {"base": merge_base or base or "HEAD", "merge_base": merge_base is not None}
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


def show(runtime: Runtime, answer: Mapping[str, Any], form: str, files: Sequence[str]) -> None:
    """Show an answer, and write it into files, each in the form that its ending names.

    Args:
        runtime: The command line's world.
        answer: What the daemon answered.
        form: For standard output, and for files whose ending names none.
        files: Where to write it, too. A form that goes into a file is not printed besides.

    Raises:
        StorageError: A file cannot be written.
    """
    from whykeeper.verification.answer import VerifyAnswer
    from whykeeper.verification.reports import REPORTS, format_of
    from whykeeper.verification.reports.report import summary

    found = VerifyAnswer.model_validate(answer)
    written = {file: format_of(file) or form for file in files}
    for file, name in written.items():
        _write(runtime, file, lambda output, name=name: REPORTS[name](found, output))
    if form in written.values():
        runtime.output.line(summary(found))
    else:
        REPORTS[form](found, runtime.output)


def waiver_params(options: Mapping[str, Any]) -> dict[str, Any] | None:
    """Turn the options of a waiver into what the daemon is asked; None where no waiver is meant.

    Raises:
        UserError: One of the three is missing.
    """
    ids, reason, until = options["waived"], options["reason"], options["until"]
    if not (ids or reason or until):
        return None
    if not (ids and reason and until):
        raise UserError(
            "a waiver needs the finding, the reason and its last day",
            "--waive ID --reason TEXT --until 2026-12-31",
        )
    return {"ids": list(ids), "reason": reason, "until": until.date().isoformat()}


def show_waived(runtime: Runtime, answer: Mapping[str, Any], *, as_json: bool) -> None:
    """Show which waivers were written."""
    if as_json:
        runtime.output.json(answer)
        return
    runtime.output.diff(str(answer["diff"]))
    for item in answer["waived"]:
        runtime.output.line(f"waived {item['id']}: {item['message']}")
    runtime.output.line(f"commit {answer['path']} with the change, so that the reason is reviewed with it")


def _write(runtime: Runtime, file: str, report: Callable[..., None]) -> None:
    from whykeeper.rendering import Output

    try:
        with (runtime.cwd / file).open("w", encoding="utf-8", errors="backslashreplace") as stream:
            report(Output(stream, {**runtime.env, "NO_COLOR": "1"}))
    except OSError as error:
        raise StorageError(f"{file} cannot be written: {error.strerror}") from error


def exit_code(answer: Mapping[str, Any], fail_on: str) -> int:
    """`FOUND` where something weighs as much as asked, else 0."""
    counts = answer.get("counts") or {}
    heavy = {"error": ("error",), "warning": ("error", "warning"), "never": ()}[fail_on]
    return FOUND if any(counts.get(each) for each in heavy) else 0

"""``whykeeper constraints``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import click

from whykeeper.commands.options import json_option, repo_option
from whykeeper.commands.progress import shown_progress
from whykeeper.commands.runtime import Runtime

__all__ = ["command"]

FOUND = 1
"""The exit code where a constraint is broken, or cannot be read."""
_SHOWN = 10
_STYLE = {"error": "bold red", "warning": "yellow", "note": "cyan"}


@click.command()
@click.option("--check", is_flag=True, help="Test them against every file, and show what breaks them.")
@repo_option
@json_option
@click.pass_obj
def command(runtime: Runtime, check: bool, repo: str | None, as_json: bool) -> int:
    """List the constraints that decision records carry.

    Also the decisions in force without any. Exit code 1 where one cannot be read or, with --check, where
    something that breaks one weighs an error.
    """
    checkout = runtime.checkout(repo)
    with shown_progress() as report:
        answer = runtime.call(checkout, "constraints", {"check": check}, report)
    if as_json:
        runtime.output.json(answer)
    else:
        _show(runtime, answer)
    problems = any(each.get("problems") and each.get("binds") for each in answer.get("decisions") or [])
    return FOUND if problems or (answer.get("counts") or {}).get("error") else 0


def _show(runtime: Runtime, answer: Mapping[str, Any]) -> None:
    output = runtime.output
    decisions = answer.get("decisions") or []
    for decision in decisions:
        _show_decision(runtime, decision)
    if not decisions:
        output.line("No decision record carries a constraint.")
    _show_without(runtime, answer.get("without") or [])
    if answer.get("checked"):
        counts = ", ".join(
            f"{count:,} {severity}" for severity, count in (answer.get("counts") or {}).items()
        )
        output.line()
        output.line(f"violations: {counts or 'none'}")
    output.notes(answer.get("notes") or [])


def _show_without(runtime: Runtime, without: Sequence[Mapping[str, Any]]) -> None:
    if not without:
        return
    have = "decision in force has" if len(without) == 1 else "decisions in force have"
    runtime.output.line()
    runtime.output.line(f"{len(without)} {have} none:", "dim")
    for decision in without:
        runtime.output.line(f"   {decision['path']}  {decision['title']}", "dim")


def _show_decision(runtime: Runtime, decision: Mapping[str, Any]) -> None:
    output = runtime.output
    binds = "" if decision.get("binds") else f"  ({decision.get('status') or 'not in force'}: binds nobody)"
    output.line(f"{decision['path']}  {decision['title']}{binds}")
    for problem in decision.get("problems") or []:
        output.line(f"   line {problem['line']}: {problem['message']}", "bold red")
    for constraint in decision.get("constraints") or []:
        _show_constraint(runtime, constraint)


def _show_constraint(runtime: Runtime, constraint: Mapping[str, Any]) -> None:
    output = runtime.output
    violations = constraint.get("violations")
    counted = "" if violations is None else f"  [{_counted(violations)}]"
    style = _STYLE.get(str(constraint.get("severity")), "") if violations else ""
    start = constraint["lines"][0]
    output.line(f"   line {start}: {constraint['kind']}: {constraint['says']}{counted}", style)
    for glob in constraint.get("idle") or []:
        output.line(f"      {glob} matches no file", "yellow")
    places = constraint.get("places") or []
    for place in places[:_SHOWN]:
        where = f"{place['path']}:{place['line']}" if place.get("line") else place["path"]
        output.line(f"      {place['severity']}  {where}  {place['message']}")
    if violations and violations > _SHOWN:
        output.line(f"      and {violations - min(_SHOWN, len(places))} more", "dim")


def _counted(violations: int) -> str:
    if not violations:
        return "kept"
    return "1 violation" if violations == 1 else f"{violations:,} violations"

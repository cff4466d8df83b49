"""``verify --calibrate``: what history shows, and the settings that follow from it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from whykeeper.commands.progress import shown_progress
from whykeeper.commands.runtime import Runtime

__all__ = ["show_calibration"]

_SHA_SHOWN = 10


def show_calibration(runtime: Runtime, checkout: Path, *, yes: bool, as_json: bool) -> None:
    """Replay history, show what is proposed, and write it where a person agrees.

    Args:
        runtime: The command line's world.
        checkout: The repository.
        yes: Don't ask.
        as_json: Print one object; then nothing is written without ``yes``.
    """
    with shown_progress() as report:
        found = runtime.call(checkout, "calibrate", {}, report)
    severities = found.get("severities") or {}
    if not as_json:
        _show(runtime, found)
    edit = _edited(runtime, checkout, severities, write=False) if severities else {"diff": "", "path": ""}
    if not as_json and edit["diff"]:
        runtime.output.line()
        runtime.output.diff(str(edit["diff"]))
    agreed = bool(edit["diff"]) and (yes or (not as_json and _agreed(runtime, str(edit["path"]))))
    if agreed:
        edit = _edited(runtime, checkout, severities, write=True)
    if as_json:
        runtime.output.json({**found, "path": edit["path"], "diff": edit["diff"], "written": agreed})
    elif agreed:
        runtime.output.line(f"wrote {edit['path']}: commit it, so that everybody has the same weights")


def _agreed(runtime: Runtime, path: str) -> bool:
    if runtime.can_ask:
        return runtime.confirm(f"Write this to {path}?", yes=False)
    runtime.output.line("nothing was written: add these lines, or call again with --yes")
    return False


def _edited(
    runtime: Runtime, checkout: Path, severities: Mapping[str, str], *, write: bool
) -> dict[str, Any]:
    return runtime.call(checkout, "set_severities", {"severities": dict(severities), "write": write})


def _show(runtime: Runtime, found: Mapping[str, Any]) -> None:
    output, rules = runtime.output, found.get("rules") or []
    output.line(f"{found['commits']:,} commits replayed, each against its parent", "bold")
    width = max((len(rate["rule"]) for rate in rules), default=0)
    for rate in rules:
        seen = f"on {rate['commits']:,} ({rate['share']:.1%}), such as {rate['sample'][:_SHA_SHOWN]}"
        output.line(f"   {rate['rule']:<{width}}  {rate['severity']:<7}  {seen}")
        if rate.get("proposed"):
            output.line(f"      -> {rate['proposed']}: {rate['because']}", "yellow")
    if not rules:
        output.line("   no rule fired on any of them", "green")
    times = ", ".join(f"{each['check']} {each['median_ms']:,.0f} ms" for each in found.get("checks") or [])
    if times:
        output.line(f"checks, in the middle of all commits: {times}", "dim")
    if rules and not found.get("severities"):
        output.line("nothing fires more often than it should: the weights can stay as they are", "green")
    output.notes(found.get("notes") or [])

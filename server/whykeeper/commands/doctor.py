"""``whykeeper doctor``."""

from __future__ import annotations

import json

import click

from whykeeper.commands.options import json_option, repo_option
from whykeeper.commands.runtime import Runtime
from whykeeper.error_border import DONE, FINDING

__all__ = ["command"]


@click.command()
@repo_option
@json_option
@click.pass_obj
def command(runtime: Runtime, repo: str | None, as_json: bool) -> int:
    """Check that everything is in order, setting by setting.

    Shows each setting and where it comes from. Works outside a repository and without the daemon.
    Exits with 1 when a check failed.
    """
    from whykeeper.commands.diagnosis import configuration_values, diagnose

    checkout, _ = runtime.find_checkout(repo)
    checks = diagnose(runtime, checkout)
    values = configuration_values(runtime, checkout)
    failed = any(check.status == "fail" for check in checks)
    output = runtime.output
    if as_json:
        found = [
            {"name": check.name, "status": check.status, "detail": check.detail, "hint": check.hint}
            for check in checks
        ]
        output.json({"ok": not failed, "checks": found, "configuration": values})
        return FINDING if failed else DONE
    for check in checks:
        output.check(check.status, check.name, check.detail, check.hint)
    output.line()
    output.line("Settings:", "bold")
    for name, entry in values.items():
        style = "dim" if entry["origin"] == "default" else ""
        value = json.dumps(entry["value"], ensure_ascii=False)
        output.line(f"  {name} = {value}  ({entry['origin']})", style)
    return FINDING if failed else DONE

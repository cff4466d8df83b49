"""mcporter, which calls MCP tools from a shell."""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks.clients.node import NODE, run, versioned
from benchmarks.clients.outcome import TOOLS, Outcome, check, failed
from benchmarks.clients.subject import Subject
from benchmarks.npm import install
from benchmarks.sandbox import Sandbox

__all__ = ["drive"]

PACKAGE = "mcporter"
ERA = "its own choice"


def drive(subject: Subject) -> list[Outcome]:
    """List the tools and call each of them."""
    home = subject.home
    programs = install(subject.npm, [PACKAGE, NODE])
    name = versioned(subject.npm, PACKAGE)
    program, *arguments = home.serve(subject.repo)
    config = home.folder / "mcporter.json"
    servers = {"whykeeper": {"command": program, "args": arguments}}
    config.write_text(json.dumps({"mcpServers": servers, "imports": []}), encoding="utf-8")
    start = [str(programs / "mcporter"), "--config", str(config)]
    outcomes = [_list([*start, "list", "whykeeper", "--schema", "--json"], home, programs, name)]
    for tool, wanted in subject.calls.items():
        command = [*start, "call", f"whykeeper.{tool}", "--args", json.dumps(wanted), "--output", "raw"]
        outcomes.append(_call(command, home, programs, name, tool))
    return outcomes


def _list(command: list[str], home: Sandbox, programs: Path, name: str) -> Outcome:
    what = "list --schema"
    done = run(command, home, programs)
    if done.returncode != 0:
        return failed(name, ERA, what, f"exit {done.returncode}: {done.stderr[-200:]}")
    tools = [tool["name"] for tool in json.loads(done.stdout)["tools"]]
    return check(name, ERA, what, sorted(tools) == sorted(TOOLS), ", ".join(tools))


def _call(command: list[str], home: Sandbox, programs: Path, name: str, tool: str) -> Outcome:
    what = f"call {tool}"
    done = run(command, home, programs)
    # It exits with 0 on a tool's error too.
    holds = done.returncode == 0 and "structuredContent" in done.stdout and "isError: true" not in done.stdout
    return check(name, ERA, what, holds, "" if holds else (done.stdout + done.stderr)[-200:])
